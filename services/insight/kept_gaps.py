"""Gaps as they are kept: what was not answered well is put into them as it is asked.

A gap stays the one that staff have worked on: what comes later is put into the nearest, and never
moves what somebody put elsewhere. What was dismissed or answered takes what is like it in too, so
that it is seen to be asked again.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.insight.awaiting import known_by
from services.insight.gaps import Weights
from services.insight.log import SOON, Unanswered, unanswered
from services.insight.placing import Places
from services.knowledge.library import Library
from services.knowledge.search import LexicalIndex
from services.storage.dialects import rows_of
from services.storage.models import Feedback, GapQuestion, KeptGap, Turn
from services.storage.session import Sessions, alone, claim
from services.understanding.meaning import Meaning

_STRETCH = timedelta(days=3)
"""Days that are looked through at a time: others write between two."""
_AGAIN = timedelta(hours=1)
"""For so long what was looked through is looked through again: verdicts come late."""
_NEAR = 0.5


async def _meaningless(texts: Sequence[str]) -> list[Meaning | None]:
    return [None] * len(texts)


@dataclass
class GapKeeper:
    """Puts what was not answered well into gaps, as far as it has not done so."""

    sessions: Sessions
    meant: Callable[[Sequence[str]], Awaitable[list[Meaning | None]]] = _meaningless
    """Says what questions mean, where that is known."""
    _until: datetime | None = field(default=None, init=False)
    """Up to where this process has looked."""

    async def keep(self, library: Library, now: datetime) -> int:
        """Put everything asked until now into its gap; return how many questions were new."""
        new, start = 0, await self._start()
        while start is not None and start < now:
            end = min(start + _STRETCH, now)
            new += await self._look_through(library, start, end, now)
            start = end
        self._until = now
        return new

    async def _start(self) -> datetime | None:
        """Return from when on to look; None where nothing was ever asked."""
        if self._until is not None:
            return self._until - _AGAIN
        async with self.sessions() as session:
            last = await session.scalar(select(func.max(GapQuestion.at)))
            first = await session.scalar(select(func.min(Turn.at)))
        return last - _AGAIN if last else first

    async def _look_through(
        self, library: Library, start: datetime, end: datetime, now: datetime
    ) -> int:
        """Put what was asked in a stretch into its gaps; nothing is held while that is found."""
        async with self.sessions() as session:
            asked = await unanswered(session, library, start, end)
            ripe = [one for one in asked if one.kind != "left" or one.at <= now - SOON]
            fresh = await _fresh(session, ripe)
            if not fresh:
                return 0
            held = await _held(session)
        meant = await self.meant([one.text for one in fresh])
        placed = await asyncio.to_thread(_placed, library, held, fresh, meant)
        async with self.sessions.begin() as session:
            await claim(session)
            await alone(session, "gaps")
            there = await _kept(session, start, end)  # somebody may have erased all meanwhile
            still = there & {one.source for one in await _fresh(session, fresh)}
            await _write(session, [one for one in placed if one.asked.source in still], now)
        return len(still)


@dataclass(frozen=True)
class _Placed:
    """Where a question belongs."""

    asked: Unanswered
    meaning: Meaning | None
    gap: int
    """The number of a gap; one below nought stands for a new gap, the same for all that are its."""
    nearest: str | None = None
    """Of the first question of a new gap the article that may answer it."""


async def _fresh(session: AsyncSession, asked: Sequence[Unanswered]) -> list[Unanswered]:
    """Return the questions that stand in no gap yet."""
    sources = rows_of([one.source for one in asked])
    there = set(
        await session.scalars(select(GapQuestion.source).where(GapQuestion.source.in_(sources)))
    )
    return [one for one in asked if one.source not in there]


async def _kept(session: AsyncSession, start: datetime, end: datetime) -> set[str]:
    """Return the sources of a stretch that there are."""
    turns = select(Turn.id).where(Turn.at >= start, Turn.at < end)
    verdicts = select(Feedback.id).where(Feedback.at >= start, Feedback.at < end)
    named = {f"turn {number}" for number in await session.scalars(turns)}
    return named | {f"verdict {number}" for number in await session.scalars(verdicts)}


async def _held(session: AsyncSession) -> list[tuple[int, str, Meaning | None]]:
    """Return every wording of every gap, with what it means where that is known."""
    worded = select(GapQuestion.gap_id, GapQuestion.text, GapQuestion.vector)
    rows = await session.execute(worded.order_by(GapQuestion.id))
    return [(gap, text, vector) for gap, text, vector in rows]


def _placed(
    library: Library,
    held: Sequence[tuple[int, str, Meaning | None]],
    fresh: Sequence[Unanswered],
    meant: Sequence[Meaning | None],
) -> list[_Placed]:
    """Find the gap of each question, in their order; this may take long, and asks nothing."""
    articles = library.articles.values()
    places = Places(Weights.of(question for a in articles for question in a.questions))
    for wording in held:
        places.add(*wording)
    index: LexicalIndex | None = None
    placed, made = [], 0
    for one, meaning in zip(fresh, meant, strict=True):
        gap, nearest = places.find(one.text, meaning), None
        if gap is None:
            index = index or LexicalIndex.of(articles)
            made -= 1
            gap, nearest = made, one.article or _nearest(index, one.text)
        places.add(gap, one.text, meaning)
        placed.append(_Placed(one, meaning, gap, nearest))
    return placed


async def _write(session: AsyncSession, placed: Sequence[_Placed], now: datetime) -> None:
    """Write questions into their gaps; one that was merged meanwhile has its questions' place."""
    query = select(KeptGap.id, KeptGap.merged_into).where(KeptGap.merged_into.is_not(None))
    merged = {row[0]: row[1] for row in await session.execute(query) if row[1]}
    made: dict[int, int] = {}
    for one in placed:
        number = one.gap
        if number < 0 and number not in made:
            gap = KeptGap(created_at=now, nearest=one.nearest)
            session.add(gap)
            await session.flush()
            made[number] = gap.id
        number = made.get(number, number)
        while number in merged:
            number = merged[number]
        session.add(_question(number, one.asked, one.meaning))


def _nearest(index: LexicalIndex, text: str) -> str | None:
    return next((name for name, share in index.search(text, most=1) if share >= _NEAR), None)


def _question(gap: int, one: Unanswered, meaning: Meaning | None) -> GapQuestion:
    channel, key = one.chat
    return GapQuestion(
        gap_id=gap,
        source=one.source,
        channel=channel,
        key=key,
        at=one.at,
        text=one.text,
        asked=known_by(one.text),
        kind=one.kind,
        article=one.article,
        reason=one.reason,
        vector=meaning,
    )
