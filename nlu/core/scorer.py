"""Compares a message with every example and scores every intent, with and without embedding."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlu.content import OUT_OF_SCOPE, is_article, is_talk
from nlu.core import storage
from nlu.core.kernel import (
    BOTH,
    PARTS,
    SPARSE,
    Floats,
    KernelWeights,
    held_out_scores,
    likenesses,
    one_hot,
)
from nlu.core.views import Lengths, Vectors

ANY_ARTICLE = "*article"
ANY_TALK = "*talk"
"""Columns for all articles and for all talk together; no intent has such a name."""

_NO_INTENTS = (ANY_ARTICLE, ANY_TALK, OUT_OF_SCOPE)


@lru_cache(maxsize=1024)
def flags(names: tuple[str, ...], has: Callable[[str], bool]) -> NDArray[np.bool_]:
    """Return which of `names` are of a kind; worked out once, as every message has the same."""
    return np.array([has(name) for name in names], dtype=np.bool_)


@lru_cache(maxsize=1024)
def chosen(names: tuple[str, ...], has: Callable[[str], bool]) -> tuple[str, ...]:
    """Return those of `names` that are of a kind; worked out once."""
    return tuple(filter(has, names))


def is_intent(column: str) -> bool:
    """Tell whether a column is an intent one can mean: not out of scope, no joint one."""
    return column not in _NO_INTENTS


@dataclass(frozen=True)
class Scores:
    """A score for each column, by the views that gave it; training has both, a message one.

    The scores of one message, or stacked those of several, a row for each.
    """

    columns: tuple[str, ...]
    by_view: dict[str, Floats]
    lengths: Lengths
    """Of each message, how much is written (`Vectors.lengths`)."""

    @classmethod
    def stack(cls, rows: Sequence[Scores]) -> Scores:
        """Return the scores of several messages as one; all must have the same columns."""
        views = rows[0].by_view
        by_view = {v: np.array([row.by_view[v] for row in rows]) for v in views}
        return cls(rows[0].columns, by_view, np.array([row.lengths for row in rows]))

    @property
    def view(self) -> str:
        """The best view there is."""
        return BOTH if BOTH in self.by_view else SPARSE

    @property
    def intents(self) -> tuple[str, ...]:
        """The columns that are intents one can mean: all but out of scope and the joint ones."""
        return chosen(self.columns, is_intent)

    def of_intents(self, view: str) -> Floats:
        """Return the scores of `intents` by one view."""
        scores: Floats = self.by_view[view][..., flags(self.columns, is_intent)]
        return scores

    def of(self, column: str, view: str) -> Floats:
        """Return the score of one column by one view; 0 where there is no such column."""
        scores = self.by_view[view]
        if column not in self.columns:
            return np.zeros(scores.shape[:-1], dtype=np.float32)
        of_column: Floats = scores[..., self.columns.index(column)]
        return of_column


@dataclass(frozen=True)
class Scorer:
    """The examples' vectors and what each says for each intent.

    The columns are the intents, out of scope among them, and last ANY_ARTICLE and ANY_TALK.
    """

    columns: tuple[str, ...]
    examples: Vectors
    weights: dict[str, KernelWeights]
    held_out: dict[str, Floats] = field(default_factory=dict)
    """The examples' scores when each is left out of training; only there after training."""

    @classmethod
    def fit(cls, vectors: Vectors, labels: Sequence[str], groups: Sequence[str | None]) -> Scorer:
        """Learn the intents in `labels`, and what each example scores when it is left out.

        Examples of one group are left out together, so that no spelling of a question helps
        another; those of no group are never left out and score nothing.
        """
        columns = (*sorted(set(labels)), ANY_ARTICLE, ANY_TALK)
        targets = _targets(labels, columns)
        part_of = _parts(groups)
        alike = likenesses(vectors, vectors)
        with ThreadPoolExecutor() as pool:
            held_out = pool.map(lambda a: held_out_scores(a, targets, part_of), alike.values())
            weights = pool.map(lambda a: KernelWeights.fit(a, targets), alike.values())
            by_view = (
                dict(zip(alike, weights, strict=True)),
                dict(zip(alike, held_out, strict=True)),
            )
        return cls(columns, vectors, *by_view)

    def scores(self, vectors: Vectors) -> list[Scores]:
        """Return the scores of each row of `vectors`, by the best view it has."""
        alike = likenesses(vectors, self.examples)
        view = BOTH if BOTH in alike else SPARSE
        by_view = {view: self.weights[view].scores(alike[view])}
        return by_example(self.columns, by_view, vectors)

    def scores_by_every_view(self, vectors: Vectors) -> list[Scores]:
        """Return the scores of each row by every view it has: what training learns from."""
        alike = likenesses(vectors, self.examples)
        by_view = {view: self.weights[view].scores(alike[view]) for view in alike}
        return by_example(self.columns, by_view, vectors)

    def save(self, folder: Path) -> None:
        """Write everything but the held-out scores into `folder`."""
        storage.save(folder, _packed(self), {"columns": self.columns})

    @classmethod
    def load(cls, folder: Path) -> Scorer:
        """Read what `save` wrote."""
        arrays, meta = storage.load(folder)
        vectors = Vectors(*storage.unpacked(arrays))
        weights = {
            name: KernelWeights(arrays[f"{name}.coefficients"], arrays[f"{name}.offset"])
            for name in (SPARSE, BOTH)
            if f"{name}.offset" in arrays
        }
        return cls(tuple(meta["columns"]), vectors, weights)


def by_example(
    columns: tuple[str, ...], by_view: dict[str, Floats], vectors: Vectors
) -> list[Scores]:
    """Return the rows of `by_view` one by one, each with its vectors' length."""
    return [
        Scores(columns, {view: by_view[view][row] for view in by_view}, length)
        for row, length in enumerate(vectors.lengths)
    ]


def _targets(labels: Sequence[str], columns: Sequence[str]) -> Floats:
    targets = one_hot(labels, columns)
    targets[:, columns.index(ANY_ARTICLE)] = [is_article(label) for label in labels]
    targets[:, columns.index(ANY_TALK)] = [is_talk(label) for label in labels]
    return targets


def _parts(groups: Sequence[str | None]) -> NDArray[np.intp]:
    """Deal the groups out over PARTS parts, always alike; no group is no part, -1."""
    names = sorted({group for group in groups if group is not None})
    order = np.random.default_rng(len(names)).permutation(len(names))
    part = {name: int(order[at]) % PARTS for at, name in enumerate(names)}
    return np.array([-1 if group is None else part[group] for group in groups])


def _packed(scorer: Scorer) -> dict[str, NDArray[Any]]:
    arrays = storage.packed(scorer.examples.sparse, scorer.examples.dense)
    for name, weights in scorer.weights.items():
        arrays[f"{name}.coefficients"] = weights.coefficients
        arrays[f"{name}.offset"] = weights.offset
    return arrays
