"""A person as met: made at the first message, revived by the next, stopped when gone."""

from datetime import datetime, timedelta
from typing import Literal, get_args

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.people.identity import Identity
from services.storage.models import Person

Role = Literal["farmer", "member", "manager", "officer"]
ROLES: tuple[Role, ...] = get_args(Role)
Stop = Literal["blocked", "deactivated", "not_found"]
"""Why nothing reaches a person; see https://core.telegram.org/bots/api#making-requests."""
SEEN_EVERY = timedelta(hours=1)
"""How often it is written down that somebody was seen."""
_STAYS_ASKED = timedelta(hours=6)


async def find(session: AsyncSession, channel: str, chat: str) -> Person | None:
    """Return the person of a chat, if known."""
    query = select(Person).where(Person.channel == channel, Person.chat == chat)
    return await session.scalar(query)


async def meet(
    session: AsyncSession, identity: Identity, channel: str, chat: str, now: datetime
) -> Person:
    """Return the person of a chat who writes now: made if unknown, revived if stopped."""
    found = await find(session, channel, chat)
    if found is None:
        found = Person(
            channel=channel, chat=chat, who=identity.of(channel, chat), created_at=now, seen_at=now
        )
        session.add(found)
        await session.flush()
    elif is_due(found, now):
        found.seen_at, found.stopped, found.stopped_at = now, None, None
    return found


def is_due(found: Person | None, now: datetime) -> bool:
    """Say whether meeting a person now changes anything: for most, once an hour."""
    if found is None or found.stopped or found.seen_at is None:
        return True
    return now - found.seen_at >= SEEN_EVERY


def awaits_place(person: Person, now: datetime) -> bool:
    """Say whether a person was asked for the place not long ago, and has said nothing since."""
    asked = person.asked_place_at
    return asked is not None and now - asked < _STAYS_ASKED


def stop(person: Person, reason: Stop, now: datetime) -> None:
    """Note that nothing reaches a person any more, until they write again."""
    person.stopped, person.stopped_at = reason, now
