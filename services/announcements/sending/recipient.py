"""Recipients: whom the deliveries of a batch are for, as known when the batch begins."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.people import person as people
from services.people.identity import Identity
from services.people.person import Stop
from services.storage.models import Delivery, Person


class Recipient(NamedTuple):
    """One recipient of one delivery."""

    delivery: int
    channel: str
    chat: str
    name: str
    place: str | None
    role: str | None


async def waiting(session: AsyncSession, number: int, batch: int) -> list[Recipient]:
    """Return who waits in a batch; whoever was erased meanwhile is closed already."""
    mine = (Delivery.announcement_id == number, Delivery.batch == batch)
    query = (
        select(Delivery.id, Person.channel, Person.chat, Person.name, Person.place, Person.role)
        .join(Person, Person.id == Delivery.person_id)
        .where(*mine, Delivery.state == "pending")
        .order_by(Delivery.id)
    )
    return [Recipient(*row) for row in await session.execute(query)]


async def close_lost(session: AsyncSession, number: int, batch: int, now: datetime) -> None:
    """Close as uncertain what a life of this job that ended left under way."""
    mine = (Delivery.announcement_id == number, Delivery.batch == batch)
    lost = update(Delivery).where(*mine, Delivery.state == "sending")
    await session.execute(lost.values(state="uncertain", reason="interrupted", at=now))


async def move(session: AsyncSession, to: Recipient, chat: str, identity: Identity) -> Recipient:
    """Note that a chat has a new id; return the recipient there."""
    who = identity.of(to.channel, chat)
    moved = (Person.channel == to.channel, Person.chat == to.chat)
    await session.execute(update(Person).where(*moved).values(chat=chat, who=who))
    return to._replace(chat=chat)


async def stop(session: AsyncSession, to: Recipient, reason: Stop, now: datetime) -> None:
    """Note that nothing reaches the person any more, until they write again."""
    person = await people.find(session, to.channel, to.chat)
    if person is not None:
        people.stop(person, reason, now)
