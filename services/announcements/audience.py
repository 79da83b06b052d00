"""An audience: the rule that says who is meant, and who of them can be told.

A rule names topics, roles, places, groups and single chats; who is named in every list that is
given is meant. Nobody is told without having agreed, whatever the rule says.

What stands here is the rule as it is kept: reading it never raises, for a word that means nothing
any more (a ward that was merged) must not stop what has nothing to do with it. What a person wrote
becomes a rule in `audience_words`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError
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

from services.errors import AnnouncementError
from services.people.places import places
from services.storage.dialects import rows_of
from services.storage.models import GroupMember, Person, TopicChoice

RECIPIENT = "recipient"
LEFT_OUT = (
    "excluded",
    "channel",
    "no_consent",
    "stopped",
    "topic_off",
    "topic_unchosen",
    "unknown",
)
"""Why someone who is meant is not told, the first reason that fits; `unknown` never wrote."""


class Rule(BaseModel):
    """Lists of what people are named by; an empty list says nothing."""

    model_config = ConfigDict(frozen=True)

    topics: tuple[str, ...] = ()
    """Topics that people chose."""
    roles: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    """Codes of wards."""
    groups: tuple[str, ...] = ()
    """Saved groups."""
    who: tuple[str, ...] = ()
    """Single chats by their keyed hash, which opens nothing once a person is erased."""

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return one condition per list that is given."""
        columns = ((Person.role, self.roles), (Person.place, self.places), (Person.who, self.who))
        plain = [column.in_(rows_of(names)) for column, names in columns if names]
        chosen = TopicChoice.topic.in_(self.topics) & TopicChoice.wanted
        grouped = GroupMember.name.in_(self.groups)
        linked = ((TopicChoice, chosen, self.topics), (GroupMember, grouped, self.groups))
        return plain + [
            exists().where(table.person_id == Person.id, condition)
            for table, condition, names in linked
            if names
        ]


class Audience(Rule):
    """Who is meant, and who of them is not. Without any list everybody is."""

    active_days: int | None = None
    """Only those who wrote within so many days."""
    exclude: Rule = Rule()
    """Who is named in any of these lists is left out."""
    fault: str = ""
    """Why the rule can't be used, a sentence; then nobody is meant."""

    @classmethod
    def stored(cls, rule: Mapping[str, Any] | None) -> "Audience":
        """Return the audience of a rule as it is kept; one that can't be read means nobody."""
        if rule is None:
            return cls(fault=str(AnnouncementError("audience_not_chosen")))
        try:
            return cls.model_validate(rule)
        except ValidationError:
            return cls(fault=str(AnnouncementError("audience_unreadable")))

    def row(self) -> dict[str, Any]:
        """Return the rule as it is kept."""
        return self.model_dump(mode="json", exclude_defaults=True)

    @property
    def named_groups(self) -> set[str]:
        """The groups that it names, also of those who are left out."""
        return {*self.groups, *self.exclude.groups}

    @property
    def lost_places(self) -> list[str]:
        """The codes that it names and no ward bears any more."""
        known = places()
        return [code for code in (*self.places, *self.exclude.places) if code not in known]

    def meant(self, now: datetime) -> ColumnElement[bool]:
        """Return the condition that a person is meant."""
        if self.fault:
            return false()
        conditions = self.conditions()
        if self.active_days:
            conditions.append(Person.seen_at >= now - timedelta(days=self.active_days))
        return and_(true(), *conditions)


@dataclass(frozen=True)
class TopicTerms:
    """What an announcement is about, as far as that says who may be told."""

    topic: str
    chosen_only: bool = False
    """Whether nobody is told who has not chosen the topic: a yes to announcements was to others."""
    urgent: bool = False
    """Whether everybody who agreed is told, whatever topics they turned off or never chose."""


@dataclass(frozen=True)
class Count:
    """How many are told, and how many of those meant are not, by reason."""

    total: int
    left_out: dict[str, int]


def chosen(topic: str) -> ColumnElement[bool]:
    """Return the condition that a person chose a topic."""
    return exists().where(
        TopicChoice.person_id == Person.id, TopicChoice.topic == topic, TopicChoice.wanted
    )


def turned_off(topic: str | SQLColumnExpression[str]) -> ColumnElement[bool]:
    """Return the condition that a person wants nothing of a topic."""
    return exists().where(
        TopicChoice.person_id == Person.id, TopicChoice.topic == topic, ~TopicChoice.wanted
    )


def standing(audience: Audience, terms: TopicTerms, channels: Iterable[str]) -> ColumnElement[str]:
    """Return where a person stands: `RECIPIENT` or a reason to be left out."""
    reasons: list[tuple[ColumnElement[bool], str]] = [
        (or_(false(), *audience.exclude.conditions()), "excluded"),
        (Person.channel.not_in(tuple(channels)), "channel"),
        (~Person.agreed, "no_consent"),
        (Person.stopped.is_not(None), "stopped"),
    ]
    if not terms.urgent:
        reasons.append((turned_off(terms.topic), "topic_off"))
        if terms.chosen_only:
            reasons.append((~chosen(terms.topic), "topic_unchosen"))
    return case(*reasons, else_=RECIPIENT)


async def count(
    session: AsyncSession,
    audience: Audience,
    terms: TopicTerms,
    channels: Iterable[str],
    now: datetime,
) -> Count:
    """Count who would be told now, and who would not and why."""
    stands = standing(audience, terms, channels).label("stands")
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
