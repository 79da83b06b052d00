"""The edge that every face shares: one question at a time per conversation, committed once said."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from weakref import WeakValueDictionary

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from services.bootstrap import Services
from services.conversation.question import Question
from services.conversation.store import load, save
from services.conversation.turn import TurnResult, turn
from services.storage.pen import Pen
from services.storage.session import Sessions

_log = structlog.get_logger()


@dataclass(frozen=True)
class Served:
    """A question's reply, and the session that keeps its turn."""

    result: TurnResult
    session: AsyncSession


@dataclass
class Desk:
    """Serves questions side by side, those of one conversation in the order they came."""

    services: Services
    sessions: Sessions
    _locks: WeakValueDictionary[tuple[str, str], asyncio.Lock] = field(
        default_factory=WeakValueDictionary
    )
    _pen: Pen = field(init=False)

    def __post_init__(self) -> None:
        """Give all questions one pen."""
        self._pen = Pen(self.sessions)

    @asynccontextmanager
    async def serve(self, question: Question) -> AsyncIterator[Served]:
        """Answer; what is said inside the block is kept when the block ends well."""
        lock = self._locks.setdefault((question.channel, question.conversation), asyncio.Lock())
        async with lock:
            now = self.services.now()
            async with self.sessions() as session:
                stored = await load(session, question, now)
            current = self.services.current
            edition = await current.settled() if question.text else current.edition
            result = await turn(stored.state, question, edition, now)
            async with self.sessions() as session:
                save(session, question, stored, result, now)
                yield Served(result, session)
                await self._keep(session)

    async def ask(self, question: Question) -> TurnResult:
        """Answer a question whose face needs nothing else."""
        async with self.serve(question) as served:
            return served.result

    async def _keep(self, session: AsyncSession) -> None:
        """Write; a turn that can't be logged must not take the answer away."""
        try:
            await self._pen.keep(session)
        except SQLAlchemyError as error:
            _log.exception("turn.lost", reason=type(error).__name__)
