"""Brakes: what ends or pauses a sending by itself, and says why to staff."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.announcements import deliveries
from services.announcements.announcer import Announcer
from services.staff import audit
from services.storage.models import Announcement

ENOUGH = 50
"""Attempts before a share of failures says anything."""


async def halt(session: AsyncSession, number: int, reason: str, now: datetime) -> None:
    """End for good an announcement that the channel refuses; nobody else gets it."""
    said = await _moved(session, number, "failed", reason)
    if said is None:
        return
    said.finished_at = now
    await deliveries.cancel(session, number)
    audit.note(session, now, audit.SYSTEM, "announce.halt", f"announcement {number}")


async def pause(session: AsyncSession, number: int, reason: str, now: datetime) -> None:
    """Pause an announcement until staff resume it."""
    if await _moved(session, number, "paused", reason):
        audit.note(session, now, audit.SYSTEM, "announce.pause", f"announcement {number}")


async def judge(session: AsyncSession, number: int, share: float, now: datetime) -> None:
    """Pause when more than a share of the attempts failed; who is gone is no attempt."""
    counted = await deliveries.tally(session, number)
    tried = counted["sent"] + counted["failed"]
    if tried < ENOUGH or counted["failed"] <= share * tried:
        return
    reason = f"{counted['failed']} trên {tried} lần gửi bị lỗi nên tự tạm dừng; xem báo cáo."
    await pause(session, number, reason, now)


async def finish(session: AsyncSession, number: int, now: datetime) -> bool:
    """Note that everybody had their turn; say whether that is news."""
    said = await _moved(session, number, "done", "")
    if said is None:
        return False
    said.finished_at = now
    audit.note(session, now, audit.SYSTEM, "announce.done", f"announcement {number}")
    return True


async def _moved(
    session: AsyncSession, number: int, state: str, reason: str
) -> Announcement | None:
    """Return an announcement that was being sent, in its new state; None when it was not."""
    said = await session.get(Announcement, number)
    if said is None or not await Announcer.move(session, said, ("sending",), state):
        return None
    said.reason = reason
    return said
