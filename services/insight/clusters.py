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
    holding: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def place(self, bag: Bag) -> int:
        """Return the group of the leader most like a question, or a new group that it leads."""
        heavy = list(_heavy(bag))
        likely = {leader for word in heavy for leader in self.holding.get(word, ())}
        alike = {leader: _cosine(bag, self.bags[leader]) for leader in likely}
        best = max(alike, key=lambda leader: (alike[leader], -leader), default=None)
        if best is not None and alike[best] >= ALIKE:
            return best
        for word in heavy:
            self.holding[word].append(len(self.bags))
        self.bags.append(bag)
        return len(self.bags) - 1


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


def _heavy(bag: Bag) -> Iterator[str]:
    """Yield the heaviest words, until those that are left are together shorter than `ALIKE`.

    Two alike texts have one of these in common: were their heaviest common word among the light
    ones of either, the cosine would be at most the length of those (Cauchy and Schwarz).
    """
    left = 1.0
    for word, weight in bag.items():
        if left < ALIKE**2:
            return
        yield word
        left -= weight**2


def _cosine(one: Bag, other: Bag) -> float:
    return sum(weight * other[word] for word, weight in one.items() if word in other)


@cache
def _lexicon() -> Lexicon:
    return read_lexicon()
