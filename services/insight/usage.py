"""Usage of some days: what was asked, how it was answered, when, where, and how it helped.

Days are Việt Nam's. A question is a turn that asks for something: small talk is counted apart, and
what staff try in the terminal is nobody's question. Of days whose words are gone the counts are
left (`DailyCount`): neither hours nor places. Numbers alone leave this module.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.clock import VIETNAM
from services.insight.log import OF_CITIZENS
from services.storage.dialects import vietnam_day, vietnam_hour
from services.storage.models import (
    Announcement,
    DailyCount,
    Delivery,
    Feedback,
    Person,
    Turn,
    TurnArticle,
)

ASKS = ("answered", "clarify", "declined", "handoff")
"""The outcomes of a turn that asks for something."""
FEW = 5
"""Fewer of a place are not told as a number: who they are might be guessed."""


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


@dataclass
class Usage:
    """The figures of some days."""

    span: Span
    by_day: Counter[date] = field(default_factory=Counter)
    """Questions of each day."""
    by_hour: Counter[int] = field(default_factory=Counter)
    by_channel: Counter[str] = field(default_factory=Counter)
    by_outcome: Counter[str] = field(default_factory=Counter)
    by_article: Counter[str] = field(default_factory=Counter)
    """How often each article answered; a reply of two counts for both."""
    by_place: Counter[str] = field(default_factory=Counter)
    """Questions by the code of the ward or commune of those who told it."""
    small_talk: int = 0
    degraded: int = 0
    """Questions that were read by their words because the NLU could not be asked."""
    useful: int = 0
    unhelpful: int = 0
    disliked: Counter[str] = field(default_factory=Counter)
    """How often each article was of no use."""
    talks: int = 0
    """Conversations in which something was asked."""
    returned: int = 0
    """Of the conversations of as many days before, those that asked again."""
    talks_before: int = 0
    meant: int = 0
    """Letters of announcements whose sending ended in these days."""
    delivered: int = 0

    @property
    def asked(self) -> int:
        """All questions."""
        return sum(self.by_outcome[outcome] for outcome in ASKS)

    @property
    def judged(self) -> int:
        """All verdicts."""
        return self.useful + self.unhelpful

    def by_topic(self) -> Counter[str]:
        """Count what articles answered by the folder in which they stand."""
        counted = Counter[str]()
        for article, times in self.by_article.items():
            counted[article.partition(".")[0]] += times
        return counted

    def places(self) -> tuple[list[tuple[str, int]], int]:
        """Return the places with their questions, most first, and in how many places are too few.

        What is asked of a place fewer than `FEW` times is not told, nor a sum that would tell it.
        """
        told = [(code, times) for code, times in self.by_place.most_common() if times >= FEW]
        return told, len(self.by_place) - len(told)


def share(part: int, whole: int) -> str:
    """Tell a part of a whole in hundredths, as it is written in Việt Nam; of nothing, a dash."""
    return f"{100 * part / whole:.1f}".replace(".", ",") + " %" if whole else "–"


async def collect(session: AsyncSession, span: Span) -> Usage:
    """Collect the figures of some days."""
    figures = Usage(span)
    await _count_turns(session, figures)
    await _count_old(session, figures)
    await _count_articles(session, figures)
    await _count_places(session, figures)
    await _count_verdicts(session, figures)
    await _count_talks(session, figures)
    await _count_letters(session, figures)
    return figures


def _within(column: Any, span: Span) -> ColumnElement[bool]:
    return and_(column >= span.begin, column < span.end)


async def _count_turns(session: AsyncSession, figures: Usage) -> None:
    day, hour = vietnam_day(Turn.at).label("day"), vietnam_hour(Turn.at).label("hour")
    query = (
        select(day, hour, Turn.channel, Turn.outcome, Turn.degraded, func.count())
        .where(_within(Turn.at, figures.span), OF_CITIZENS)
        .group_by(day, hour, Turn.channel, Turn.outcome, Turn.degraded)
    )
    for on, at, channel, outcome, degraded, times in await session.execute(query):
        _add(figures, on, channel, outcome, times)
        if outcome in ASKS:
            figures.by_hour[at] += times
            figures.degraded += times if degraded else 0


def _add(figures: Usage, on: date, channel: str, outcome: str, times: int) -> None:
    if outcome not in ASKS:
        figures.small_talk += times
        return
    figures.by_outcome[outcome] += times
    figures.by_day[on] += times
    figures.by_channel[channel] += times


async def _count_old(session: AsyncSession, figures: Usage) -> None:
    """Add what is left of days whose turns are gone; of a reply of two articles it has both."""
    span = figures.span
    query = select(DailyCount).where(
        DailyCount.day >= span.first, DailyCount.day <= span.last, DailyCount.channel != "terminal"
    )
    for row in await session.scalars(query):
        if row.outcome == "useful":
            figures.useful += row.turns
        elif row.outcome == "unhelpful":
            figures.unhelpful += row.turns
            figures.disliked[row.article] += row.turns
        else:
            _add(figures, row.day, row.channel, row.outcome, row.turns)
            if row.article and row.outcome in ASKS:
                figures.by_article[row.article] += row.turns


async def _count_articles(session: AsyncSession, figures: Usage) -> None:
    query = (
        select(TurnArticle.article, func.count())
        .join(Turn, Turn.id == TurnArticle.turn_id)
        .where(_within(Turn.at, figures.span), OF_CITIZENS, Turn.outcome == "answered")
        .group_by(TurnArticle.article)
    )
    figures.by_article.update(_numbers(await session.execute(query)))


async def _count_places(session: AsyncSession, figures: Usage) -> None:
    query = (
        select(Person.place, func.count())
        .join(Turn, and_(Turn.channel == Person.channel, Turn.key == Person.chat))
        .where(_within(Turn.at, figures.span), Turn.outcome.in_(ASKS), Person.place.is_not(None))
        .group_by(Person.place)
    )
    figures.by_place.update(_numbers(await session.execute(query)))


async def _count_verdicts(session: AsyncSession, figures: Usage) -> None:
    query = (
        select(Feedback.article, Feedback.useful, func.count())
        .where(_within(Feedback.at, figures.span), Feedback.channel != "terminal")
        .group_by(Feedback.article, Feedback.useful)
    )
    for article, useful, times in await session.execute(query):
        figures.useful += times if useful else 0
        figures.unhelpful += 0 if useful else times
        if not useful:
            figures.disliked[article] += times


async def _count_talks(session: AsyncSession, figures: Usage) -> None:
    def _of(span: Span) -> Any:
        asked = select(Turn.channel, Turn.key).distinct()
        return asked.where(_within(Turn.at, span), OF_CITIZENS, Turn.outcome.in_(ASKS))

    now, before = _of(figures.span).subquery(), _of(figures.span.before).subquery()
    again = select(func.count()).select_from(
        now.join(before, and_(now.c.channel == before.c.channel, now.c.key == before.c.key))
    )
    figures.talks = await session.scalar(select(func.count()).select_from(now)) or 0
    figures.talks_before = await session.scalar(select(func.count()).select_from(before)) or 0
    figures.returned = await session.scalar(again) or 0


async def _count_letters(session: AsyncSession, figures: Usage) -> None:
    ended = select(Announcement.id).where(_within(Announcement.finished_at, figures.span))
    query = (
        select(Delivery.state, func.count())
        .where(Delivery.announcement_id.in_(ended))
        .group_by(Delivery.state)
    )
    found = _numbers(await session.execute(query))
    figures.meant, figures.delivered = sum(found.values()), found.get("sent", 0)


def _numbers(rows: Any) -> Mapping[Any, int]:
    return {row[0]: row[1] for row in rows}
