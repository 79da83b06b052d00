"""Saved groups: people under a name, for audiences and exclusions."""

import re
from collections.abc import Collection, Iterator
from itertools import islice

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.errors import PeopleError
from services.storage.models import GroupMember

_NAME = re.compile(r"(?=.*[^\W\d])[\w .-]{1,50}")
_AT_ONCE = 1000


def group_name(said: str) -> str:
    """Return the name of a group as it is saved.

    Raises:
        PeopleError: it is no name; one of digits alone would be taken for a chat.

    """
    name = " ".join(said.split())
    if not _NAME.fullmatch(name):
        msg = (
            f"Tên nhóm “{said}” không dùng được: chỉ chữ, số, dấu cách, “.”, “-”, “_”, "
            "có ít nhất một chữ, tới 50 ký tự."
        )
        raise PeopleError(msg)
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


async def save(session: AsyncSession, name: str, people: Collection[int]) -> None:
    """Have a group be these people and nobody else."""
    await delete_group(session, name)
    await join(session, name, people)


async def delete_group(session: AsyncSession, name: str) -> None:
    """Forget a group; the people in it stay."""
    await session.execute(delete(GroupMember).where(GroupMember.name == name))


async def sizes(session: AsyncSession) -> dict[str, int]:
    """Return how many people are in each group, by its name."""
    query = select(GroupMember.name, func.count()).group_by(GroupMember.name)
    return {row[0]: row[1] for row in await session.execute(query.order_by(GroupMember.name))}


async def of_person(session: AsyncSession, person: int) -> list[str]:
    """Return the groups that a person is in."""
    query = select(GroupMember.name).where(GroupMember.person_id == person)
    return list(await session.scalars(query.order_by(GroupMember.name)))


def _some(people: Collection[int]) -> Iterator[list[int]]:
    rest = iter(people)
    return iter(lambda: list(islice(rest, _AT_ONCE)), [])
