"""The reader by words: what answers while the NLU can't be asked, and how sure that is.

Two curves turn a few figures of likeness into chances: that the first article is right, and that
any answers. Their weights and the bars stand in `words.json`, written by `make bench-words`.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict

from services.knowledge.library import Library
from services.knowledge.search import LexicalIndex, Likeness
from services.understanding.interpretation import Candidate, Interpretation
from services.understanding.thresholds import Bars

FILE = Path(__file__).with_suffix(".json")
ELLIPTICAL_WORDS = 12
"""A message that leans on the open article is short; a longer one is read by itself alone."""

Weights = Mapping[str, float]
"""How much each figure weighs."""


class Weighing(BaseModel):
    """What the figures of a reading weigh."""

    model_config = ConfigDict(frozen=True)

    right: dict[str, float]
    """For the chance that the first article answers."""
    inside: dict[str, float]
    """For the chance that any does."""


class Measure(Weighing):
    """How one kind of reading is judged."""

    bars: Bars


class WordsMeasured(BaseModel):
    """What was measured on held-out examples of the content."""

    model_config = ConfigDict(frozen=True)

    alone: Measure
    """For a message by itself."""
    opened: Measure
    """For one that is read within the open topic."""


@dataclass(frozen=True)
class Found:
    """Articles that a message may ask for, the likest first, and what tells how sure that is."""

    articles: Mapping[str, float]
    figures: Mapping[str, float]


@dataclass(frozen=True)
class WordReader:
    """Reads a message by its words; never fails."""

    index: LexicalIndex
    measured: WordsMeasured

    @classmethod
    def of(cls, library: Library) -> Self:
        """Return what reads by the words of a library."""
        return cls(LexicalIndex.of(library.articles.values(), library.foreign), words_measured())

    async def parse(self, text: str, opened: str | None = None) -> Interpretation:
        """Read a message by itself and, where it may lean on it, within the open topic.

        The surer reading is returned: the open topic is favoured by nothing else.
        """
        likeness = self.index.likeness(text)
        alone = self._reading(everywhere(likeness), self.measured.alone, opened=False)
        if opened is None or len(text.split()) > ELLIPTICAL_WORDS:
            return alone
        found = within(likeness, opened.partition("/")[0])
        beside = self._reading(found, self.measured.opened, opened=True)
        return max(alone, beside, key=_sureness)

    def _reading(self, found: Found, measure: Measure, *, opened: bool) -> Interpretation:
        """Return the articles found; each is as much less sure than the first as less like."""
        first = max(found.articles.values(), default=1.0)
        right = chance(found.figures, measure.right)
        ranking = (
            Candidate("article", name, right * like / first)
            for name, like in found.articles.items()
        )
        return Interpretation(
            tuple(ranking),
            in_scope=chance(found.figures, measure.inside) if found.articles else 0.0,
            opened=opened,
            degraded=True,
            bars=measure.bars,
        )


def everywhere(likeness: Likeness) -> Found:
    """Return what a message asks for by itself."""
    return Found(likeness.articles, _figures(likeness.articles, likeness.foreign))


def within(likeness: Likeness, topic: str) -> Found:
    """Return what it asks for if it is asked of the open topic."""
    inside = {n: like for n, like in likeness.articles.items() if n.startswith(f"{topic}/")}
    others = (like for n, like in likeness.articles.items() if n not in inside)
    first = next(iter(inside.values()), 0.0)
    figures = _figures(inside, likeness.foreign)
    return Found(inside, {**figures, "elsewhere": _beyond(first, max(others, default=0.0))})


def chance(figures: Mapping[str, float], weights: Weights) -> float:
    """Return the chance that a logistic curve makes of some figures."""
    return 1 / (1 + math.exp(-sum(weights[name] * figure for name, figure in figures.items())))


@lru_cache
def words_measured(path: Path = FILE) -> WordsMeasured:
    """Read what was measured; it comes with the code."""
    return WordsMeasured.model_validate_json(path.read_bytes())


def _figures(articles: Mapping[str, float], foreign: float) -> dict[str, float]:
    """Return how far the first article is ahead of the second, and of what no article answers."""
    first, second = (*articles.values(), 0.0, 0.0)[:2]
    ahead = (first - second) / first if first else 0.0
    return {"constant": 1.0, "ahead": ahead, "ours": _beyond(first, foreign)}


def _beyond(one: float, other: float) -> float:
    """Return how far one is beyond the other: from -1 to 1, 0 where they are alike."""
    return (one - other) / (one + other) if one + other else 0.0


def _sureness(reading: Interpretation) -> float:
    return max((candidate.confidence for candidate in reading.ranking), default=0.0)
