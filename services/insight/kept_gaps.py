"""Gaps as they are kept: what was not answered well is put into them as it is asked.

A gap stays the one that staff have worked on: what comes later is put into the nearest, and never
moves what somebody put elsewhere. What was dismissed or answered takes what is like it in too, so
that it is seen to be asked again.
"""

from collections.abc import Sequence
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
from services.storage.models import GapQuestion, KeptGap, Turn
from services.storage.session import Sessions, alone

_STRETCH = timedelta(days=3)
"""Days that are looked through at a time: others write between two."""
_AGAIN = timedelta(hours=1)
"""For so long what was looked through is looked through again: verdicts come late."""
_NEAR = 0.5


@dataclass
class GapKeeper:
    """Puts what was not answered well into gaps, as far as it has not done so."""

    sessions: Sessions
    _until: datetime | None = field(default=None, init=False)
    """Up to where this process has looked."""

    async def keep(self, library: Library, now: datetime) -> int:
        """Put everything asked until now into its gap; return how many questions were new."""
        new, start = 0, await self._start()
        while start is not None and start < now:
            end = min(start + _STRETCH, now)
            async with self.sessions.begin() as session:
                await alone(session, "gaps")
                asked = await unanswered(session, library, start, end)
                ripe = [one for one in asked if one.kind != "left" or one.at <= now - SOON]
                new += await _put(session, library, ripe, now)
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


async def _put(
    session: AsyncSession, library: Library, asked: Sequence[Unanswered], now: datetime
) -> int:
    """Put questions that stand in no gap yet into theirs; return how many."""
    sources = [one.source for one in asked]
    known = select(GapQuestion.source).where(GapQuestion.source.in_(sources))
    there = set(await session.scalars(known))
    fresh = [one for one in asked if one.source not in there]
    if not fresh:
        return 0
    places = await _places(session, library)
    index: LexicalIndex | None = None
    for one in fresh:
        number = places.find(one.text)
        if number is None:
            index = index or LexicalIndex.of(library.articles.values())
            gap = KeptGap(created_at=now, nearest=one.article or _nearest(index, one.text))
            session.add(gap)
            await session.flush()
            number = gap.id
        places.add(number, one.text)
        session.add(_question(number, one))
    return len(fresh)


async def _places(session: AsyncSession, library: Library) -> Places:
    articles = library.articles.values()
    places = Places(Weights.of(question for a in articles for question in a.questions))
    worded = select(GapQuestion.gap_id, GapQuestion.text).distinct().order_by(GapQuestion.gap_id)
    for gap, text in await session.execute(worded):
        places.add(gap, text)
    return places


def _nearest(index: LexicalIndex, text: str) -> str | None:
    return next((name for name, share in index.search(text, most=1) if share >= _NEAR), None)


def _question(gap: int, one: Unanswered) -> GapQuestion:
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
    )
