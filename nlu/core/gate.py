"""Whether the content answers messages like this one at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlu.core import ridge, storage
from nlu.core.views import Vectors, kernel, wholes

PENALTY = 0.7
_STEPS = 200


@dataclass(frozen=True)
class Gate:
    """One weight for each feature; `slope` and `shift` make a probability of the sum."""

    weights: NDArray[np.float32]
    slope: float
    shift: float

    @classmethod
    def fit(cls, vectors: Sequence[Vectors], inside: Sequence[bool]) -> Gate:
        """Learn to tell the messages that are `inside` from those that are not.

        Without one message of either kind the gate stands open.
        """
        truth = np.array(inside, dtype=np.float64)
        fitted = ridge.fit(kernel(vectors), truth[:, None], PENALTY)
        weights = np.asarray(wholes(vectors).T @ fitted.coefficients, dtype=np.float32)[:, 0]
        if truth.min() == truth.max():
            return cls(weights * 0, 0.0, 4.0)
        slope, shift = _calibrate(fitted.held_out[:, 0] - fitted.offset[0], truth)
        return cls(weights, slope, shift)

    def in_scope(self, vectors: Vectors) -> float:
        """Return the probability that the content answers this message."""
        score = float((vectors.sparse[0] @ self.weights)[0])
        return float(_sigmoid(np.array(self.slope * score + self.shift)))

    def save(self, folder: Path) -> None:
        """Write the gate into `folder`."""
        storage.save(folder, {"weights": self.weights}, {"slope": self.slope, "shift": self.shift})

    @classmethod
    def load(cls, folder: Path) -> Gate:
        """Read what `save` wrote."""
        arrays, meta = storage.load(folder)
        return cls(arrays["weights"], **meta)


def _calibrate(scores: ridge.Floats, truth: ridge.Floats) -> tuple[float, float]:
    """Fit a logistic curve to held-out scores by Newton's method, both kinds weighing the same."""
    design = np.stack([scores, np.ones_like(scores)], axis=1)
    weight = np.where(truth > 0, 0.5 / truth.mean(), 0.5 / (1 - truth.mean()))
    theta = np.zeros(2)
    for _ in range(_STEPS):
        chance = _sigmoid(design @ theta)
        slope = design.T @ (weight * (truth - chance)) - 1e-3 * theta
        curve = (design * (weight * chance * (1 - chance))[:, None]).T @ design + 1e-3 * np.eye(2)
        theta = theta + np.linalg.solve(curve, slope)
    return float(theta[0]), float(theta[1])


def _sigmoid(values: ridge.Floats) -> ridge.Floats:
    chances: ridge.Floats = 1 / (1 + np.exp(-np.clip(values, -30, 30)))
    return chances
