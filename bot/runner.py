"""The runner: the one way for every message, whatever the face.

A face says what came (a visit) and who is to react to it (a handler); the runner has it wait for
its turn, gives it a session, and writes what it left there together with the message's receipt.
Nothing of the database is held by whoever speaks to a channel.
"""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from functools import partial
from typing import TypeAlias, TypeVar

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.limits import MessageLimit
from bot.questions import answer
from services.bootstrap import Services
from services.conversation.question import Channel, Question
from services.conversation.state import TurnResult
from services.storage.batch_writer import nothing

_log = structlog.get_logger()

V = TypeVar("V")
R = TypeVar("R")
Handler: TypeAlias = Callable[[V, AsyncSession, Services], Awaitable[R]]
"""Reacts to a visit; it changes rows in the session, and commits nothing."""
Receipt: TypeAlias = Callable[[R, AsyncSession], Awaitable[None]]
"""Writes that a message was reacted to so, in the transaction that keeps the rest."""


@dataclass(frozen=True)
class Runner:
    """Runs handlers: side by side, those of one conversation in the order their messages came."""

    services: Services
    limit: MessageLimit = field(default_factory=MessageLimit)

    def turn(self, channel: Channel, conversation: str) -> AbstractAsyncContextManager[None]:
        """Wait for a conversation's turn and have it for the block, what is said included."""
        return self.services.lines.turn(channel, conversation)

    async def react(self, visit: V, handler: Handler[V, R], receipt: Receipt[R] | None = None) -> R:
        """Run a handler within its turn; what it did is kept when this returns, or nothing is.

        Raises what the handler raises, and `SQLAlchemyError` when it could not be kept.
        """
        async with self.services.sessions() as session:
            reaction = await handler(visit, session, self.services)
            work = partial(receipt, reaction) if receipt else nothing
            await self.services.writer.write(session, work)
        return reaction

    async def ask(self, question: Question) -> TurnResult:
        """Answer a question of a channel that is its own receipt: a page, a script, a terminal.

        A turn that can't be kept must not take the answer away.
        """
        async with (
            self.turn(question.channel, question.conversation),
            self.services.sessions() as session,
        ):
            answered = await answer(question, session, self.services)
            try:
                await self.services.writer.write(session, nothing)
            except SQLAlchemyError as error:
                _log.exception("turn.lost", reason=type(error).__name__)
        return answered
