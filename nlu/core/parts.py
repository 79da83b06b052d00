"""Tells which part of an article a message asks for: least squares among the texts of each article.

Held out, with the likeness by words that the product adds, the first part is the one meant for 87
of 100 questions and 82 of 100 follow-ups; by words alone for 83 and 77 (docs/benchmarks.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nlu.content import Example
from nlu.core.kernel import Kernel, targets_of
from nlu.core.views import Vectors

_USUAL = 0.6
"""So much of a part's share of the texts counts for nothing: many texts make no part likelier."""


@dataclass(frozen=True)
class ArticleParts:
    """What the texts of one article say for each of its parts."""

    parts: Sequence[str]
    kernel: Kernel

    @classmethod
    def fit(cls, vectors: Vectors, parts: Sequence[str]) -> ArticleParts:
        """Learn from texts, each with its part."""
        names, rows = tuple(dict.fromkeys(parts)), np.arange(len(parts))
        return cls(
            names, Kernel.fit(vectors, targets_of([[p] for p in parts], names), rows, rows[:0])
        )

    def read(self, vectors: Vectors) -> dict[str, float]:
        """Return how much a message asks for each part."""
        row = self.kernel.scores(vectors)[0] - _USUAL * self.kernel.offset
        return dict(zip(self.parts, map(float, row), strict=True))


@dataclass(frozen=True)
class PartScorer:
    """The articles that have parts, by intent."""

    articles: dict[str, ArticleParts]

    @classmethod
    def fit(cls, vectors: Vectors, texts: Sequence[Example]) -> PartScorer:
        """Learn from what asks for the parts of articles or is one, each with its vectors."""
        rows: dict[str, list[int]] = {}
        for at, text in enumerate(texts):
            rows.setdefault(text.intent, []).append(at)
        return cls(
            {
                intent: ArticleParts.fit(vectors.take(own), [texts[at].part for at in own])
                for intent, own in rows.items()
            }
        )

    def read(self, vectors: Vectors, intents: Sequence[str]) -> dict[str, dict[str, float]]:
        """Return, for those of the intents that have parts, how much a message asks for each."""
        return {i: self.articles[i].read(vectors) for i in intents if i in self.articles}
