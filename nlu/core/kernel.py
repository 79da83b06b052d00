"""Scores for every column: least squares in a space where likeness falls off sharply.

A message is compared with every example, and near ones count far more than distant ones, which on
these questions was worth as much as the embedding itself. One linear system gives the weights of
all columns at once. Its time grows with the cube of the examples: of very many, some are landmarks
with which a message is compared, and the others are learned from as these see them (Nyström).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import blas, cho_factor, cho_solve, cholesky, solve_triangular
from scipy.sparse import csr_matrix
from sklearn.preprocessing import MultiLabelBinarizer

from nlu.core.parameters import PARAMETERS
from nlu.core.views import Vectors

Floats = NDArray[np.float32]
Rows = NDArray[np.intp]

_BLOCK = 1000  # rows that are compared at a time
_WORKERS = 2
_JITTER = 1e-3
"""Tells apart landmarks that are alike; a hundredth of the penalty."""


def likeness(some: Vectors, others: Vectors) -> Floats:
    """Return how alike each of `some` is to each of `others`, a row for each of `some`."""
    if some.sparse.shape[0] == 1:  # quicker, and the others keep no second copy for it
        overlap = (others.sparse @ some.sparse.toarray()[0])[None]
    else:
        overlap = others.columns.products(some.sparse)
    meaning = some.dense @ others.dense.T
    by_words: Floats = np.exp(PARAMETERS.sparse_sharpness * (overlap / 2 - 1))
    by_meaning = np.exp(PARAMETERS.dense_sharpness * (meaning - 1))
    return by_words + np.float32(PARAMETERS.dense_weight) * by_meaning


@dataclass(frozen=True)
class Kernel:
    """The landmarks and what each says for each column."""

    landmarks: Vectors
    coefficients: Floats
    offset: Floats

    @classmethod
    def fit(cls, vectors: Vectors, targets: csr_matrix, landmarks: Rows, others: Rows) -> Kernel:
        """Learn from the rows `landmarks` and `others`; the first are kept."""
        marks = vectors.take(landmarks)
        if not others.size:
            return cls(marks, *_exact(_alike(marks), targets[landmarks]))
        offset = _mean(targets[np.concatenate([landmarks, others])])
        told = targets[landmarks].toarray() - offset
        root, system = _seen_by_each_other(_alike(marks))
        told = root.T @ told
        for rows in _blocks(others):
            alike = likeness(vectors.take(rows), marks)
            seen = solve_triangular(root, alike.T, lower=True, check_finite=False)
            blas.ssyrk(1, np.asfortranarray(seen), beta=1, c=system, lower=1, overwrite_c=1)
            told += (targets[rows].T @ seen.T).T - np.outer(seen.sum(axis=1), offset)
        factor = cholesky(system, lower=True, overwrite_a=True, check_finite=False)
        solved = cho_solve((factor, True), told, check_finite=False)
        return cls(marks, solve_triangular(root, solved, trans=1, lower=True), offset)

    def scores(self, vectors: Vectors) -> Floats:
        """Return a row of scores for each row of `vectors`."""
        found = [
            likeness(vectors.take(rows), self.landmarks) @ self.coefficients + self.offset
            for rows in _blocks(np.arange(vectors.sparse.shape[0]))
        ]
        return np.concatenate(found) if found else np.empty((0, len(self.offset)), np.float32)


def _alike(vectors: Vectors) -> Floats:
    """Return how alike each is to each: every pair is compared once, as that takes most time."""
    count = vectors.sparse.shape[0]
    alike = np.empty((count, count), dtype=np.float32)

    def _compare(rows: Rows) -> None:
        first, end = rows[0], rows[-1] + 1
        found = likeness(vectors.take(slice(first, end)), vectors.take(slice(first, count)))
        alike[first:end, first:] = found
        alike[first:, first:end] = found.T

    with ThreadPoolExecutor(_WORKERS) as pool:
        list(pool.map(_compare, _blocks(np.arange(count))))
    return alike


def _exact(alike: Floats, targets: csr_matrix) -> tuple[Floats, Floats]:
    """Return coefficients and offset of examples by their likeness, which is overwritten."""
    offset = _mean(targets)
    alike[np.diag_indices_from(alike)] += np.float32(PARAMETERS.penalty)
    factor = cho_factor(alike.T, lower=True, overwrite_a=True, check_finite=False)
    return cho_solve(factor, targets.toarray() - offset, check_finite=False), offset


def _mean(targets: csr_matrix) -> Floats:
    return np.asarray(targets.mean(axis=0), dtype=np.float32).ravel()


def _seen_by_each_other(alike: Floats) -> tuple[Floats, Floats]:
    """Return L of the landmarks' likeness L Lᵀ, through which examples are seen, and the system.

    That is Lᵀ L and the penalty; of it the lower half is filled.
    """
    alike[np.diag_indices_from(alike)] += np.float32(_JITTER)
    root = np.asfortranarray(cholesky(alike.T, lower=True, overwrite_a=True, check_finite=False))
    system = blas.ssyrk(1, root, trans=1, lower=1)
    system[np.diag_indices_from(system)] += np.float32(PARAMETERS.penalty)
    return root, system


def fit_held_out(
    vectors: Vectors, targets: csr_matrix, landmarks: Rows, parts: Rows
) -> tuple[Kernel, Floats]:
    """Learn from all rows; return beside the scores of the examples that have a part, without it.

    Part -1 is learned from in any case.
    """
    others = np.setdiff1d(np.arange(len(parts)), landmarks)
    alike = None if others.size else _alike(vectors)

    def _scores(part: int) -> Floats:
        held = np.flatnonzero(parts == part)
        marks, rest = (rows[parts[rows] != part] for rows in (landmarks, others))
        if alike is None:
            return Kernel.fit(vectors, targets, marks, rest).scores(vectors.take(held))
        coefficients, offset = _exact(alike[np.ix_(marks, marks)], targets[marks])
        scores: Floats = alike[np.ix_(held, marks)] @ coefficients + offset
        return scores

    held = parts[parts >= 0]
    scores = np.empty((len(held), targets.shape[1]), dtype=np.float32)
    names = np.unique(held)
    with ThreadPoolExecutor(_WORKERS) as pool:
        for part, found in zip(names, pool.map(_scores, names), strict=True):
            scores[held == part] = found
    if alike is None:
        return Kernel.fit(vectors, targets, landmarks, others), scores
    return Kernel(vectors, *_exact(alike, targets)), scores


def targets_of(names: Sequence[Sequence[str]], columns: Sequence[str]) -> csr_matrix:
    """Return a row for each of `names`, with 1 in the columns that bear them."""
    binarizer = MultiLabelBinarizer(classes=list(columns), sparse_output=True)
    return binarizer.fit_transform(names).astype(np.float32)


def landmarks_of(labels: Sequence[str], most: int) -> Rows:
    """Return the rows of the examples that are to be landmarks: evenly of each label, spread in it.

    Examples stand in the order of their files, so that those side by side are most alike.
    """
    if len(labels) <= most:
        return np.arange(len(labels))
    _, label_of, sizes = np.unique(labels, return_inverse=True, return_counts=True)
    each = max(n for n in range(1, most + 1) if np.minimum(sizes, n).sum() <= most)
    rows = [np.flatnonzero(label_of == label) for label in range(len(sizes))]
    chosen = [own[:: -(-len(own) // each)] if len(own) > each else own for own in rows]
    return np.sort(np.concatenate(chosen))


def _blocks(rows: Rows) -> Iterator[Rows]:
    yield from (rows[at : at + _BLOCK] for at in range(0, len(rows), _BLOCK))
