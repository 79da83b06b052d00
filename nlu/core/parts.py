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
from nlu.core.scorer import Scorer
from nlu.core.views import Vectors

_USUAL = 0.6
"""So much of a part's share of the texts counts for nothing: many texts make no part likelier."""


@dataclass(frozen=True)
class PartScorer:
    """The articles that have parts, by intent; the columns of each are its parts."""

    articles: dict[str, Scorer]

    @classmethod
    def fit(cls, vectors: Vectors, texts: Sequence[Example]) -> PartScorer:
        """Learn from what asks for the parts of articles or is one, each with its vectors."""
        rows: dict[str, list[int]] = {}
        for at, text in enumerate(texts):
            rows.setdefault(text.intent, []).append(at)
        return cls(
            {i: _fit(vectors.take(r), [texts[at].part for at in r]) for i, r in rows.items()}
        )

    def read(self, vectors: Vectors, intents: Sequence[str]) -> dict[str, dict[str, float]]:
        """Return, for those of the intents that have parts, how much a message asks for each."""
        return {i: _read(self.articles[i], vectors) for i in intents if i in self.articles}


def _fit(vectors: Vectors, parts: Sequence[str]) -> Scorer:
    columns, rows = tuple(dict.fromkeys(parts)), np.arange(len(parts))
    targets = targets_of([[part] for part in parts], columns)
    return Scorer(columns, Kernel.fit(vectors, targets, rows, rows[:0]))


def _read(scorer: Scorer, vectors: Vectors) -> dict[str, float]:
    scores = scorer.kernel.scores(vectors)[0] - _USUAL * scorer.kernel.offset
    return dict(zip(scorer.columns, scores.tolist(), strict=True))
