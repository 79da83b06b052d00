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
from scipy.special import softmax

from nlu.content import OUT_OF_SCOPE, is_article
from nlu.core.gate import Gate, Judgement
from nlu.core.logistic import Curve, Floats, fit_choice, fit_curve, logit, on_curve
from nlu.core.scorer import Scores, flags


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
        own = scores.of_intents.astype(np.float64)[..., None]
        [sharpness] = fit_choice(own, scores.intents, labels)
        shares = softmax(sharpness * scores.of_intents, axis=-1)
        judgement = gate.judge(scores)
        return cls(sharpness, calibrate(scores, scores.intents, shares, judgement, labels))

    def rank(self, scores: Scores, judgement: Judgement) -> list[Guess]:
        """Return every intent with its confidence, the likeliest first; out of scope is one."""
        shares = softmax(self.sharpness * scores.of_intents, axis=-1)
        return guesses(scores, scores.intents, shares, judgement, self.calibration)


def calibrate(
    scores: Scores,
    names: tuple[str, ...],
    shares: Floats,
    judgement: Judgement,
    labels: Sequence[str],
) -> Curve:
    """Fit the curve from a first guess's chance and its message's length to how often it is right.

    `shares` has a row for each label and a column for each of `names`. Only articles count.
    """
    used = [at for at, label in enumerate(labels) if is_article(label)]
    chances = _chances(names, shares, judgement)[used]
    meant = np.array([*names, OUT_OF_SCOPE])[chances.argmax(axis=-1)]
    right = (meant == np.array(labels)[used]).astype(float)
    traits = np.column_stack([logit(chances.max(axis=-1)), scores.lengths[used]])
    return fit_curve(traits, right, np.ones(len(right)))


def guesses(
    scores: Scores, names: tuple[str, ...], shares: Floats, judgement: Judgement, curve: Curve
) -> list[Guess]:
    """Return every name and out of scope, the likeliest first, by what `calibrate` learned."""
    chances = _chances(names, shares, judgement)
    lengths = np.full(chances.shape, scores.lengths)
    sure = on_curve(np.stack([logit(chances), lengths], axis=-1), curve)
    found = map(Guess, [*names, OUT_OF_SCOPE], sure.tolist())
    return sorted(found, key=lambda guess: -guess.confidence)


def _chances(names: tuple[str, ...], shares: Floats, judgement: Judgement) -> Floats:
    """Return the chance of every name and, last, of out of scope, of one message or of several.

    The gate takes from each share what it holds to be outside.
    """
    article, talk = judgement.article[..., None], judgement.talk[..., None]
    inside = np.where(flags(names, is_article), article, talk)
    outside = (shares * (1 - inside)).sum(axis=-1, keepdims=True)
    return np.concatenate([shares * inside, outside], axis=-1)
