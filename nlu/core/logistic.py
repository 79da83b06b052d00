"""A logistic curve fitted to a few numbers, by Newton's method."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Curve = Sequence[float]
"""A factor for each trait and, last, the shift."""

_STEPS = 50
_PENALTY = 0.1


def fit_curve(traits: Floats, truth: Floats, weight: Floats) -> Curve:
    """Return a factor for each column of `traits` and, last, the shift.

    `truth` is 1 or 0 for each row, `weight` how much the row counts.
    """
    design = np.column_stack([traits, np.ones(len(traits))])
    penalty = _PENALTY * np.eye(design.shape[1])
    curve = np.zeros(design.shape[1])
    for _ in range(_STEPS):
        chance = sigmoid(design @ curve)
        slope = design.T @ (weight * (truth - chance)) - penalty @ curve
        bend = (design * (weight * chance * (1 - chance))[:, None]).T @ design + penalty
        curve = curve + np.linalg.solve(bend, slope)
    return tuple(float(value) for value in curve)


def balanced(truth: Floats) -> Floats:
    """Return weights under which both sides count alike, however many rows each has."""
    weights: Floats = np.where(truth > 0, 0.5 / truth.mean(), 0.5 / (1 - truth.mean()))
    return weights


def on_curve(traits: Floats, curve: Curve) -> Floats:
    """Return the probability that `curve` gives to each row of `traits`."""
    return sigmoid(traits @ np.array(curve[:-1]) + curve[-1])


def sigmoid(values: Floats) -> Floats:
    """Return 1 / (1 + exp(-values)) without overflow."""
    chances: Floats = 1 / (1 + np.exp(-np.clip(values, -30, 30)))
    return chances


def logit(chances: Floats) -> Floats:
    """Return the inverse of `sigmoid`, finite at 0 and 1."""
    inner = np.clip(chances, 1e-6, 1 - 1e-6)
    heights: Floats = np.log(inner / (1 - inner))
    return heights
