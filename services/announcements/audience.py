"""An audience: the rule that says who is meant, and who of them can be told.

A rule names topics, roles, places and groups; who is named in every list that is given is meant.
Nobody is told without having agreed, whatever the rule says.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from services.people.places import require_place
from services.storage.models import GroupMember, Person, TopicChoice

RECIPIENT = "recipient"
LEFT_OUT = ("excluded", "channel", "no_consent", "stopped", "topic_off")
"""Why someone who is meant is not told, the first reason that fits."""


def _listed(value: Any) -> Any:
    """Take one word for a list of one, and nothing for an empty list."""
    if value is None:
        return ()
    return (value,) if isinstance(value, str | int) else value


def _coded(value: Any) -> Any:
    return tuple(require_place(str(place)).code for place in _listed(value))


def _worded(value: Any) -> Any:
    listed = _listed(value)
    return tuple(map(str, listed)) if isinstance(listed, Iterable) else listed


Words: TypeAlias = Annotated[tuple[str, ...], BeforeValidator(_worded)]
Places: TypeAlias = Annotated[tuple[str, ...], BeforeValidator(_coded)]


class Rule(BaseModel):
    """Lists of what people are named by; an empty list says nothing."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    topics: Words = ()
    """Topics that people chose."""
    roles: Words = ()
    places: Places = ()
    """Codes of wards; names are understood and become codes."""
    groups: Words = ()
    """Saved groups."""
    chats: Words = ()
    """Single chats, by the channel's own name."""

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return one condition per list that is given."""
        columns = (
            (Person.role, self.roles),
            (Person.place, self.places),
            (Person.chat, self.chats),
        )
        plain = [column.in_(names) for column, names in columns if names]
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
    names = _worded(value)
    numbers = tuple(name for name in names if name.lstrip("-").isdigit())
    return {"chats": numbers, "groups": tuple(name for name in names if name not in numbers)}


class Audience(Rule):
    """Who is meant, and who of them is not."""

    active_days: int | None = Field(None, ge=1)
    """Only those who wrote within so many days."""
    exclude: Annotated[Rule, BeforeValidator(_excluded)] = Rule()
    """Who is named in any of these lists is left out."""

    def meant(self, now: datetime) -> ColumnElement[bool]:
        """Return the condition that a person is meant."""
        conditions = self.conditions()
        if self.active_days:
            conditions.append(Person.seen_at >= now - timedelta(days=self.active_days))
        return and_(true(), *conditions)


@dataclass(frozen=True)
class Count:
    """How many are told, and how many of those meant are not, by reason."""

    total: int
    left_out: dict[str, int]


def standing(audience: Audience, topic: str, channels: Iterable[str]) -> ColumnElement[str]:
    """Return where a person stands: `RECIPIENT` or a reason to be left out."""
    excluded = audience.exclude.conditions()
    unwanted = exists().where(
        TopicChoice.person_id == Person.id, TopicChoice.topic == topic, ~TopicChoice.wanted
    )
    reasons: list[tuple[ColumnElement[bool], str]] = [
        (or_(*excluded), "excluded") if excluded else (~true(), "excluded"),
        (Person.channel.not_in(tuple(channels)), "channel"),
        (~Person.agreed, "no_consent"),
        (Person.stopped.is_not(None), "stopped"),
        (unwanted, "topic_off"),
    ]
    return case(*reasons, else_=RECIPIENT)


async def count(
    session: AsyncSession, audience: Audience, topic: str, channels: Iterable[str], now: datetime
) -> Count:
    """Count who would be told now, and who would not and why."""
    stands = standing(audience, topic, channels).label("stands")
    query = select(stands, func.count()).where(audience.meant(now)).group_by(stands)
    found = {row[0]: row[1] for row in await session.execute(query)}
    left_out = {reason: found[reason] for reason in LEFT_OUT if reason in found}
    return Count(found.get(RECIPIENT, 0), left_out)
