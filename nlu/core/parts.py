"""Which part of an article a message asks for, once it is known to ask for the article.

Each article has least squares of its own over the few dozens of texts that ask for its lead or for
one of its parts. Among so few rivals a bare word tells much: “bao lâu” is in one of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from nlu.core import storage
from nlu.core.kernel import BOTH, SPARSE, KernelWeights, likenesses, one_hot
from nlu.core.views import Vectors

PENALTY = 0.5
"""Of texts so few and so alike; held out, .1 and 1 chose less often rightly."""


@dataclass(frozen=True)
class PartScorer:
    """The texts that ask for one article, and what each says for each of its parts."""

    parts: tuple[str, ...]
    """Their ids; empty is the lead."""
    examples: Vectors
    weights: dict[str, KernelWeights]

    @classmethod
    def fit(cls, examples: Vectors, parts: Sequence[str]) -> PartScorer:
        """Learn from vectors, a row for each text, and the part that each asks for."""
        columns = tuple(sorted(set(parts)))
        targets = one_hot(parts, columns)
        alike = likenesses(examples, examples)
        weights = {view: KernelWeights.fit(a, targets, PENALTY) for view, a in alike.items()}
        return cls(columns, examples, weights)

    def ranked(self, message: Vectors) -> list[str]:
        """Return the parts that a message may ask for, the likest first."""
        alike = likenesses(message, self.examples)
        view = BOTH if BOTH in alike else SPARSE
        order = np.argsort(-self.weights[view].scores(alike[view])[0], kind="stable")
        return [self.parts[at] for at in order]


@dataclass(frozen=True)
class ArticleParts:
    """A scorer for each article that has parts, by its intent."""

    by_intent: dict[str, PartScorer]

    @classmethod
    def fit(cls, vectors: Vectors, intents: Sequence[str], parts: Sequence[str]) -> ArticleParts:
        """Learn from examples, a row for each: what article it asks for, and which part of it."""
        rows: dict[str, list[int]] = defaultdict(list)
        for row, intent in enumerate(intents):
            rows[intent].append(row)
        parted = {n: at for n, at in rows.items() if any(parts[row] for row in at)}
        return cls(
            {
                intent: PartScorer.fit(vectors.take(np.array(at)), [parts[row] for row in at])
                for intent, at in parted.items()
            }
        )

    def ranked(self, message: Vectors, intent: str) -> list[str]:
        """Return the parts of an intent's article, the likest first; none where it has none."""
        scorer = self.by_intent.get(intent)
        return scorer.ranked(message) if scorer else []

    def save(self, folder: Path) -> None:
        """Write everything into `folder`: all texts in one table, the weights one after another."""
        if not self.by_intent:
            storage.save(folder, {}, {"parts": {}})
            return
        stacked = Vectors.stack([scorer.examples for scorer in self.by_intent.values()])
        arrays = {
            "values": stacked.sparse.data.astype(np.float16),
            "places": stacked.sparse.indices,
            "ends": stacked.sparse.indptr,
            "shape": np.array(stacked.sparse.shape),
        }
        if stacked.dense is not None:
            arrays["dense"] = stacked.dense.astype(np.float16)
        for view in next(iter(self.by_intent.values())).weights:
            weights = [scorer.weights[view] for scorer in self.by_intent.values()]
            arrays[f"{view}.coefficients"] = np.concatenate(
                [w.coefficients.ravel() for w in weights]
            )
            arrays[f"{view}.offset"] = np.concatenate([w.offset for w in weights])
        told = {intent: scorer.parts for intent, scorer in self.by_intent.items()}
        rows = [scorer.examples.sparse.shape[0] for scorer in self.by_intent.values()]
        storage.save(folder, arrays, {"parts": told, "rows": rows})

    @classmethod
    def load(cls, folder: Path) -> ArticleParts:
        """Read what `save` wrote."""
        arrays, meta = storage.load(folder)
        return cls(dict(_scorers(arrays, meta)) if meta["parts"] else {})


def _scorers(arrays: storage.Arrays, meta: dict[str, Any]) -> Iterator[tuple[str, PartScorer]]:
    """Yield each intent and its scorer, out of the tables that hold them all."""
    sparse = csr_matrix(
        (arrays["values"].astype(np.float32), arrays["places"], arrays["ends"]),
        shape=tuple(arrays["shape"]),
    )
    dense = arrays["dense"].astype(np.float32) if "dense" in arrays else None
    views = [view for view in (SPARSE, BOTH) if f"{view}.offset" in arrays]
    row = cell = column = 0
    for (intent, parts), count in zip(meta["parts"].items(), meta["rows"], strict=True):
        wide = len(parts)
        taken = slice(row, row + count)
        weights = {
            view: KernelWeights(
                arrays[f"{view}.coefficients"][cell : cell + count * wide].reshape(count, wide),
                arrays[f"{view}.offset"][column : column + wide],
            )
            for view in views
        }
        own = Vectors(sparse[taken], None if dense is None else dense[taken])
        yield intent, PartScorer(tuple(parts), own, weights)
        row, cell, column = row + count, cell + count * wide, column + wide
