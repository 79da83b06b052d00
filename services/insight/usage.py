"""Usage: what was asked in some days, how it was answered, when, where, and how it helped.

Days are Việt Nam's. A question is a turn that asks for something: small talk is counted apart, and
what staff try in the terminal is nobody's question. Days that are over are counted once and kept
(`roll_up`), so a month is read at once however much was asked, and its numbers stay when the words
are gone. Numbers alone leave this module.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.clock import VIETNAM, day_of
from services.conversation.quantities import write_share
from services.insight.log import OF_CITIZENS
from services.storage.dialects import insert, vietnam_hour
from services.storage.models import (
    Announcement,
    DailyCount,
    DayUsage,
    Delivery,
    Feedback,
    Person,
    Turn,
    TurnArticle,
)
from services.storage.session import Sessions

ASKS = ("answered", "clarify", "declined", "handoff")
"""The outcomes of a turn that asks for something."""
FEW = 5
"""Fewer of a place are not told as a number: who they are might be guessed."""

Counts = Mapping[str, Mapping[str, int]]
"""By what is counted, how often each was met: what is kept of a day."""


@dataclass(frozen=True)
class Span:
    """Some days, both ends with them."""

    first: date
    last: date

    @property
    def begin(self) -> datetime:
        """The first moment."""
        return datetime.combine(self.first, time(), VIETNAM)

    @property
    def end(self) -> datetime:
        """The moment after the last."""
        return datetime.combine(self.last + timedelta(days=1), time(), VIETNAM)

    @property
    def days(self) -> list[date]:
        """Each day, in order."""
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]

    @property
    def before(self) -> "Span":
        """As many days that end the day before; for a whole month the month before."""
        last = self.first - timedelta(days=1)
        if self == month_of(self.first):
            return month_of(last)
        return Span(last - (self.last - self.first), last)


def month_of(day: date) -> Span:
    """Return the month in which a day lies."""
    first = day.replace(day=1)
    return Span(first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1))


@dataclass(frozen=True)
class Talks:
    """The conversations of a month in which something was asked, as of the end of a day."""

    until: date
    month: int
    before: int
    """Those of the month before."""
    returned: int
    """Of those, the ones that asked again in this month."""


@dataclass
class Usage:
    """The numbers of some days."""

    span: Span
    by_day: Counter[date] = field(default_factory=Counter)
    """Questions of each day."""
    counted: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """By what is counted, how often each was met."""
    talks: Talks | None = None
    """Of a whole month; None for other days, and before a day of it is over."""
    meant: int = 0
    """Letters of announcements whose sending ended in these days, but those called off."""
    delivered: int = 0

    def add(self, day: date, counts: Counts) -> None:
        """Add what was counted of a day."""
        for what, times in counts.items():
            self.counted[what].update(times)
        outcomes = counts.get("outcomes", {})
        self.by_day[day] += sum(outcomes.get(outcome, 0) for outcome in ASKS)

    @property
    def asked(self) -> int:
        """All questions."""
        return self.by_day.total()

    @property
    def useful(self) -> int:
        """Verdicts that an answer helped."""
        return self.counted["useful"].total()

    @property
    def judged(self) -> int:
        """All verdicts."""
        return self.useful + self.counted["unhelpful"].total()

    def most(self, what: str, most: int | None = None) -> list[tuple[str, int]]:
        """Return what was met most of a kind, most first."""
        return self.counted[what].most_common(most)

    def outcome(self, name: str) -> int:
        """Return how many turns ended so."""
        return self.counted["outcomes"][name]

    def by_topic(self) -> Counter[str]:
        """Count what articles answered by the folder in which they stand."""
        topics = Counter[str]()
        for article, times in self.counted["articles"].items():
            topics[article.partition("/")[0]] += times
        return topics

    def places(self) -> tuple[list[tuple[str, int]], int]:
        """Return the places with their questions, most first, and in how many places are too few.

        What is asked of a place fewer than `FEW` times is not told, nor a sum that would tell it.
        """
        places = self.counted["places"]
        told = [(code, times) for code, times in places.most_common() if times >= FEW]
        return told, len(places) - len(told)


def share(part: int, whole: int) -> str:
    """Tell a part of a whole in hundredths, as it is written in Việt Nam; of nothing, a dash."""
    return write_share(part / whole) if whole else "–"


async def collect(session: AsyncSession, span: Span, today: date) -> Usage:
    """Collect the usage of some days: days that were rolled up as they are kept, others counted."""
    usage = Usage(span)
    within = (DayUsage.day >= span.first, DayUsage.day <= span.last)
    kept = {row.day: row for row in await session.scalars(select(DayUsage).where(*within))}
    old = await _old(session, span)
    for day in span.days:
        if day > today:
            break
        row = kept.get(day)
        counts = row.counts if row else _together(old.get(day, {}), await count_day(session, day))
        usage.add(day, counts)
    if span == month_of(span.first):
        usage.talks = next(
            (
                Talks(day, **kept[day].talks)
                for day in sorted(kept, reverse=True)
                if kept[day].talks
            ),
            None,
        )
    await _count_letters(session, usage)
    return usage


async def roll_up(sessions: Sessions, now: datetime) -> int:
    """Count and keep each day that is over and was not kept yet; return how many.

    From the first day of which a word is left. Each is a transaction of its own; whoever rolls up
    the same day at once counts the same.
    """
    today = day_of(now)
    async with sessions() as session:
        first = await session.scalar(select(func.min(Turn.at)).where(OF_CITIZENS))
        kept = set(await session.scalars(select(DayUsage.day)))
    if first is None:
        return 0
    yesterday = today - timedelta(days=1)
    missing = [day for day in Span(day_of(first), yesterday).days if day not in kept]
    for day in missing:
        async with sessions.begin() as session:
            old = await _old(session, Span(day, day))
            counts = _together(old.get(day, {}), await count_day(session, day))
            ends_month = day in {yesterday, month_of(day).last}
            talks = await _count_talks(session, day) if ends_month else {}
            row = insert(session, DayUsage).values(day=day, counts=counts, talks=talks)
            await session.execute(row.on_conflict_do_nothing(index_elements=["day"]))
    return len(missing)


async def count_day(session: AsyncSession, day: date) -> dict[str, dict[str, int]]:
    """Count one day by what is left of its turns and verdicts."""
    span, counts = Span(day, day), defaultdict[str, Counter[str]](Counter)
    hour = vietnam_hour(Turn.at).label("hour")
    turns = (
        select(hour, Turn.channel, Turn.outcome, Turn.degraded, func.count())
        .where(_within(Turn.at, span), OF_CITIZENS)
        .group_by(hour, Turn.channel, Turn.outcome, Turn.degraded)
    )
    for at, channel, outcome, degraded, times in await session.execute(turns):
        counts["outcomes"][outcome] += times
        if outcome in ASKS:
            counts["hours"][str(at)] += times
            counts["channels"][channel] += times
            counts["ways"]["degraded" if degraded else "read"] += times
    counts["articles"] = Counter(await _articles(session, span))
    counts["places"] = Counter(await _places(session, span))
    verdicts = (
        select(Feedback.article, Feedback.useful, func.count())
        .where(_within(Feedback.at, span), Feedback.channel != "terminal")
        .group_by(Feedback.article, Feedback.useful)
    )
    for article, useful, times in await session.execute(verdicts):
        counts["useful" if useful else "unhelpful"][article] += times
    return {what: dict(times) for what, times in counts.items()}


def _within(column: Any, span: Span) -> ColumnElement[bool]:
    return and_(column >= span.begin, column < span.end)


def _together(old: Counts, counted: Counts) -> dict[str, dict[str, int]]:
    """Add what is left of turns that are gone: of a day on which the first were let go of."""
    every = {*old, *counted}
    return {
        what: dict(Counter(old.get(what, {})) + Counter(counted.get(what, {}))) for what in every
    }


async def _old(session: AsyncSession, span: Span) -> dict[date, dict[str, Counter[str]]]:
    """Return what is left of days whose turns are gone; a reply of two articles counts twice."""
    found: dict[date, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    query = select(DailyCount).where(
        DailyCount.day >= span.first, DailyCount.day <= span.last, DailyCount.channel != "terminal"
    )
    for row in await session.scalars(query):
        counts = found[row.day]
        if row.outcome in {"useful", "unhelpful"}:
            counts[row.outcome][row.article] += row.turns
            continue
        counts["outcomes"][row.outcome] += row.turns
        if row.outcome in ASKS:
            counts["channels"][row.channel] += row.turns
        if row.outcome == "answered" and row.article:
            counts["articles"][row.article] += row.turns
    return found


async def _articles(session: AsyncSession, span: Span) -> Mapping[str, int]:
    query = (
        select(TurnArticle.article, func.count())
        .join(Turn, Turn.id == TurnArticle.turn_id)
        .where(_within(Turn.at, span), OF_CITIZENS, Turn.outcome == "answered")
        .group_by(TurnArticle.article)
    )
    return _numbers(await session.execute(query))


async def _places(session: AsyncSession, span: Span) -> Mapping[str, int]:
    query = (
        select(Person.place, func.count())
        .join(Turn, and_(Turn.channel == Person.channel, Turn.key == Person.chat))
        .where(_within(Turn.at, span), Turn.outcome.in_(ASKS), Person.place.is_not(None))
        .group_by(Person.place)
    )
    return _numbers(await session.execute(query))


async def _count_talks(session: AsyncSession, until: date) -> dict[str, int]:
    """Count the conversations of a month up to a day, and those of the month before."""

    def _of(span: Span) -> Any:
        asked = select(Turn.channel, Turn.key).distinct()
        asked = asked.where(_within(Turn.at, span), OF_CITIZENS, Turn.outcome.in_(ASKS))
        return asked.subquery()

    month = month_of(until)
    now, before = _of(Span(month.first, until)), _of(month.before)
    again = now.join(before, and_(now.c.channel == before.c.channel, now.c.key == before.c.key))
    counted = {"month": now, "before": before, "returned": again}
    return {
        name: await session.scalar(select(func.count()).select_from(rows)) or 0
        for name, rows in counted.items()
    }


async def _count_letters(session: AsyncSession, usage: Usage) -> None:
    ended = select(Announcement.id).where(_within(Announcement.finished_at, usage.span))
    query = (
        select(Delivery.state, func.count())
        .where(Delivery.announcement_id.in_(ended), Delivery.state != "cancelled")
        .group_by(Delivery.state)
    )
    found = _numbers(await session.execute(query))
    usage.meant, usage.delivered = sum(found.values()), found.get("sent", 0)


def _numbers(rows: Iterable[Any]) -> Mapping[Any, int]:
    return {row[0]: row[1] for row in rows}
