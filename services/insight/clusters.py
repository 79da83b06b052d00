"""Clusters: questions that are likely the same, grouped around the first of each kind.

A question is a bag of its words, folded and with short forms written out, weighed by how rarely
they stand in the questions that the content knows. Two belong together when the cosine of their
bags is at least `ALIKE`. Greedy and in order: the same list always gives the same groups.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache

from nlu.text import Lexicon, fold, read_lexicon, tokens

ALIKE = 0.55
"""Measured on the example questions of `content`, taken as a log: of the pairs that this puts
together two in three ask the same article, the others one of its neighbours."""

LIGHT = ALIKE / 2
"""The length of the words of a text that are not looked up; a choice between time and time."""

Bag = Mapping[str, float]


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
        if best is not None and alike[best] >= ALIKE:
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
        return [leader for leader, part in shared.items() if part >= ALIKE - LIGHT]


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


@lru_cache(maxsize=32_768)
def words(text: str) -> frozenset[str]:
    """Return the words of a text without diacritics, short forms written out."""
    return frozenset(tokens(fold(_lexicon().expand(text)[0])))


def _heavy(bag: Bag) -> Iterator[tuple[str, float]]:
    """Yield the heaviest words, until the length of those that are left is under `LIGHT`.

    Words are ordered alike in every text, so what two share beside their heavy words is light in
    one of them, and adds less than `LIGHT` to their cosine (Cauchy and Schwarz).
    """
    left = 1.0
    for word, weight in bag.items():
        if left < LIGHT**2:
            return
        yield word, weight
        left -= weight**2


def _cosine(one: Bag, other: Bag) -> float:
    return sum(weight * other[word] for word, weight in one.items() if word in other)


@cache
def _lexicon() -> Lexicon:
    return read_lexicon()
