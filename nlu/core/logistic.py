"""Chances learned from a few numbers: of one thing by a logistic curve, of several by a logit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import special
from scipy.optimize import minimize

Floats = NDArray[np.float64]
Curve = Sequence[float]
"""A factor for each trait and, last, the shift."""

_STEPS = 50
_PENALTY = 0.1


def fit_curve(traits: Floats, truth: Floats, weight: Floats) -> Curve:
    """Return a factor for each column of `traits` and, last, the shift, by Newton's method.

    `truth` is 1 or 0 for each row, `weight` how much the row counts.
    """
    design = np.column_stack([traits, np.ones(len(traits))])
    penalty = _PENALTY * np.eye(design.shape[1])
    curve = np.zeros(design.shape[1])
    for _ in range(_STEPS):
        chance = special.expit(design @ curve)
        slope = design.T @ (weight * (truth - chance)) - penalty @ curve
        bend = (design * (weight * chance * (1 - chance))[:, None]).T @ design + penalty
        curve = curve + np.linalg.solve(bend, slope)
    return tuple(float(value) for value in curve)


def balanced(truth: Floats) -> Floats:
    """Return weights under which both sides count alike, however many rows each has."""
    sides = truth.astype(int)
    weights: Floats = len(truth) / (2 * np.bincount(sides, minlength=2)[sides])
    return weights


def on_curve(traits: Floats, curve: Curve) -> Floats:
    """Return the probability that `curve` gives to each row of `traits`."""
    chances: Floats = special.expit(traits @ np.array(curve[:-1]) + curve[-1])
    return chances


def logit(chances: Floats) -> Floats:
    """Return the logit of chances, finite at 0 and 1."""
    heights: Floats = special.logit(np.clip(chances, 1e-6, 1 - 1e-6))
    return heights


def fit_choice(traits: Floats, names: Sequence[str], labels: Sequence[str]) -> list[float]:
    """Return the weights of the traits under which the labels surprise least.

    `traits` has for each label a row for each of `names`, of which the one is chosen that the label
    is: a conditional logit (McFadden 1974). Labels that are none of the names do not count.
    """
    place = {name: at for at, name in enumerate(names)}
    used = [at for at, label in enumerate(labels) if label in place]
    traits, truth = traits[used], np.array([place[labels[at]] for at in used])
    rows = np.arange(len(used))
    meant = traits[rows, truth]

    def _surprise(weights: Floats) -> tuple[float, Floats]:
        shares = special.softmax(traits @ weights, axis=-1)
        loss = -np.log(np.maximum(shares[rows, truth], 1e-12)).mean()
        slope = (np.einsum("pn,pnt->pt", shares, traits) - meant).mean(axis=0)
        return loss, slope

    found = minimize(_surprise, np.ones(traits.shape[2]), jac=True, method="L-BFGS-B", tol=1e-9)
    weights: list[float] = found.x.tolist()
    return weights
