"""The days of announcements: when each goes or went, and the last day on which it holds."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.announcements.announcement import DELETED, UNDER_WAY
from services.clock import VIETNAM, day_of
from services.storage.models import Announcement

_OUT = ("done", "failed")
_VALID = ("draft", "approved", *UNDER_WAY, "done")


@dataclass(frozen=True)
class DayOfAnnouncement:
    """What a day is to one announcement."""

    day: date
    kind: Literal["due", "going", "sent", "ends"]
    """It is to begin; it is on its way since; it has ended; it holds for the last day."""
    announcement: Announcement
    at: datetime | None = None

    @property
    def clock(self) -> str:
        """The hour in Việt Nam; nothing where it is of the whole day."""
        return f"{self.at.astimezone(VIETNAM):%H:%M}" if self.at else ""


async def of_days(session: AsyncSession, first: date, after: date) -> list[DayOfAnnouncement]:
    """Return what happens from a day on until before another, in its order."""
    begins, ends = (datetime.combine(day, time(), VIETNAM) for day in (first, after))
    moments = (Announcement.starts_at, Announcement.queued_at, Announcement.finished_at)
    falls = [and_(moment >= begins, moment < ends) for moment in moments]
    last = and_(Announcement.valid_until >= first, Announcement.valid_until < after)
    query = select(Announcement).where(Announcement.state != DELETED, or_(*falls, last))
    found = [
        event
        for announcement in await session.scalars(query.order_by(Announcement.id))
        for event in _events(announcement)
        if first <= event.day <= after - timedelta(days=1)
    ]
    return sorted(found, key=lambda event: (event.day, event.at is None, event.at or begins))


def _events(announcement: Announcement) -> list[DayOfAnnouncement]:
    found: list[DayOfAnnouncement] = []
    state, due, since = announcement.state, announcement.starts_at, announcement.queued_at
    ended, until = announcement.finished_at, announcement.valid_until
    if state in UNDER_WAY and due:
        found.append(DayOfAnnouncement(day_of(due), "due", announcement, due))
    elif state in UNDER_WAY and since:
        found.append(DayOfAnnouncement(day_of(since), "going", announcement, since))
    elif state in _OUT and ended:
        found.append(DayOfAnnouncement(day_of(ended), "sent", announcement, ended))
    if until and state in _VALID:
        found.append(DayOfAnnouncement(until, "ends", announcement))
    return found
