"""A rehearsal: everything that sending would do, but for the sending."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.announcements import approval
from services.announcements.checks import Inspector
from services.announcements.letter import Reader
from services.announcements.quiet import Quiet
from services.clock import day_of, iso
from services.errors import AnnouncementError
from services.storage.models import Announcement, Person

_TOGETHER = 1000
_AT_A_TIME = 5
"""Letters until others have their turn: a rehearsal in the bot's process may delay no reply."""


@dataclass(frozen=True)
class Rehearsal:
    """What would happen if it were sent now."""

    total: int
    parts: int
    """Messages to all recipients together."""
    left_out: dict[str, int]
    seconds: float
    """At the set rate, quiet hours not counted; 0 when the rate is 0."""
    starts_at: datetime
    ends_at: datetime
    """Quiet hours counted."""
    held: bool
    """Whether quiet hours hold now."""
    late: bool
    """Whether it ends after the announcement's last day."""
    faults: tuple[AnnouncementError, ...]
    notices: tuple[str, ...]
    approved: bool
    """Whether another person has approved exactly this."""
    hash: str
    """Of what was rehearsed, as an approval names it."""

    def as_json(self) -> dict[str, Any]:
        """Return it for a machine, times as in Việt Nam."""
        written = {"starts_at": iso(self.starts_at), "ends_at": iso(self.ends_at)}
        lists = {"faults": list(map(str, self.faults)), "notices": list(self.notices)}
        return vars(self) | written | lists


async def rehearse(
    session: AsyncSession,
    inspector: Inspector,
    announcement: Announcement,
    rate: float,
    quiet: Quiet,
) -> Rehearsal:
    """Write every recipient's letter and check it by its channel's rules; nothing is sent."""
    found = await inspector.inspect(session, announcement)
    parts, refused = 0, list[AnnouncementError]()
    if not found.faults:
        parts, refused = await _write_all(session, inspector, announcement)
    now = inspector.now()
    seconds = parts / rate if rate else 0.0
    ends_at = quiet.finish(now, seconds)
    given, shown = await approval.last(session, announcement), approval.fingerprint(announcement)
    until = announcement.valid_until
    return Rehearsal(
        total=found.people.total,
        parts=parts,
        left_out=found.people.left_out,
        seconds=round(seconds, 1),
        starts_at=quiet.ends_after(now) or now,
        ends_at=ends_at,
        held=quiet.ends_after(now) is not None,
        late=until is not None and day_of(ends_at) > until,
        faults=(*found.faults, *refused),
        notices=found.notices,
        approved=given is not None and given.hash == shown,
        hash=shown,
    )


async def _write_all(
    session: AsyncSession, inspector: Inspector, announcement: Announcement
) -> tuple[int, list[AnnouncementError]]:
    """Return how many messages there are, and what is refused of any, each fault once."""
    writer = inspector.writer(announcement)
    query = select(Person.channel, Person.name, Person.place, Person.role)
    meant = query.where(*inspector.receiving(announcement))
    rows = await session.stream(meant.execution_options(yield_per=_TOGETHER))
    parts, faults = 0, dict[str, None]()
    async for channel, name, place, role in rows:
        if parts % _AT_A_TIME == 0:
            await asyncio.sleep(0)
        letter, form = writer.letter(Reader(name, place, role)), inspector.forms[channel]
        parts += len(form.parts(letter))
        faults |= dict.fromkeys(form.faults(letter))
    return parts, [AnnouncementError(fault) for fault in faults]
