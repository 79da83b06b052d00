"""Which article, small talk or wish for a person a message means, with calibrated shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlu.core import ridge, storage
from nlu.core.views import Vectors, kernel, wholes

PENALTY = 0.7
SENTENCE_SHARE = 0.3
"""How much the best sentence of a long message says beside the whole of it."""


@dataclass(frozen=True)
class Guess:
    """An intent and the share of messages like this one that mean it."""

    intent: str
    confidence: float


@dataclass(frozen=True)
class IntentModel:
    """One weight for each feature and intent."""

    intents: tuple[str, ...]
    weights: NDArray[np.float32]
    offset: NDArray[np.float32]
    sharpness: float

    @classmethod
    def fit(cls, vectors: Sequence[Vectors], labels: Sequence[str], out: str) -> IntentModel:
        """Learn the intents in `labels`; examples labelled `out` are of none of them."""
        intents = tuple(sorted(set(labels) - {out}))
        fitted = ridge.fit(kernel(vectors), ridge.one_hot(labels, intents), PENALTY)
        inside = [at for at, label in enumerate(labels) if label != out]
        truth = np.array([intents.index(labels[at]) for at in inside])
        weights = wholes(vectors).T @ fitted.coefficients
        return cls(
            intents,
            np.asarray(weights, dtype=np.float32),
            fitted.offset.astype(np.float32),
            ridge.best_sharpness(fitted.held_out[inside], truth),
        )

    def scores(self, vectors: Vectors) -> ridge.Floats:
        """Return a score for each intent, the best sentence counting beside the whole."""
        rows: ridge.Floats = np.asarray(vectors.sparse @ self.weights + self.offset, np.float64)
        if len(rows) == 1:
            return rows[0]
        return (1 - SENTENCE_SHARE) * rows[0] + SENTENCE_SHARE * rows[1:].max(axis=0)

    def rank(self, scores: ridge.Floats) -> list[Guess]:
        """Return every intent with its share, the likeliest first."""
        shares = ridge.softmax(self.sharpness * scores)
        order = np.argsort(-shares, kind="stable")
        return [Guess(self.intents[at], float(shares[at])) for at in order]

    def save(self, folder: Path) -> None:
        """Write the model into `folder`."""
        arrays = {"weights": self.weights, "offset": self.offset}
        storage.save(folder, arrays, {"intents": self.intents, "sharpness": self.sharpness})

    @classmethod
    def load(cls, folder: Path) -> IntentModel:
        """Read what `save` wrote."""
        arrays, meta = storage.load(folder)
        return cls(tuple(meta["intents"]), arrays["weights"], arrays["offset"], meta["sharpness"])
