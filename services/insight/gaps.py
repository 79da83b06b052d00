"""Gaps: questions that were not answered well, those that are likely the same together.

They are grouped around the first of each kind. A question is a bag of its words, folded and with
short forms written out, weighed by how rarely they stand in the questions that the content knows.
Two belong together when the cosine of their bags is large enough. Greedy and in order: the same
list always gives the same groups.
"""

import hashlib
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from nlu.text import fold, has_diacritics, read_lexicon, tokens, until_answered
from services.insight.log import Kind, Unanswered, unanswered
from services.knowledge.library import Library
from services.knowledge.search import LexicalIndex
from services.masking.mask import mask
from services.masking.shadow import MASK

_MOST_SAMPLES = 5
_ID_DIGITS = 8
_NEAR = 0.5
_ALIKE = 0.55
"""Measured on the example questions of `content`, taken as a log: of the pairs that this puts
together two in three ask the same article, the others one of its neighbours."""

_LIGHT = _ALIKE / 2
"""The length of the words of a text that are not looked up; a choice between time and time."""

Bag = Mapping[str, float]


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
        return self.texts[:_MOST_SAMPLES]

    @property
    def questions(self) -> list[str]:
        """The wordings that may stand in an article: those with a personal number may not.

        They are masked again: an older release may have let one through.
        """
        return [text for text in self.texts if MASK not in text and mask(text) == text]

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
    weights = Weights.of(question for a in articles for question in a.questions)
    groups = group([question.text for question in asked], weights)
    index = LexicalIndex.of(articles)
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


@dataclass(frozen=True)
class Weights:
    """How much each word tells; one that no known question has tells most."""

    seen: Mapping[str, int]
    questions: int

    @classmethod
    def of(cls, questions: Iterable[str]) -> "Weights":
        """Weigh words by the questions that are known."""
        asked = [words(question) for question in questions]
        return cls(Counter(word for each in asked for word in each), len(asked))

    def bag(self, asked: Iterable[str]) -> Bag:
        """Return words with their weights, of length one together, the heaviest first."""
        found = {word: self._weight(word) for word in asked}
        length = math.hypot(*found.values()) or 1.0
        ordered = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
        return {word: weight / length for word, weight in ordered}

    def _weight(self, word: str) -> float:
        return math.log((self.questions + 2) / (self.seen.get(word, 0) + 1))


@dataclass
class _Leaders:
    """The first question of each group, found by the heavy words that it shares with another."""

    bags: list[Bag] = field(default_factory=list)
    holding: dict[str, list[tuple[int, float]]] = field(default_factory=lambda: defaultdict(list))

    def place(self, bag: Bag) -> int:
        """Return the group of the leader most like a question, or a new group that it leads."""
        heavy = dict(_heavy(bag))
        alike = {leader: _cosine(bag, self.bags[leader]) for leader in self._likely(heavy)}
        best = max(alike, key=lambda leader: (alike[leader], -leader), default=None)
        if best is not None and alike[best] >= _ALIKE:
            return best
        for word, weight in heavy.items():
            self.holding[word].append((len(self.bags), weight))
        self.bags.append(bag)
        return len(self.bags) - 1

    def _likely(self, heavy: Bag) -> list[int]:
        """Return every leader that may be alike, and few others."""
        shared: dict[int, float] = defaultdict(float)
        for word, weight in heavy.items():
            for leader, other in self.holding.get(word, ()):
                shared[leader] += weight * other
        return [leader for leader, part in shared.items() if part >= _ALIKE - _LIGHT]


def group(texts: Iterable[str], weights: Weights) -> list[list[int]]:
    """Return the places of texts that ask the same, each group in order, led by its first."""
    leaders, known = _Leaders(), dict[frozenset[str], int]()
    groups: dict[int, list[int]] = defaultdict(list)
    for place, text in enumerate(texts):
        asked = words(text)
        if asked not in known:
            known[asked] = leaders.place(weights.bag(asked))
        groups[known[asked]].append(place)
    return list(groups.values())


@until_answered(maxsize=32_768)
def words(text: str) -> frozenset[str]:
    """Return the words of a text without diacritics, short forms written out."""
    return frozenset(tokens(fold(read_lexicon().expand(text)[0])))


def _heavy(bag: Bag) -> Iterator[tuple[str, float]]:
    """Yield the heaviest words, until the length of those that are left is under `_LIGHT`.

    Words are ordered alike in every text, so what two share beside their heavy words is light in
    one of them, and adds less than `_LIGHT` to their cosine (Cauchy and Schwarz).
    """
    left = 1.0
    for word, weight in bag.items():
        if left < _LIGHT**2:
            return
        yield word, weight
        left -= weight**2


def _cosine(one: Bag, other: Bag) -> float:
    return sum(weight * other[word] for word, weight in one.items() if word in other)
