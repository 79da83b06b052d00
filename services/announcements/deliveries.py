"""The deliveries of an announcement: made all at once, for whom they are, what became of them."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, exists, func, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.people import person as people
from services.people.person import Identity, Stop
from services.storage.models import Announcement, Delivery, Person

BATCH = 100
"""Recipients in one job: about four seconds at the usual rate."""
OPEN = ("pending", "sending")
ANSWERED = ("sent", "failed")
STATES = ("pending", "sending", "sent", "failed", "stopped", "uncertain", "cancelled")


class Recipient(NamedTuple):
    """Whom a delivery is for, as known when its batch begins."""

    delivery: int
    channel: str
    chat: str
    name: str
    place: str | None
    role: str | None
    parts_sent: int
    """How many messages of the letter are out."""


async def fill(
    session: AsyncSession, announcement: Announcement, receiving: Iterable[ColumnElement[bool]]
) -> None:
    """Make a delivery for each person who receives it and has none yet."""
    known = exists().where(Delivery.announcement_id == announcement.id, Delivery.who == Person.who)
    place = (func.row_number().over(order_by=Person.id) - 1) // BATCH
    recipients = select(
        literal(announcement.id),
        Person.id,
        Person.who,
        place,
        literal("pending"),
        literal(""),
    ).where(*receiving, ~known)
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


async def waiting(session: AsyncSession, number: int, batch: int) -> list[Recipient]:
    """Return who waits in a batch, some perhaps with a part of their letter out."""
    query = (
        select(
            Delivery.id,
            Person.channel,
            Person.chat,
            Person.name,
            Person.place,
            Person.role,
            Delivery.parts_sent,
        )
        .join(Person, Person.id == Delivery.person_id)
        .where(
            Delivery.announcement_id == number, Delivery.batch == batch, Delivery.state == "pending"
        )
        .order_by(Delivery.id)
    )
    return [Recipient(*row) for row in await session.execute(query)]


async def settle(session: AsyncSession, number: int, batch: int, now: datetime) -> bool:
    """Close what an earlier life of this job left; return whether anything is in doubt by that.

    What it had under way is uncertain. Whoever was erased while their letter was under way, and
    then put off, is stopped: nobody could be found for that row any more, it would wait for ever.
    """
    mine = (Delivery.announcement_id == number, Delivery.batch == batch)
    lost = update(Delivery).where(*mine, Delivery.state == "sending")
    closed = lost.values(state="uncertain", reason="interrupted", at=now).returning(Delivery.id)
    in_doubt = (await session.execute(closed)).first() is not None
    erased = update(Delivery).where(
        *mine, Delivery.state == "pending", Delivery.person_id.is_(None)
    )
    await session.execute(erased.values(state="stopped", reason="erased", at=now))
    return in_doubt


async def move_recipient(
    session: AsyncSession, to: Recipient, chat: str, identity: Identity, now: datetime
) -> Recipient:
    """Note that a chat has a new id; return the recipient there.

    Who is known there already has a letter, or a no, of their own: nothing reaches the old id.
    """
    if await people.find(session, to.channel, chat) is not None:
        await stop_recipient(session, to, "not_found", now)
        return to
    who = identity.of(to.channel, chat)
    moved = (Person.channel == to.channel, Person.chat == to.chat)
    await session.execute(update(Person).where(*moved).values(chat=chat, who=who))
    return to._replace(chat=chat)


async def stop_recipient(session: AsyncSession, to: Recipient, reason: Stop, now: datetime) -> None:
    """Note that nothing reaches the person any more, until they write again."""
    person = await people.find(session, to.channel, to.chat)
    if person is not None:
        people.stop(person, reason, now)


async def cancel(session: AsyncSession, announcement_id: int) -> None:
    """Give up all that wait; what is under way ends by itself."""
    waiting = (Delivery.announcement_id == announcement_id, Delivery.state == "pending")
    await session.execute(update(Delivery).where(*waiting).values(state="cancelled"))
