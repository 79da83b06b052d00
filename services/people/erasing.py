"""Erasing a person: what is left is a keyed hash, which opens nothing.

It stands beside what was sent, so that nothing is sent twice, and among those whom no list of the
office brings back.
"""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.conversation import store
from services.people import person as people
from services.people.person import TELEGRAM, Identity
from services.storage.dialects import insert
from services.storage.models import (
    Announcement,
    Authoring,
    Consent,
    Delivery,
    GroupMember,
    Person,
    Staff,
    Suppression,
    TopicChoice,
)
from services.storage.session import Sessions

_TRIES = 20
_PAUSE = 0.1


@dataclass(frozen=True)
class Erased:
    """What was erased of a person."""

    known: bool
    """Whether the person was known, beside their questions."""
    turns: int
    """How many turns of their conversation."""


async def erase(
    session: AsyncSession, identity: Identity, channel: str, chat: str, now: datetime
) -> Erased:
    """Erase a person, their conversation and their link to staff; nothing more is sent to them.

    Deliveries keep their hash, so that the same announcement never comes twice, and lists of the
    office leave the person out from now on, known here before or not.
    """
    count = await store.erase(session, channel, chat)
    if channel == TELEGRAM:
        await _leave_staff(session, chat)
    suppressed = insert(session, Suppression).values(who=identity.of(channel, chat), at=now)
    await session.execute(suppressed.on_conflict_do_nothing())
    person = await people.find(session, channel, chat)
    if person is None:
        return Erased(known=False, turns=count)
    theirs = Delivery.person_id == person.id
    waiting = update(Delivery).where(theirs, Delivery.state == "pending")
    await session.execute(waiting.values(state="stopped", reason="erased"))
    await session.execute(update(Delivery).where(theirs).values(person_id=None))
    for table in (Consent, TopicChoice, GroupMember):
        await session.execute(delete(table).where(table.person_id == person.id))
    await session.execute(delete(Person).where(Person.id == person.id))
    return Erased(known=True, turns=count)


async def suppressed(session: AsyncSession, hashes: Collection[str]) -> set[str]:
    """Return which of some keyed hashes, a thousand at most, are of people who were erased."""
    query = select(Suppression.who).where(Suppression.who.in_(hashes))
    return set(await session.scalars(query))


async def lift_suppression(session: AsyncSession, who: str) -> None:
    """Let lists count again for someone who was erased and starts anew, by their keyed hash."""
    await session.execute(delete(Suppression).where(Suppression.who == who))


async def _leave_staff(session: AsyncSession, chat: str) -> None:
    """Take a chat away from its account, what was half written there, and what it follows."""
    theirs = select(Staff.id).where(Staff.chat == chat)
    await session.execute(delete(Authoring).where(Authoring.staff_id.in_(theirs)))
    followed = Announcement.progress[0].as_string() == chat
    await session.execute(update(Announcement).where(followed).values(progress=[]))
    await session.execute(update(Staff).where(Staff.chat == chat).values(chat=None))


async def hold_back(sessions: Sessions, channel: str, chat: str) -> bool:
    """Before erasing: let nothing begin to be sent to a person, and what has begun arrive.

    It would else arrive after the person was told that all is erased. Two seconds are waited at
    most; returns whether nothing is under way.
    """
    async with sessions.begin() as session:
        person = await people.find(session, channel, chat)
        if person is None:
            return True
        person.agreed = False
    sending = exists().where(Delivery.person_id == person.id, Delivery.state == "sending")
    for _ in range(_TRIES):
        async with sessions() as session:
            if not await session.scalar(select(sending)):
                return True
        await asyncio.sleep(_PAUSE)
    return False
