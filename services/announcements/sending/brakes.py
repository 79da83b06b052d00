"""Brakes: what ends or pauses a sending by itself, and says why to staff."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from services.announcements import deliveries
from services.announcements.announcement import GOING
from services.errors import AnnouncementError
from services.staff import audit
from services.storage.models import Announcement

ENOUGH = 50
"""Attempts before a share of failures says anything."""


class _Move(NamedTuple):
    name: str
    states: tuple[str, ...]
    """The states it is made from."""
    ends: bool


_MOVES = {
    "paused": _Move("pause", GOING, ends=False),
    "failed": _Move("halt", ("sending",), ends=True),
    "done": _Move("done", ("sending",), ends=True),
}
"""What brakes do, by the state it leads to."""


async def halt(
    session: AsyncSession, number: int, problem: AnnouncementError, now: datetime
) -> None:
    """End for good an announcement that the channel refuses; nobody else gets it."""
    if await _moved(session, number, now, "failed", str(problem)):
        await deliveries.cancel(session, number)


async def pause(
    session: AsyncSession, number: int, problem: AnnouncementError, now: datetime
) -> None:
    """Pause an announcement until staff resume it, whatever else its row holds."""
    await _moved(session, number, now, "paused", str(problem))


async def judge(session: AsyncSession, number: int, share: float, now: datetime) -> None:
    """Pause when more than a share of the attempts failed or is in doubt; who is gone is none.

    What is in doubt counts: a fault that leaves everybody's letter so must not go through the list.
    """
    counted = await deliveries.tally(session, number)
    bad = counted["failed"] + counted["uncertain"]
    tried = counted["sent"] + bad
    if tried >= ENOUGH and bad > share * tried:
        problem = AnnouncementError("announcement_failing", bad=bad, tried=tried)
        await pause(session, number, problem, now)


async def finish(session: AsyncSession, number: int, now: datetime) -> None:
    """Note that everybody had their turn."""
    await _moved(session, number, now, "done", "")


async def _moved(
    session: AsyncSession, number: int, now: datetime, state: str, reason: str
) -> bool:
    """Change the state of an announcement that is on its way; say whether it was.

    The row is not read: one that can't be read must be paused as well.
    """
    move = _MOVES[state]
    mine = (Announcement.id == number, Announcement.state.in_(move.states))
    finished = now if move.ends else None
    values = {"state": state, "reason": reason, "finished_at": finished}
    query = update(Announcement).where(*mine).values(values).returning(Announcement.id)
    if (await session.execute(query)).first() is None:
        return False
    audit.note(session, now, audit.SYSTEM, f"announce.{move.name}", f"announcement {number}")
    return True
