"""A rehearsal: everything that sending would do, but for the sending."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.announcements import approval
from services.announcements.announcer import Announcer
from services.announcements.audience import RECIPIENT, Audience, standing
from services.announcements.letter import Reader
from services.announcements.quiet import Quiet
from services.storage.models import Announcement, Person

_TOGETHER = 1000


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
    faults: tuple[str, ...]
    approved: bool
    """Whether another person has approved exactly this."""

    def as_json(self) -> dict[str, Any]:
        """Return it for a machine."""
        moments = {"starts_at": str(self.starts_at), "ends_at": str(self.ends_at)}
        return vars(self) | moments | {"faults": list(self.faults)}


async def rehearse(
    session: AsyncSession, announcer: Announcer, said: Announcement, rate: float, quiet: Quiet
) -> Rehearsal:
    """Write every recipient's letter and check it by its channel's rules; nothing is sent."""
    people = await announcer.count(session, said)
    faults = announcer.faults(said)
    parts, refused = (0, []) if faults else await _write_all(session, announcer, said)
    now = announcer.now()
    seconds = parts / rate if rate else 0.0
    given = await approval.last(session, said)
    return Rehearsal(
        total=people.total,
        parts=parts,
        left_out=people.left_out,
        seconds=round(seconds, 1),
        starts_at=quiet.ends_after(now) or now,
        ends_at=quiet.finish(now, seconds),
        held=quiet.ends_after(now) is not None,
        faults=(*faults, *refused),
        approved=given is not None and given.hash == approval.fingerprint(said),
    )


async def _write_all(
    session: AsyncSession, announcer: Announcer, said: Announcement
) -> tuple[int, list[str]]:
    """Return how many messages there are, and what is refused of any, each fault once."""
    writer, audience = announcer.writer(said), Audience.model_validate(said.audience)
    stands = standing(audience, said.topic, announcer.forms) == RECIPIENT
    query = select(Person.channel, Person.name, Person.place, Person.role)
    meant = query.where(audience.meant(announcer.now()), stands)
    rows = await session.stream(meant.execution_options(yield_per=_TOGETHER))
    parts, faults = 0, dict[str, None]()
    async for channel, name, place, role in rows:
        letter, form = writer.letter(Reader(name, place, role)), announcer.forms[channel]
        parts += len(form.parts(letter))
        faults |= dict.fromkeys(form.faults(letter))
    return parts, list(faults)
