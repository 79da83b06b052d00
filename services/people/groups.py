"""Saved groups: people under a name, for audiences and exclusions.

Whoever comes by the link of an event joins its group. Only staff make events: anybody may make up
a link.
"""

import re
from collections.abc import Collection, Iterator
from datetime import datetime
from itertools import islice

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.errors import PeopleError
from services.storage.dialects import insert as insert_or
from services.storage.models import Event, GroupMember, Person

_NAME = re.compile(r"(?=.*[^\W\d])[\w .-]{1,50}")
_EVENT = "event-"
_AT_ONCE = 1000


def group_name(named: str) -> str:
    """Return the name of a group as it is saved.

    Raises:
        PeopleError: it is no name; one of digits alone would be taken for a chat.

    """
    name = " ".join(named.split())
    if not _NAME.fullmatch(name):
        raise PeopleError("group_name_bad", name=named)
    return name


async def join(session: AsyncSession, name: str, people: Collection[int]) -> None:
    """Add people, by their ids, to a group; who is in it stays."""
    for some in _some(people):
        inside = select(GroupMember.person_id).where(
            GroupMember.name == name, GroupMember.person_id.in_(some)
        )
        fresh = set(some).difference(await session.scalars(inside))
        if fresh:
            rows = [{"name": name, "person_id": person} for person in fresh]
            await session.execute(insert(GroupMember), rows)


async def leave(session: AsyncSession, name: str, person: int) -> None:
    """Take one person out of a group."""
    mine = GroupMember.name == name, GroupMember.person_id == person
    await session.execute(delete(GroupMember).where(*mine))


async def save(session: AsyncSession, name: str, people: Collection[int]) -> None:
    """Have a group be these people and nobody else."""
    await delete_group(session, name)
    await join(session, name, people)


async def delete_group(session: AsyncSession, name: str) -> None:
    """Forget a group, and the event it is of; the people in it stay."""
    await session.execute(delete(GroupMember).where(GroupMember.name == name))
    if name.startswith(_EVENT):
        await session.execute(delete(Event).where(Event.name == name.removeprefix(_EVENT)))


async def make_event(session: AsyncSession, event: str, now: datetime) -> bool:
    """Have people join the group of an event by its link; return whether that is new."""
    made = insert_or(session, Event).values(name=event, at=now).on_conflict_do_nothing()
    return bool((await session.execute(made.returning(Event.name))).all())


async def join_event(session: AsyncSession, event: str, person: Person) -> None:
    """Add a person to the group of an event; one that staff did not make has none."""
    if await session.get(Event, event):
        await join(session, f"{_EVENT}{event}", [person.id])


async def sizes(session: AsyncSession) -> dict[str, int]:
    """Return how many people are in each group, by its name; nobody yet in those of new events."""
    events = await session.scalars(select(Event.name))
    query = select(GroupMember.name, func.count()).group_by(GroupMember.name)
    counted = {row[0]: row[1] for row in await session.execute(query)}
    return dict(sorted(({f"{_EVENT}{event}": 0 for event in events} | counted).items()))


async def of_person(session: AsyncSession, person: int) -> list[str]:
    """Return the groups that a person is in."""
    query = select(GroupMember.name).where(GroupMember.person_id == person)
    return list(await session.scalars(query.order_by(GroupMember.name)))


def _some(people: Collection[int]) -> Iterator[list[int]]:
    rest = iter(people)
    return iter(lambda: list(islice(rest, _AT_ONCE)), [])
