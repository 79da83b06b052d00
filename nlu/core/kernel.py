"""Scores for every intent: least squares in a space where likeness falls off sharply.

A message is compared with every example; the kernel makes near examples count far more than
distant ones, which on these questions was worth as much as the embedding itself. One linear
system gives the weights of all intents at once, and fitting it again without each part of the
examples gives the scores that calibration and gate are learned from.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve

from nlu.core.views import Vectors

Floats = NDArray[np.float32]

SPARSE = "sparse"
BOTH = "both"

PENALTY = 0.1
SPARSE_SHARPNESS = 1.0
DENSE_SHARPNESS = 1.5
DENSE_WEIGHT = 2.0
_PART = 500  # rows that are multiplied at a time
_FEW = 5_000
"""Examples up to which a message is compared with each as it is kept: quicker, and of the hundreds
of articles and topics none keeps a second copy, turned over, from the first time it is asked for.
Of more, turned over once, only those that share a word are looked at."""
PARTS = 4
"""Into so many parts the examples are split for held-out scores."""


def likenesses(some: Vectors, others: Vectors) -> dict[str, Floats]:
    """Return how alike each of `some` is to each of `others`, by the views that are looked at."""
    alike: Floats = np.exp(SPARSE_SHARPNESS * (_overlaps(some, others) / 2 - 1))
    if some.dense is None or others.dense is None:
        return {SPARSE: alike}
    meaning = some.dense @ others.dense.T
    closer = np.float32(DENSE_WEIGHT) * np.exp(DENSE_SHARPNESS * (meaning - 1))
    return {SPARSE: alike, BOTH: alike + closer}


def _overlaps(some: Vectors, others: Vectors) -> Floats:
    """Return the products of the words and letters; of many rows in parts side by side."""
    rows = some.sparse.shape[0]
    if rows == 1 and others.sparse.shape[0] <= _FEW:
        alone: Floats = (others.sparse @ some.sparse.toarray()[0])[None]
        return alone
    columns = others.columns
    if rows <= _PART:
        product: Floats = (some.sparse @ columns).toarray()
        return product
    parts = [some.sparse[at : at + _PART] for at in range(0, rows, _PART)]
    with ThreadPoolExecutor() as pool:
        products = pool.map(lambda part: (part @ columns).toarray(), parts)
        whole: Floats = np.concatenate(list(products))
    return whole


@dataclass(frozen=True)
class KernelWeights:
    """What each example says for each column: `scores = likeness @ coefficients + offset`."""

    coefficients: Floats
    offset: Floats

    @classmethod
    def fit(cls, alike: Floats, targets: Floats) -> KernelWeights:
        """Solve for the weights; `alike` is between the examples themselves."""
        offset = targets.mean(axis=0)
        system = alike.T.copy(order="F")  # symmetric, and the order that LAPACK takes as it is
        system[np.diag_indices_from(system)] += np.float32(PENALTY)
        factor = cho_factor(system, lower=True, overwrite_a=True, check_finite=False)
        solved = cho_solve(factor, targets - offset, check_finite=False)
        return cls(solved.astype(np.float32), offset.astype(np.float32))

    def scores(self, alike: Floats) -> Floats:
        """Return a row of scores for each row of likenesses to the examples."""
        return alike @ self.coefficients + self.offset


def held_out_scores(alike: Floats, targets: Floats, part_of: NDArray[np.intp]) -> Floats:
    """Return the scores of each example by weights fitted without its part; part -1 stays in."""
    scores = np.zeros_like(targets)
    for part in np.unique(part_of[part_of >= 0]):
        out = part_of == part
        known = KernelWeights.fit(alike[np.ix_(~out, ~out)], targets[~out])
        scores[out] = known.scores(alike[np.ix_(out, ~out)])
    return scores


def one_hot(labels: Sequence[str], columns: Sequence[str]) -> Floats:
    """Return a row for each label with 1 in its column; a label without column gets none."""
    place = {name: at for at, name in enumerate(columns)}
    targets = np.zeros((len(labels), len(columns)), dtype=np.float32)
    for row, label in enumerate(labels):
        if label in place:
            targets[row, place[label]] = 1
    return targets
