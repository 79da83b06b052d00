"""Gaps as staff read them: a page of them with their figures, and one with all that was asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, case, distinct, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from nlu.text import has_diacritics
from services.errors import GapError
from services.insight.placing import likest
from services.storage.models import Awaited, GapQuestion, KeptGap

PAGE = 50
STATES = ("open", "linked", "told", "dismissed")
_WEEK = timedelta(days=7)
_NAMES = 3
"""Wordings of a gap among which its name is chosen."""
_MOST_SHOWN = 200
"""Wordings of one gap that are listed."""
_MOST_COMPARED = 1000
"""Gaps that are looked through for like ones, the newest: some 15 ms of the processor."""
LIKE = 3
"""Gaps that are offered to be put into another: more of them are hardly ever of its kind."""


@dataclass(frozen=True)
class GapSummary:
    """One gap in the list."""

    gap: KeptGap
    title: str
    """What was asked most often, as it was written, masked."""
    count: int
    week: int
    before: int
    """How often in the week before."""
    since: int
    """How often since staff were last done with it: an answer that does not help."""
    last: datetime
    waiting: int
    """How many chats want to hear when it is answered, and have not been told."""


@dataclass(frozen=True)
class Worded:
    """One wording of a gap."""

    number: int
    """The row of the first question that was asked so: it stands for all of them."""
    text: str
    count: int
    last: datetime


@dataclass(frozen=True)
class GapDetail:
    """One gap with what was asked."""

    summary: GapSummary
    worded: Sequence[Worded]
    """Each wording once, the most frequent first."""
    kinds: Mapping[str, int]
    reasons: Mapping[str, int]
    people: int
    """How many chats asked."""
    told_already: int
    """How many wanted to hear and were told, of this or another gap."""


async def page(
    session: AsyncSession, state: str, now: datetime, number: int = 1
) -> tuple[list[GapSummary], bool]:
    """Return a page of the gaps in a state, the largest first, and whether there are more."""
    found = await _summaries(session, KeptGap.state == state, now, (number - 1) * PAGE)
    return found[:PAGE], len(found) > PAGE


async def tally(session: AsyncSession) -> Mapping[str, int]:
    """Return how many gaps there are in each state, of those in which something stands."""
    counted = (
        select(KeptGap.state, func.count(distinct(KeptGap.id)))
        .join(GapQuestion, GapQuestion.gap_id == KeptGap.id)
        .group_by(KeptGap.state)
    )
    found = {row[0]: row[1] for row in await session.execute(counted)}
    return {state: found.get(state, 0) for state in STATES}


async def asked_most(
    session: AsyncSession, begin: datetime, end: datetime, most: int
) -> list[tuple[str, int]]:
    """Return of the gaps that were asked most in a time a wording each, and how often.

    What was answered, and judged of no use, is not counted.
    """
    times = func.count().label("times")
    within = GapQuestion.at >= begin, GapQuestion.at < end, GapQuestion.kind != "unhelpful"
    largest = (
        select(GapQuestion.gap_id, times)
        .where(*within)
        .group_by(GapQuestion.gap_id)
        .order_by(times.desc(), GapQuestion.gap_id)
        .limit(most)
    )
    counted = {row[0]: row[1] for row in await session.execute(largest)}
    worded = (
        select(GapQuestion.gap_id, GapQuestion.text)
        .where(*within, GapQuestion.gap_id.in_(counted))
        .group_by(GapQuestion.gap_id, GapQuestion.text)
        .order_by(func.count(), GapQuestion.text.desc())
    )
    texts = {row[0]: row[1] for row in await session.execute(worded)}  # the last is the most asked
    return [(texts[gap], number) for gap, number in counted.items()]


async def detail(session: AsyncSession, number: int, now: datetime) -> GapDetail:
    """Return one gap with all that was asked.

    Raises:
        GapError: there is no such gap, or nothing of it is left.

    """
    found = await _summaries(session, KeptGap.id == number, now)
    if not found:
        raise GapError("gap_unknown", number=number)
    of_gap = GapQuestion.gap_id == number
    first = func.min(GapQuestion.id)
    asked = select(first, GapQuestion.text, func.count(), func.max(GapQuestion.at)).where(of_gap)
    often = asked.group_by(GapQuestion.text).order_by(func.count().desc(), first)
    worded = await session.execute(often.limit(_MOST_SHOWN))
    chats = select(GapQuestion.channel, GapQuestion.key).where(of_gap).distinct().subquery()
    told = select(func.count()).select_from(_awaited(number, Awaited.told_at.is_not(None)))
    return GapDetail(
        found[0],
        [Worded(*row) for row in worded],
        await _counted(session, number, GapQuestion.kind),
        await _counted(session, number, GapQuestion.reason),
        await session.scalar(select(func.count()).select_from(chats)) or 0,
        await session.scalar(told) or 0,
    )


async def like(session: AsyncSession, number: int, now: datetime) -> list[GapSummary]:
    """Return the open gaps that may be of the same kind as one, the likeliest first.

    There are none where it is not known what the questions mean.
    """
    worded = select(GapQuestion.vector).where(GapQuestion.vector.is_not(None)).distinct()
    own = await session.scalars(worded.where(GapQuestion.gap_id == number).limit(_MOST_SHOWN))
    firsts = (
        select(func.min(GapQuestion.id))
        .join(KeptGap, KeptGap.id == GapQuestion.gap_id)
        .where(KeptGap.state == "open", KeptGap.id != number, GapQuestion.vector.is_not(None))
        .group_by(GapQuestion.gap_id)
        .order_by(GapQuestion.gap_id.desc())
        .limit(_MOST_COMPARED)
    )
    first = select(GapQuestion.gap_id, GapQuestion.vector).where(GapQuestion.id.in_(firsts))
    others = {row[0]: row[1] for row in await session.execute(first) if row[1]}
    near = likest([one for one in own if one], others, LIKE)
    found = {one.gap.id: one for one in await _summaries(session, KeptGap.id.in_(near), now)}
    return [found[gap] for gap in near if gap in found]


async def _counted(
    session: AsyncSession, gap: int, column: InstrumentedAttribute[Any]
) -> dict[str, int]:
    """Count the questions of a gap by what a column says, the most frequent first."""
    often = select(column, func.count()).where(GapQuestion.gap_id == gap, column.is_not(None))
    rows = await session.execute(often.group_by(column).order_by(func.count().desc(), column))
    return {row[0]: row[1] for row in rows}


async def _summaries(
    session: AsyncSession, which: ColumnElement[bool], now: datetime, offset: int = 0
) -> list[GapSummary]:
    """Return the gaps with their figures, in three looks however many they are."""
    at = GapQuestion.at
    counted = (
        select(
            KeptGap,
            func.count().label("asked"),
            _sum(at > now - _WEEK),
            _sum(and_(at > now - 2 * _WEEK, at <= now - _WEEK)),
            _sum(at > KeptGap.changed_at),
            func.max(at),
        )
        .join(GapQuestion, GapQuestion.gap_id == KeptGap.id)
        .where(which)
        .group_by(KeptGap.id)
        .order_by(func.count().desc(), KeptGap.id)
        .offset(offset)
        .limit(PAGE + 1)
    )
    rows = (await session.execute(counted)).all()
    numbers = [row[0].id for row in rows]
    titles, waiting = await _titles(session, numbers), await _waiting(session, numbers)
    return [
        GapSummary(gap, titles[gap.id], count, week, before, since, last, waiting.get(gap.id, 0))
        for gap, count, week, before, since, last in rows
    ]


async def _titles(session: AsyncSession, gaps: Sequence[int]) -> dict[int, str]:
    """Name each gap by what was asked most often; of a few as frequent, as it is best written."""
    often = func.row_number().over(
        partition_by=GapQuestion.gap_id,
        order_by=(func.count().desc(), func.min(GapQuestion.id)),
    )
    ranked = (
        select(
            GapQuestion.gap_id,
            GapQuestion.text,
            func.count().label("asked"),
            often.label("place"),
        )
        .where(GapQuestion.gap_id.in_(gaps))
        .group_by(GapQuestion.gap_id, GapQuestion.text)
        .subquery()
    )
    first = select(ranked).where(ranked.c.place <= _NAMES).order_by(ranked.c.place.desc())
    best: dict[int, tuple[int, bool, str]] = {}
    for gap, text, asked, _ in await session.execute(first):
        written = asked, has_diacritics(text), text
        if gap not in best or written[:2] >= best[gap][:2]:
            best[gap] = written
    return {gap: text for gap, (_, _, text) in best.items()}


async def _waiting(session: AsyncSession, gaps: Sequence[int]) -> dict[int, int]:
    """Count by gap the chats that want to hear and were not told."""
    chats = (
        select(GapQuestion.gap_id, Awaited.channel, Awaited.key)
        .join(Awaited, _same_chat())
        .where(GapQuestion.gap_id.in_(gaps), Awaited.told_at.is_(None))
        .distinct()
        .subquery()
    )
    counted = select(chats.c.gap_id, func.count()).group_by(chats.c.gap_id)
    return {row[0]: row[1] for row in await session.execute(counted)}


def _awaited(gap: int, which: ColumnElement[bool]) -> Subquery:
    return (
        select(Awaited.channel, Awaited.key)
        .join(GapQuestion, _same_chat())
        .where(GapQuestion.gap_id == gap, which)
        .distinct()
        .subquery()
    )


def _same_chat() -> ColumnElement[bool]:
    return and_(
        Awaited.channel == GapQuestion.channel,
        Awaited.key == GapQuestion.key,
        Awaited.asked == GapQuestion.asked,
    )


def _sum(true: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((true, 1), else_=0)), 0)
