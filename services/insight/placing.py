"""Placing: which gap a question belongs to, by its words and by its meaning.

What is nearly a wording that some gap has goes there, so that what staff merged or took out counts
as they left it. Else a question is compared with all wordings of a gap on the average, so that one
that stands between two kinds does not bring them together: it goes to the likest gap where that is
like enough, or like and far ahead of the next.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from services.insight.gaps import Bag, Weights, words
from services.understanding.meaning import Meaning, Meant

_WORDS, _MEANING = 0.3, 0.7
"""What either tells. Measured, as are the bars below, on every second kind of
`tests/services/insight/gap_groups.yml`; the figures stand in docs/benchmarks.md."""


_SAME = 0.8
"""From which likeness of their words on two wordings are nearly one."""


@dataclass(frozen=True)
class _Bar:
    """From which likeness on a question belongs to a gap."""

    sure: float
    likely: float
    ahead: float = 0.7
    """So much of the likest's likeness the next may have, where it is only likely."""


_BOTH = _Bar(sure=0.58, likely=0.5, ahead=0.65)
_WORDS_ALONE = _Bar(sure=0.67, likely=0.57)
"""Of what is put together in 20 orders .915 belong so, and .318 of what belongs is found; by .65
and .55 it was .894 and .323, and nine of ten is the least. More examples weigh words otherwise."""


@dataclass
class _Held:
    """What a gap holds: its words together, each wording once, and what it means."""

    words: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    wordings: int = 0
    meant: Meant = field(default_factory=Meant)


@dataclass
class Places:
    """All gaps, by what they hold."""

    weights: Weights
    _gaps: dict[int, _Held] = field(default_factory=dict, init=False)
    _known: set[tuple[int, frozenset[str]]] = field(default_factory=set, init=False)
    _wordings: list[tuple[int, Bag]] = field(default_factory=list, init=False)
    _holding: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list), init=False)
    """Where a word stands among the wordings."""

    def add(self, gap: int, text: str, meaning: Meaning | None = None) -> None:
        """Note that a wording is of a gap."""
        asked = words(text)
        if (gap, asked) in self._known:
            return
        self._known.add((gap, asked))
        held = self._gaps.setdefault(gap, _Held())
        bag = self.weights.bag(asked)
        for word, weight in bag.items():
            held.words[word] += weight
            self._holding[word].append(len(self._wordings))
        self._wordings.append((gap, bag))
        held.wordings += 1
        if meaning is not None:
            held.meant.add(meaning)

    def find(self, text: str, meaning: Meaning | None = None) -> int | None:
        """Return the gap that a question belongs to; None where it is the first of its kind."""
        bag = self.weights.bag(words(text))
        if (same := self._same(bag)) is not None:
            return same
        for bar, alike in self._alike(bag, meaning):
            (gap, most), *others = sorted(alike.items(), key=lambda pair: (-pair[1], pair[0]))
            second = others[0][1] if others else 0.0
            if most >= bar.sure or (most >= bar.likely and second <= bar.ahead * most):
                return gap
        return None

    def _same(self, bag: Bag) -> int | None:
        """Return the gap that has nearly this wording."""
        alike: dict[int, float] = defaultdict(float)
        for word, weight in bag.items():
            for place in self._holding.get(word, ()):
                alike[place] += weight * self._wordings[place][1][word]
        best = max(alike, key=lambda place: (alike[place], -place), default=None)
        if best is None or alike[best] < _SAME:
            return None
        return self._wordings[best][0]

    def _alike(self, bag: Bag, meaning: Meaning | None) -> Iterator[tuple[_Bar, dict[int, float]]]:
        """Yield how like a question is to gaps: by both where both are known, then by words."""
        by_words = {
            gap: sum(weight * held.words.get(word, 0.0) for word, weight in bag.items())
            / held.wordings
            for gap, held in self._gaps.items()
        }
        if meaning is not None:
            numbers = array("b", meaning)
            both = {
                gap: _WORDS * by_words[gap] + _MEANING * held.meant.likeness(numbers)
                for gap, held in self._gaps.items()
                if held.meant.count
            }
            if both:
                yield _BOTH, both
            by_words = {gap: by_words[gap] for gap in by_words if gap not in both}
        if by_words:
            yield _WORDS_ALONE, by_words


def likest(own: Sequence[Meaning], others: Mapping[int, Meaning], most: int) -> list[int]:
    """Return which of `others` mean nearest to what all of `own` mean together, nearest first.

    Without a bar: whoever reads them decides. The figures stand in docs/benchmarks.md.
    """
    together = Meant()
    for meaning in own:
        together.add(meaning)
    alike = {gap: together.likeness(array("b", meaning)) for gap, meaning in others.items()}
    return sorted(alike, key=lambda gap: (-alike[gap], gap))[:most]
