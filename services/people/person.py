"""A person as met: made at the first message, revived by the next, stopped when gone."""

from datetime import datetime
from typing import Literal, get_args

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.people.identity import Identity
from services.storage.models import Person

Role = Literal["farmer", "member", "manager", "officer"]
ROLES: tuple[Role, ...] = get_args(Role)
Stop = Literal["blocked", "deactivated", "not_found"]
"""Why nothing reaches a person; see https://core.telegram.org/bots/api#making-requests."""


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
    found.seen_at, found.stopped, found.stopped_at = now, None, None
    return found


def stop(person: Person, reason: Stop, now: datetime) -> None:
    """Note that nothing reaches a person any more, until they write again."""
    person.stopped, person.stopped_at = reason, now
