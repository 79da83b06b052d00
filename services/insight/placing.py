"""Placing: which gap a question belongs to, by its words and by its meaning.

A question is compared with every wording that a gap holds, so that what staff merged stays
together and what they took out stays out.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from services.insight.gaps import Bag, Weights, words

_ALIKE = 0.55


@dataclass
class Places:
    """The wordings of all gaps, found by the words that they share with another."""

    weights: Weights
    _bags: list[Bag] = field(default_factory=list, init=False)
    _gaps: list[int] = field(default_factory=list, init=False)
    _holding: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list), init=False)
    _known: set[tuple[int, frozenset[str]]] = field(default_factory=set, init=False)

    def add(self, gap: int, text: str) -> None:
        """Note that a wording is of a gap."""
        asked = words(text)
        if (gap, asked) in self._known:
            return
        self._known.add((gap, asked))
        bag = self.weights.bag(asked)
        for word in bag:
            self._holding[word].append(len(self._bags))
        self._bags.append(bag)
        self._gaps.append(gap)

    def find(self, text: str) -> int | None:
        """Return the gap that a question belongs to; None where it is the first of its kind."""
        asked = self.weights.bag(words(text))
        alike: dict[int, float] = defaultdict(float)
        for word, weight in asked.items():
            for place in self._holding.get(word, ()):
                alike[place] += weight * self._bags[place][word]
        best = max(alike, key=lambda place: (alike[place], -place), default=None)
        if best is None or alike[best] < _ALIKE:
            return None
        return self._gaps[best]
