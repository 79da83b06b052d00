"""The dispatcher: begins what is due, keeps some jobs ahead of the workers, ends what is done.

It looks at the deliveries alone: whatever dies, the next look finds what is left to do.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import structlog
from cachetools import TTLCache
from sqlalchemy import ColumnElement, or_, select

from services.announcements import deliveries
from services.announcements.sending import brakes
from services.announcements.sending.batch_sender import BatchSender
from services.errors import AnnouncementError, HtxError
from services.staff import audit, stops
from services.storage.models import Announcement
from services.storage.session import AWAY

_log = structlog.get_logger()

AHEAD = 8
"""Jobs of one announcement that are given out at a time."""

_GIVEN_FOR = 1.0
"""Seconds before a job whose batch is open still is given out again."""

Enqueue = Callable[[int, int], Awaitable[None]]
"""Gives out the job of an announcement's batch, unless it is given out already."""


@dataclass(frozen=True)
class Dispatcher:
    """Gives out jobs."""

    sender: BatchSender
    enqueue: Enqueue
    _given: TTLCache[tuple[int, int], bool] = field(
        default_factory=lambda: TTLCache(1000, _GIVEN_FOR), init=False
    )
    """Jobs that were given out a moment ago: whoever does them may take a while."""

    async def look(self) -> None:
        """Do once what there is to do.

        Raises:
            SQLAlchemyError: the database is away; the next look may find it back.

        """
        async with self.sender.sessions() as session:
            self.sender.stopped = await stops.find(session, "sending") is not None
        if self.sender.closing or self.sender.stopped:
            return
        now = self.sender.now()
        awake = (Announcement.urgent,) if self.sender.is_night else ()
        due = or_(Announcement.starts_at.is_(None), Announcement.starts_at <= now)
        for number in await self._numbers("queued", due, *awake):
            await self._alone(self._begin, number)
        for number in await self._numbers("sending", *awake):
            await self._alone(self._give_out, number)

    async def _numbers(self, state: str, *more: ColumnElement[bool]) -> list[int]:
        query = select(Announcement.id).where(Announcement.state == state, *more)
        async with self.sender.sessions() as session:
            return list(await session.scalars(query.order_by(Announcement.queued_at)))

    async def _alone(self, step: Callable[[int], Awaitable[None]], number: int) -> None:
        """Take a step with one announcement; what breaks in it pauses that one alone."""
        try:
            await step(number)
        except AWAY:
            raise  # not this announcement's fault
        except Exception as error:  # noqa: BLE001  # because the announcements of others must go on
            why = type(error).__name__
            _log.exception("announcement.paused", number=number, reason=why)
            await self.sender.pause(number, AnnouncementError("announcement_unforeseen", why=why))

    async def _begin(self, number: int) -> None:
        """Begin what is due; what may not begin is held, and approved again once staff saw why."""
        announcer = self.sender.announcer
        async with self.sender.sessions.begin() as session:
            announcement = await announcer.find(session, number)
            try:
                approved = await self.sender.announcer_at(announcement.edition)
            except AnnouncementError as problem:
                await brakes.pause(session, number, problem, self.sender.now())
                return
            try:
                await approved.begin(session, announcement)
            except HtxError as error:
                await announcer.move(session, announcement, ("queued",), "draft")
                announcement.reason = str(error)
                about = f"announcement {number}"
                audit.note(session, self.sender.now(), audit.SYSTEM, "announce.hold", about)

    async def _give_out(self, number: int) -> None:
        async with self.sender.sessions.begin() as session:
            announcement = await self.sender.announcer.find(session, number)
            batches = await deliveries.open_batches(session, number, AHEAD)
            answered = await deliveries.was_answered(session, number)
            if not batches:
                await brakes.finish(session, number, self.sender.now())
            elif self.sender.announcer.has_lapsed(announcement):
                problem = AnnouncementError("announcement_lapsed_midway")
                await brakes.pause(session, number, problem, self.sender.now())
                return
        # Until it is known whether the channel takes the text, one batch alone tries it.
        for batch in batches if answered else batches[:1]:
            if (number, batch) not in self._given:
                self._given[number, batch] = True
                await self.enqueue(number, batch)
