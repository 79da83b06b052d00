"""The desk: where what a guest posts is written, one after another."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request

from bot.limits import FILLING, Bound, Quota
from bot.runner import Runner
from bot.web.callers import Callers
from bot.web.chat import CHANNEL
from bot.web.guests import Guest
from bot.web.refusal import require_room
from bot.web.shield import refuse_foreign
from services.storage.session import claim


@dataclass(frozen=True)
class GuestDesk:
    """Writes for guests of all pages of tools, and counts how much each caller posts there."""

    runner: Runner
    callers: Callers
    quota: Quota = field(default_factory=Quota)

    @asynccontextmanager
    async def writing(
        self, request: Request, guest: Guest, bound: Bound = FILLING
    ) -> AsyncIterator[AsyncSession]:
        """Give a session that writes, in the conversation's turn.

        Raises:
            RefusedError: another site sent the form (403), or there are too many (429).

        """
        refuse_foreign(request, self.callers)
        self.require_room(request, bound)
        async with (
            self.runner.turn(CHANNEL, guest.conversation),
            self.runner.services.sessions.begin() as session,
        ):
            await claim(session)
            yield session

    def require_room(self, request: Request, bound: Bound) -> None:
        """Count one of a kind; raises `RefusedError` (429) where there are too many."""
        require_room(self.quota, bound, self.callers.of(request))
