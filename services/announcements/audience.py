"""An audience: the rule that says who is meant, and who of them can be told.

A rule names topics, roles, places, groups and single chats; who is named in every list that is
given is meant. Nobody is told without having agreed, whatever the rule says.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, Self, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from sqlalchemy import (
    ColumnElement,
    SQLColumnExpression,
    and_,
    case,
    exists,
    false,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.ext.asyncio import AsyncSession

from services.announcements.naming import Naming
from services.errors import AnnouncementError
from services.people.person import ROLES
from services.people.places import require_place
from services.storage.dialects import rows_of
from services.storage.models import GroupMember, Person, TopicChoice

RECIPIENT = "recipient"
LEFT_OUT = ("excluded", "channel", "no_consent", "stopped", "topic_off", "unknown")
"""Why someone who is meant is not told, the first reason that fits; `unknown` never wrote."""
_MOST_DAYS = 3650


def _listed(value: Any) -> Any:
    """Take one word for a list of one, and nothing for an empty list."""
    if value is None or value == "":
        return ()
    if isinstance(value, str | int | float):
        return (str(value).strip(),)
    listed = tuple(value) if isinstance(value, Sequence | set) else None
    if listed is None or not all(isinstance(one, str | int | float) for one in listed):
        return value  # for pydantic to refuse
    return tuple(dict.fromkeys(str(one).strip() for one in listed))


def _coded(value: Any) -> Any:
    listed = _listed(value)
    if not isinstance(listed, tuple):
        return listed
    return tuple(dict.fromkeys(require_place(str(place)).code for place in listed))


def _known(value: Any) -> Any:
    listed = _listed(value)
    for role in listed if isinstance(listed, tuple) else ():
        if role not in ROLES:
            msg = f"Không có vai trò “{role}”; chỉ dùng {', '.join(ROLES)}."
            raise AnnouncementError(msg)
    return listed


Words: TypeAlias = Annotated[tuple[str, ...], BeforeValidator(_listed)]
Places: TypeAlias = Annotated[tuple[str, ...], BeforeValidator(_coded)]
Roles: TypeAlias = Annotated[tuple[str, ...], BeforeValidator(_known)]


class Rule(BaseModel):
    """Lists of what people are named by; an empty list says nothing.

    Raises on reading, beside what pydantic raises:
        PlaceUnknown: a place is none of Đà Nẵng.
        AnnouncementError: a role is none.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    topics: Words = ()
    """Topics that people chose."""
    roles: Roles = ()
    places: Places = ()
    """Codes of wards; names are understood and become codes."""
    groups: Words = ()
    """Saved groups."""
    chats: Words = ()
    """Single chats as a file names them; they are kept as `who`."""
    who: Words = ()
    """Single chats by their keyed hash, which opens nothing once a person is erased."""

    def settled(self, naming: Naming) -> Self:
        """Return the rule as it is kept: topics by their names, chats by their hashes.

        Raises:
            AnnouncementError: a topic is none.

        """
        topics = tuple(map(naming.topic, self.topics))
        who = tuple(dict.fromkeys((*self.who, *map(naming.chat, self.chats))))
        return self.model_copy(update={"topics": topics, "chats": (), "who": who})

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return one condition per list that is given."""
        columns = (
            (Person.role, self.roles),
            (Person.place, self.places),
            (Person.chat, self.chats),
            (Person.who, self.who),
        )
        plain = [column.in_(rows_of(names)) for column, names in columns if names]
        chosen = TopicChoice.topic.in_(self.topics) & TopicChoice.wanted
        grouped = GroupMember.name.in_(self.groups)
        linked = ((TopicChoice, chosen, self.topics), (GroupMember, grouped, self.groups))
        return plain + [
            exists().where(table.person_id == Person.id, condition)
            for table, condition, names in linked
            if names
        ]


def _excluded(value: Any) -> Any:
    """Take a plain list for a list of groups or chats."""
    if isinstance(value, dict | Rule):
        return value
    names = _listed(value)
    if not isinstance(names, tuple):
        return names
    numbers = tuple(name for name in names if name.lstrip("-").isdigit())
    return {"chats": numbers, "groups": tuple(name for name in names if name not in numbers)}


class Audience(Rule):
    """Who is meant, and who of them is not. Without any list everybody is."""

    active_days: int | None = Field(None, ge=1, le=_MOST_DAYS)
    """Only those who wrote within so many days."""
    exclude: Annotated[Rule, BeforeValidator(_excluded)] = Rule()
    """Who is named in any of these lists is left out."""
    fault: str = ""
    """Why the rule can't be used, a sentence; then nobody is meant."""

    def settled(self, naming: Naming) -> Self:
        """Return the rule as it is kept; a topic that is none becomes its fault."""
        try:
            kept = super().settled(naming)
            return kept.model_copy(update={"exclude": self.exclude.settled(naming)})
        except AnnouncementError as error:
            return type(self)(fault=str(error))

    @property
    def named_groups(self) -> set[str]:
        """The groups that it names, also of those who are left out."""
        return {*self.groups, *self.exclude.groups}

    def meant(self, now: datetime) -> ColumnElement[bool]:
        """Return the condition that a person is meant."""
        if self.fault:
            return false()
        conditions = self.conditions()
        if self.active_days:
            conditions.append(Person.seen_at >= now - timedelta(days=self.active_days))
        return and_(true(), *conditions)


@dataclass(frozen=True)
class Count:
    """How many are told, and how many of those meant are not, by reason."""

    total: int
    left_out: dict[str, int]


def turned_off(topic: str | SQLColumnExpression[str]) -> ColumnElement[bool]:
    """Return the condition that a person wants nothing of a topic."""
    return exists().where(
        TopicChoice.person_id == Person.id, TopicChoice.topic == topic, ~TopicChoice.wanted
    )


def standing(audience: Audience, topic: str, channels: Iterable[str]) -> ColumnElement[str]:
    """Return where a person stands: `RECIPIENT` or a reason to be left out."""
    reasons: list[tuple[ColumnElement[bool], str]] = [
        (or_(false(), *audience.exclude.conditions()), "excluded"),
        (Person.channel.not_in(tuple(channels)), "channel"),
        (~Person.agreed, "no_consent"),
        (Person.stopped.is_not(None), "stopped"),
        (turned_off(topic), "topic_off"),
    ]
    return case(*reasons, else_=RECIPIENT)


async def count(
    session: AsyncSession, audience: Audience, topic: str, channels: Iterable[str], now: datetime
) -> Count:
    """Count who would be told now, and who would not and why."""
    stands = standing(audience, topic, channels).label("stands")
    query = select(stands, func.count()).where(audience.meant(now)).group_by(stands)
    found = {row[0]: row[1] for row in await session.execute(query)}
    found["unknown"] = await _unknown(session, audience.who)
    left_out = {reason: found[reason] for reason in LEFT_OUT if found.get(reason)}
    return Count(found.get(RECIPIENT, 0), left_out)


async def _unknown(session: AsyncSession, who: Sequence[str]) -> int:
    """Count those of single chats that nobody is met in."""
    if not who:
        return 0
    named = rows_of(who).subquery()
    missing = ~exists().where(Person.who == named.c.value)
    return await session.scalar(select(func.count()).select_from(named).where(missing)) or 0
