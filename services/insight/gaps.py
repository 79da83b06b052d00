"""Gaps: questions that were not answered well, those that are likely the same together."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from nlu.text import has_diacritics
from services.conversation.question import MASK
from services.insight.clusters import Weights, group, words
from services.insight.log import Kind, Unanswered, unanswered
from services.knowledge.library import Library
from services.knowledge.search import LexicalIndex

MOST_SAMPLES = 5
_ID_DIGITS = 8
_NEAR = 0.5


@dataclass(frozen=True)
class Gap:
    """A kind of question that the content does not answer, or not well."""

    id: str
    """Of the first of its questions that is kept, whichever days are looked at."""
    count: int
    kinds: dict[Kind, int]
    reasons: dict[str, int]
    """Why answers to it were of no use, as far as people said."""
    nearest: str | None
    """The article that was of no use most often, or one that shares half of the words or more."""
    texts: tuple[str, ...]
    """Each wording once, the most frequent first, of like ones that with diacritics."""
    last: datetime

    @property
    def samples(self) -> tuple[str, ...]:
        """A few of the wordings."""
        return self.texts[:MOST_SAMPLES]

    @property
    def questions(self) -> list[str]:
        """The wordings that may stand in an article: those with a masked number may not."""
        return [text for text in self.texts if MASK not in text]

    def as_json(self) -> dict[str, Any]:
        """Return the shape that `htx gaps --json` prints for each gap."""
        return {
            "id": self.id,
            "count": self.count,
            "kinds": self.kinds,
            "reasons": self.reasons,
            "nearest": self.nearest,
            "samples": list(self.samples),
            "last_seen": self.last.isoformat(),
        }


async def find_gaps(session: AsyncSession, library: Library, since: datetime) -> list[Gap]:
    """Return the gaps in what was asked since a time, the largest first.

    Groups are made of all that is kept: a gap is the same one in a week as in a month.
    """
    asked = await unanswered(session, library)
    articles = library.articles.values()
    weights = Weights.of(question for a in articles for question in a.head.questions)
    groups = group([question.text for question in asked], weights)
    index = LexicalIndex(articles)
    gaps = [_gap([asked[place] for place in places], index, since) for places in groups]
    return sorted(filter(None, gaps), key=lambda gap: (-gap.count, gap.id))


def _gap(kept: Sequence[Unanswered], index: LexicalIndex, since: datetime) -> Gap | None:
    """Return what was asked of a group since a time, or None when nothing was."""
    asked = [question for question in kept if question.at >= since]
    if not asked:
        return None
    leader, spelt = kept[0].text, Counter(question.text for question in asked)
    return Gap(
        id=hashlib.sha256(" ".join(sorted(words(leader))).encode()).hexdigest()[:_ID_DIGITS],
        count=len(asked),
        kinds=dict(Counter(question.kind for question in asked)),
        reasons=dict(Counter(question.reason for question in asked if question.reason)),
        nearest=_nearest(asked, index),
        texts=tuple(sorted(spelt, key=lambda t: (-spelt[t], not has_diacritics(t), t))),
        last=max(question.at for question in asked),
    )


def _nearest(asked: Sequence[Unanswered], index: LexicalIndex) -> str | None:
    blamed = Counter(question.article for question in asked if question.article)
    if blamed:
        return blamed.most_common(1)[0][0]
    found = index.search(asked[0].text, most=1)
    return next((name for name, share in found if share >= _NEAR), None)
