"""Recipients: whom the deliveries of a batch are for, as known when the batch begins."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.people import person as people
from services.people.person import Identity, Stop
from services.storage.models import Delivery, Person


class Recipient(NamedTuple):
    """One recipient of one delivery."""

    delivery: int
    channel: str
    chat: str
    name: str
    place: str | None
    role: str | None
    parts_sent: int
    """How many messages of the letter are out."""


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


async def move(
    session: AsyncSession, to: Recipient, chat: str, identity: Identity, now: datetime
) -> Recipient:
    """Note that a chat has a new id; return the recipient there.

    Who is known there already has a letter, or a no, of their own: nothing reaches the old id.
    """
    if await people.find(session, to.channel, chat) is not None:
        await stop(session, to, "not_found", now)
        return to
    who = identity.of(to.channel, chat)
    moved = (Person.channel == to.channel, Person.chat == to.chat)
    await session.execute(update(Person).where(*moved).values(chat=chat, who=who))
    return to._replace(chat=chat)


async def stop(session: AsyncSession, to: Recipient, reason: Stop, now: datetime) -> None:
    """Note that nothing reaches the person any more, until they write again."""
    person = await people.find(session, to.channel, to.chat)
    if person is not None:
        people.stop(person, reason, now)
