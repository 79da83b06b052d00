"""The deliveries of an announcement: made all at once, counted by what became of them."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import exists, func, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.announcements.audience import RECIPIENT, Audience, standing
from services.storage.models import Announcement, Delivery, Person

BATCH = 100
"""Recipients in one job: about four seconds at the usual rate."""
OPEN = ("pending", "sending")
ANSWERED = ("sent", "failed")
STATES = ("pending", "sending", "sent", "failed", "stopped", "uncertain", "cancelled")


async def fill(
    session: AsyncSession, announcement: Announcement, channels: Iterable[str], now: datetime
) -> None:
    """Make a delivery for each recipient who has none yet."""
    audience = Audience.stored(announcement.audience)
    known = exists().where(Delivery.announcement_id == announcement.id, Delivery.who == Person.who)
    place = (func.row_number().over(order_by=Person.id) - 1) // BATCH
    recipients = select(
        literal(announcement.id),
        Person.id,
        Person.who,
        place,
        literal("pending"),
        literal(""),
    ).where(
        audience.meant(now),
        standing(audience, announcement.topic, channels) == RECIPIENT,
        ~known,
    )
    columns = ["announcement_id", "person_id", "who", "batch", "state", "reason"]
    await session.execute(insert(Delivery).from_select(columns, recipients))


async def tally(session: AsyncSession, announcement_id: int) -> dict[str, int]:
    """Count the deliveries of an announcement by state; every state is there."""
    query = (
        select(Delivery.state, func.count())
        .where(Delivery.announcement_id == announcement_id)
        .group_by(Delivery.state)
    )
    found = {row[0]: row[1] for row in await session.execute(query)}
    return {state: found.get(state, 0) for state in STATES}


async def reasons(session: AsyncSession, announcement_id: int) -> dict[str, dict[str, int]]:
    """Count those that were not sent by state and reason."""
    query = (
        select(Delivery.state, Delivery.reason, func.count())
        .where(Delivery.announcement_id == announcement_id, Delivery.reason != "")
        .group_by(Delivery.state, Delivery.reason)
        .order_by(Delivery.state, Delivery.reason)
    )
    counted: dict[str, dict[str, int]] = {}
    for state, reason, number in await session.execute(query):
        counted.setdefault(state, {})[reason] = number
    return counted


async def was_answered(session: AsyncSession, announcement_id: int) -> bool:
    """Say whether the channel ever said yes or no to a whole letter of an announcement.

    One whose fate is unknown says nothing about the next.
    """
    answered = exists().where(
        Delivery.announcement_id == announcement_id, Delivery.state.in_(ANSWERED)
    )
    return bool(await session.scalar(select(answered)))


async def open_batches(session: AsyncSession, announcement_id: int, most: int) -> list[int]:
    """Return the first batches in which something is still open."""
    query = (
        select(Delivery.batch)
        .where(Delivery.announcement_id == announcement_id, Delivery.state.in_(OPEN))
        .distinct()
        .order_by(Delivery.batch)
        .limit(most)
    )
    return list(await session.scalars(query))


async def cancel(session: AsyncSession, announcement_id: int) -> None:
    """Give up all that wait; what is under way ends by itself."""
    waiting = (Delivery.announcement_id == announcement_id, Delivery.state == "pending")
    await session.execute(update(Delivery).where(*waiting).values(state="cancelled"))
