"""Which intents a message may have, with confidences that say how often they are right.

First the intents share the whole among themselves, out of scope left out. Then the gate takes from
articles and talk what it holds to be outside. A last curve makes of each share how often a guess of
that share was right among the examples when they were held out: a story spreads its words over many
intents, so that the same share of it is right more often than of a short question.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from nlu.content import OUT_OF_SCOPE, is_article
from nlu.core.gate import Gate, Judgement
from nlu.core.logistic import Curve, Floats, fit_curve, logit, on_curve
from nlu.core.scorer import Scores, flags

_SHARPNESSES = (5.0, 60.0)
"""Between these the factor is looked for."""


@dataclass(frozen=True)
class Guess:
    """An intent and the chance that a message like this one means it."""

    intent: str
    confidence: float


class Ranking(NamedTuple):
    """The factor that makes shares of scores, and the curve that calibrates them."""

    sharpness: float
    calibration: Curve

    @classmethod
    def fit(cls, scores: Scores, labels: Sequence[str], gate: Gate) -> Ranking:
        """Learn from the held-out `scores` of examples and the `gate` learned from the same."""
        sharpness = _sharpest(scores, labels)
        shares = softmax(sharpness * scores.of_intents)
        raw = chances_of(scores.intents, shares, gate.judge(scores))
        return cls(sharpness, calibrate(scores.intents, raw, scores.lengths, labels))

    def rank(self, scores: Scores, judgement: Judgement) -> list[Guess]:
        """Return every intent with its confidence, the likeliest first; out of scope is one."""
        shares = softmax(self.sharpness * scores.of_intents)
        chances = chances_of(scores.intents, shares, judgement)
        return guesses(scores.intents, calibrated(chances, scores.lengths, self.calibration))


def chances_of(names: tuple[str, ...], shares: Floats, judgement: Judgement) -> Floats:
    """Return the chance of every name and, last, of out of scope, of one message or of several.

    The gate takes from each share what it holds to be outside.
    """
    article, talk = judgement.article[..., None], judgement.talk[..., None]
    inside = np.where(flags(names, is_article), article, talk)
    outside = (shares * (1 - inside)).sum(axis=-1, keepdims=True)
    return np.concatenate([shares * inside, outside], axis=-1)


def calibrate(
    names: tuple[str, ...], chances: Floats, lengths: Floats, labels: Sequence[str]
) -> Curve:
    """Fit the curve from a first guess's chance and its message's length to how often it is right.

    `chances` has a row for each label: what `chances_of` returns. Only articles count.
    """
    used = [at for at, label in enumerate(labels) if is_article(label)]
    meant = (*names, OUT_OF_SCOPE)
    first = chances[used].argmax(axis=-1)
    right = np.array([float(meant[f] == labels[at]) for f, at in zip(first, used, strict=True)])
    sure = chances[used].max(axis=-1)
    traits = np.column_stack([logit(sure), lengths[used]])
    return fit_curve(traits, right, np.ones(len(right)))


def calibrated(chances: Floats, lengths: Floats, curve: Curve) -> Floats:
    """Return how often a guess of such a chance is right, by what `calibrate` learned."""
    alike = np.broadcast_to(np.asarray(lengths)[..., None], chances.shape)
    return on_curve(np.stack([logit(chances), alike], axis=-1), curve)


def guesses(names: Sequence[str], chances: Floats) -> list[Guess]:
    """Return every name and out of scope, the likeliest first."""
    found = map(Guess, [*names, OUT_OF_SCOPE], chances.tolist())
    return sorted(found, key=lambda guess: -guess.confidence)


def softmax(scores: Floats) -> Floats:
    """Return the rows of `scores` as shares that sum to one."""
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares: Floats = raised / raised.sum(axis=-1, keepdims=True)
    return shares


def _sharpest(scores: Scores, labels: Sequence[str]) -> float:
    """Return the factor under which the held-out scores of all intents surprise least."""
    names = {name: at for at, name in enumerate(scores.intents)}
    used = [at for at, label in enumerate(labels) if label in names]
    rows = scores.of_intents[used]
    truth = np.array([names[labels[at]] for at in used])
    found = minimize_scalar(
        lambda factor: _surprise(factor * rows, truth), bounds=_SHARPNESSES, method="bounded"
    )
    return float(found.x)


def _surprise(rows: Floats, truth: NDArray[np.intp]) -> float:
    shares = softmax(rows)[np.arange(len(truth)), truth]
    return float(-np.log(np.maximum(shares, 1e-12)).mean())
