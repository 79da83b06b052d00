"""The dispatcher: begins what is due, keeps some jobs ahead of the workers, ends what is done.

It looks at the deliveries alone: whatever dies, the next look finds what is left to do.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from cachetools import TTLCache
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.announcements import deliveries
from services.announcements.sending import brakes
from services.announcements.sending.sender import Sender
from services.errors import AnnouncementError
from services.storage.models import Announcement

AHEAD = 8
"""Jobs of one announcement that are given out at a time."""

_GIVEN_FOR = 1.0
"""Seconds before a job whose batch is open still is given out again."""
_LAPSED = (
    "Hạn của thông báo đã qua khi chưa gửi xong nên tự tạm dừng; hủy phần còn lại nếu hết cần."
)

Enqueue = Callable[[int, int], Awaitable[None]]
"""Gives out the job of an announcement's batch, unless it is given out already."""


@dataclass(frozen=True)
class Dispatcher:
    """Gives out jobs."""

    sender: Sender
    enqueue: Enqueue
    _given: TTLCache[tuple[int, int], bool] = field(
        default_factory=lambda: TTLCache(1000, _GIVEN_FOR), init=False
    )
    """Jobs that were given out a moment ago: whoever does them may take a while."""

    async def look(self) -> None:
        """Do once what there is to do."""
        if self.sender.resting:
            return
        for number in await self._due():
            await self._begin(number)
        for number in await self._numbers("sending"):
            await self._give_out(number)

    async def _due(self) -> list[int]:
        now = self.sender.now()
        due = or_(Announcement.starts_at.is_(None), Announcement.starts_at <= now)
        return await self._numbers("queued", due)

    async def _numbers(self, state: str, *more: ColumnElement[bool]) -> list[int]:
        query = select(Announcement.id).where(Announcement.state == state, *more)
        async with self.sender.sessions() as session:
            return list(await session.scalars(query.order_by(Announcement.queued_at)))

    async def _begin(self, number: int) -> None:
        announcer = self.sender.announcer
        async with self.sender.sessions.begin() as session:
            said = await announcer.find(session, number)
            try:
                await announcer.begin(session, said)
            except AnnouncementError as error:
                await self._refuse(session, said, str(error))

    async def _refuse(self, session: AsyncSession, said: Announcement, why: str) -> None:
        """Hold what may not begin: staff see why, and approve again."""
        await self.sender.announcer.move(session, said, ("queued",), "draft")
        said.reason = why

    async def _give_out(self, number: int) -> None:
        async with self.sender.sessions.begin() as session:
            said = await self.sender.announcer.find(session, number)
            batches = await deliveries.open_batches(session, number, AHEAD)
            tried = await deliveries.was_tried(session, number)
            if not batches:
                await brakes.finish(session, number, self.sender.now())
            elif self.sender.announcer.has_lapsed(said):
                await brakes.pause(session, number, _LAPSED, self.sender.now())
                return
        for batch in batches if tried else batches[:1]:
            if (number, batch) not in self._given:
                self._given[number, batch] = True
                await self.enqueue(number, batch)
