"""How many people there are, by what is known of them, and who they are where that is asked."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.storage.models import GroupMember, Person

PAGE = 50


@dataclass(frozen=True)
class Census:
    """Numbers alone."""

    known: int
    agreed: int
    stopped: int
    """Whom nothing reaches, of those who agreed."""
    roles: dict[str, int]
    """By role; those who never said under nothing."""
    places: dict[str, int]
    """By the code of a ward, the most first; those who never said under nothing."""


@dataclass(frozen=True)
class Sought:
    """Who is asked for; what is empty does not matter."""

    word: str = ""
    """Stands in the name."""
    role: str = ""
    place: str = ""
    group: str = ""
    after: int = 0
    """The number of the person after whom the page begins."""


async def counted(session: AsyncSession) -> Census:
    """Count all people once."""
    query = select(
        Person.role, Person.place, Person.agreed, Person.stopped.is_not(None), func.count()
    ).group_by(Person.role, Person.place, Person.agreed, Person.stopped.is_not(None))
    known = agreed = stopped = 0
    roles, places = dict[str, int](), dict[str, int]()
    for role, place, yes, away, many in await session.execute(query):
        known += many
        agreed += many if yes else 0
        stopped += many if yes and away else 0
        roles[role or ""] = roles.get(role or "", 0) + many
        places[place or ""] = places.get(place or "", 0) + many
    ranked = dict(sorted(places.items(), key=lambda pair: (-pair[1], pair[0])))
    return Census(known, agreed, stopped, roles, ranked)


async def named(session: AsyncSession, asked: Sought) -> Sequence[Person]:
    """Return a page of people, in the order in which they came, and one more where more follow."""
    query = select(Person).where(Person.id > asked.after).order_by(Person.id).limit(PAGE + 1)
    if asked.word:
        query = query.where(Person.name.contains(asked.word, autoescape=True))
    if asked.role:
        query = query.where(Person.role == asked.role)
    if asked.place:
        query = query.where(Person.place == asked.place)
    if asked.group:
        inside = select(GroupMember.person_id).where(GroupMember.name == asked.group)
        query = query.where(Person.id.in_(inside))
    return (await session.scalars(query)).all()
