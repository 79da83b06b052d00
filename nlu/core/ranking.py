"""Which intents a message may have, with confidences that say how often they are right.

First the intents share the whole among themselves, out of scope left out. Then the gate takes from
articles and talk what it holds to be outside. A last curve makes of each share how often a guess of
that share was right among the examples when they were held out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from nlu.content import OUT_OF_SCOPE, is_article
from nlu.core import storage
from nlu.core.gate import Gate, Judgement
from nlu.core.logistic import Floats, fit_curve, logit, on_curve
from nlu.core.scorer import Scores, flags

_SHARPNESSES = (5.0, 60.0)
"""Between these the factor is looked for."""


@dataclass(frozen=True)
class Guess:
    """An intent and the chance that a message like this one means it."""

    intent: str
    confidence: float


@dataclass(frozen=True)
class Ranking:
    """For each view, the factor that makes shares of scores and the curve that calibrates them."""

    sharpness: dict[str, float]
    calibration: dict[str, tuple[float, ...]]

    @classmethod
    def fit(cls, scores: Sequence[Scores], labels: Sequence[str], gate: Gate) -> Ranking:
        """Learn from the held-out `scores` of examples and the `gate` learned from the same."""
        views = list(scores[0].by_view)
        sharpness = {view: _sharpest(scores, labels, view) for view in views}
        raw = cls(sharpness, dict.fromkeys(views, (1.0, 0.0)))
        return cls(sharpness, {view: _calibrate(raw, scores, labels, gate, view) for view in views})

    def rank(self, scores: Scores, judgement: Judgement) -> list[Guess]:
        """Return every intent with its confidence, the likeliest first; out of scope is one."""
        return guesses(scores.intents, self._chances(scores, judgement))

    def save(self, folder: Path) -> None:
        """Write factors and curves into `folder`."""
        storage.save(folder, {}, {"sharpness": self.sharpness, "calibration": self.calibration})

    @classmethod
    def load(cls, folder: Path) -> Ranking:
        """Read what `save` wrote."""
        meta = storage.load(folder)[1]
        curves = {view: tuple(curve) for view, curve in meta["calibration"].items()}
        return cls(meta["sharpness"], curves)

    def likeliest(self, scores: Scores, judgement: Judgement) -> Guess:
        """Return the first of what `rank` returns, sooner."""
        return likeliest(scores.intents, self._chances(scores, judgement))

    def _chances(self, scores: Scores, judgement: Judgement) -> Floats:
        view, names = scores.view, scores.intents
        shares = softmax(self.sharpness[view] * scores.of_intents(view).astype(np.float64))
        return chances_of(names, shares, judgement, self.calibration[view])


def chances_of(
    names: tuple[str, ...], shares: Floats, judgement: Judgement, curve: tuple[float, ...]
) -> Floats:
    """Return the chance of every name and, last, of out of scope.

    The gate takes from each share what it holds to be outside; `curve` calibrates what is left.
    """
    inside = np.where(flags(names, is_article), judgement.article, judgement.talk)
    left = np.append(shares * inside, shares @ (1 - inside))
    return on_curve(logit(left)[:, None], curve)


def guesses(names: Sequence[str], chances: Floats) -> list[Guess]:
    """Return every name and out of scope, the likeliest first."""
    found = map(Guess, [*names, OUT_OF_SCOPE], chances.tolist())
    return sorted(found, key=lambda guess: -guess.confidence)


def likeliest(names: Sequence[str], chances: Floats) -> Guess:
    """Return the first of what `guesses` returns."""
    first = int(chances.argmax())
    return Guess(names[first] if first < len(names) else OUT_OF_SCOPE, float(chances[first]))


def softmax(scores: Floats) -> Floats:
    """Return the rows of `scores` as shares that sum to one."""
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares: Floats = raised / raised.sum(axis=-1, keepdims=True)
    return shares


def _sharpest(scores: Sequence[Scores], labels: Sequence[str], view: str) -> float:
    """Return the factor under which the held-out scores of all intents surprise least."""
    names = {name: at for at, name in enumerate(scores[0].intents)}
    used = [at for at, label in enumerate(labels) if label in names]
    rows = np.array([scores[at].of_intents(view) for at in used], dtype=np.float64)
    truth = np.array([names[labels[at]] for at in used])
    found = minimize_scalar(
        lambda factor: _surprise(factor * rows, truth), bounds=_SHARPNESSES, method="bounded"
    )
    return float(found.x)


def _surprise(rows: Floats, truth: NDArray[np.intp]) -> float:
    shares = softmax(rows)[np.arange(len(truth)), truth]
    return float(-np.log(np.maximum(shares, 1e-12)).mean())


def _calibrate(
    raw: Ranking, scores: Sequence[Scores], labels: Sequence[str], gate: Gate, view: str
) -> tuple[float, ...]:
    """Fit the curve from a first guess's share to how often it is right, over the articles."""
    used = [at for at, label in enumerate(labels) if is_article(label)]
    alone = [scores[at].only(view) for at in used]
    firsts = [raw.likeliest(each, gate.judge(each)) for each in alone]
    right = np.array([float(g.intent == labels[at]) for g, at in zip(firsts, used, strict=True)])
    shares = np.array([guess.confidence for guess in firsts])
    return fit_curve(logit(shares)[:, None], right, np.ones(len(right)))
