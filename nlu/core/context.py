"""Reads a message together with the article that was answered last: the open article.

A follow-up ("bao lâu?") means little alone. Each topic has a scorer of its own, learned from the
questions of its articles and from how people ask on: among so few needs a bare word tells much.
What a message scores alone and within the open topic, and whether an article is of that topic or
the very one that is open, are weighed by a conditional logit (McFadden 1974), so that a question
which stands by itself still leaves the topic.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from nlu.content import FOLLOWUP, OUT_OF_SCOPE, is_article, topic_of
from nlu.core import storage
from nlu.core.gate import Gate, Judgement
from nlu.core.logistic import Floats, balanced, fit_curve, logit, on_curve
from nlu.core.pairs import Material, Pair, pairs_of, topic_scorers
from nlu.core.ranking import Guess, guesses, softmax
from nlu.core.scorer import ANY_ARTICLE, Scorer, Scores
from nlu.core.views import Vectors

_RIDGE = 1e-5
_OPEN_GATE = (*[0.0] * 6, 4.0)
_OF_TALK = 2
_OF_ARTICLES = 5
_TOPICS = "topics"

Curves = dict[str, tuple[float, ...]]
"""Numbers that were learned, for each view."""


@dataclass(frozen=True)
class Context:
    """A scorer for each topic, and for each view what its scores weigh beside the message's own."""

    topics: dict[str, Scorer]
    weights: Curves
    gate: Curves
    calibration: Curves

    @classmethod
    def fit(cls, material: Material, alone: Gate) -> Context:
        """Learn from examples put beside articles that may be open, and from their own gate."""
        topics = topic_scorers(material)
        pairs = pairs_of(material, topics, alone)
        views = list(material.scores[0].by_view)
        weights = {view: _weigh(pairs, view) for view in views}
        gate = {view: _fit_gate(pairs, view, weights[view]) for view in views}
        raw = cls(topics, weights, gate, dict.fromkeys(views, (1.0, 0.0)))
        return cls(topics, weights, gate, {view: raw._calibrate(pairs, view) for view in views})

    def knows(self, opened: str) -> bool:
        """Tell whether the open article's topic was learned."""
        return topic_of(opened) in self.topics

    def read(
        self, vectors: Vectors, scores: Scores, alone: Judgement, opened: str
    ) -> tuple[list[Guess], Judgement]:
        """Return every intent, the likeliest first, and the gate's judgement.

        `scores` and `alone` are what the message gets by itself; `opened`, the intent of the open
        article, must be of a topic that is known.
        """
        found = self.topics[topic_of(opened)].scores(vectors)[0]
        return self._read(scores, found.named(found.view), alone, opened)

    def save(self, folder: Path) -> None:
        """Write everything into `folder`, each topic into a folder of its own."""
        for name, scorer in self.topics.items():
            (folder / _TOPICS / name).mkdir(parents=True)
            scorer.save(folder / _TOPICS / name)
        curves = {"weights": self.weights, "gate": self.gate, "calibration": self.calibration}
        storage.save(folder, {}, curves)

    @classmethod
    def load(cls, folder: Path) -> Context:
        """Read what `save` wrote."""
        topics = {p.name: Scorer.load(p) for p in sorted((folder / _TOPICS).iterdir())}
        kinds = storage.load(folder)[1].items()
        return cls(topics, **{k: {v: tuple(c) for v, c in curves.items()} for k, curves in kinds})

    def _read(
        self, scores: Scores, within: dict[str, float], alone: Judgement, opened: str
    ) -> tuple[list[Guess], Judgement]:
        view = scores.view
        shares = _shares(scores, view, within, opened, self.weights[view])
        chance = on_curve(_gate_traits(scores, within, shares, alone), self.gate[view])
        judgement = Judgement(float(chance), alone.talk)
        return guesses(_names(scores), shares, judgement, self.calibration[view]), judgement

    def _calibrate(self, pairs: Sequence[Pair], view: str) -> tuple[float, ...]:
        """Fit the curve from a first guess's share to how often it is right, over the articles."""
        used = [pair for pair in pairs if is_article(pair.label)]
        firsts = [
            self._read(p.scores.only(view), p.within[view], p.alone[view], p.opened)[0][0]
            for p in used
        ]
        right = np.array([float(g.intent == p.label) for g, p in zip(firsts, used, strict=True)])
        shares = np.array([guess.confidence for guess in firsts])
        return fit_curve(logit(shares)[:, None], right, np.ones(len(right)))


def _weigh(pairs: Sequence[Pair], view: str) -> tuple[float, ...]:
    """Return the weights under which the pairs' labels surprise least."""
    names = _names(pairs[0].scores)
    place = {name: at for at, name in enumerate(names)}
    used = [pair for pair in pairs if pair.label in place]
    traits = np.array([_traits(p.scores, view, p.within[view], p.opened) for p in used])
    truth = np.array([place[p.label] for p in used])
    meant = traits[np.arange(len(truth)), truth]

    def _surprise(weights: Floats) -> tuple[float, Floats]:
        shares = softmax(traits @ weights)
        loss = -np.log(np.maximum(shares[np.arange(len(truth)), truth], 1e-12)).mean()
        slope = (np.einsum("pn,pnt->pt", shares, traits) - meant).mean(axis=0)
        return loss + _RIDGE * weights @ weights, slope + 2 * _RIDGE * weights

    found = minimize(_surprise, np.ones(traits.shape[2]), jac=True, method="L-BFGS-B")
    return tuple(float(weight) for weight in found.x)


def _fit_gate(pairs: Sequence[Pair], view: str, weights: tuple[float, ...]) -> tuple[float, ...]:
    used = [p for p in pairs if is_article(p.label) or p.label in (FOLLOWUP, OUT_OF_SCOPE)]
    inside = np.array([float(p.label != OUT_OF_SCOPE) for p in used])
    if inside.all() or not inside.any():
        return _OPEN_GATE
    rows = []
    for pair in used:
        scores, within = pair.scores.only(view), pair.within[view]
        shares = _shares(scores, view, within, pair.opened, weights)
        rows.append(_gate_traits(scores, within, shares, pair.alone[view]))
    return fit_curve(np.array(rows), inside, balanced(inside))


def _names(scores: Scores) -> list[str]:
    """Return what can be meant while an article is open: a follow-up is then one to an article."""
    return [name for name in scores.intents if name != FOLLOWUP]


def _named(scores: Scores, view: str) -> dict[str, float]:
    return dict(zip(scores.columns, scores.by_view[view].tolist(), strict=True))


def _shares(
    scores: Scores, view: str, within: dict[str, float], opened: str, weights: tuple[float, ...]
) -> Floats:
    return softmax(_traits(scores, view, within, opened) @ np.array(weights))


def _traits(scores: Scores, view: str, within: dict[str, float], opened: str) -> Floats:
    """Return a row for each name: what speaks for its being meant."""
    named, topic = _named(scores, view), topic_of(opened)
    leaning = named.get(FOLLOWUP, 0.0)

    def _row(name: str) -> tuple[float, ...]:
        if not is_article(name):
            return (*[0.0] * _OF_ARTICLES, named[name], 1.0)
        if topic_of(name) != topic:
            return (named[name], *[0.0] * (_OF_ARTICLES - 1 + _OF_TALK))
        return (named[name], within.get(name, 0.0), 1.0, float(name == opened), leaning, 0.0, 0.0)

    return np.array([_row(name) for name in _names(scores)])


def _gate_traits(
    scores: Scores, within: dict[str, float], shares: Floats, alone: Judgement
) -> Floats:
    named = _named(scores, scores.view)
    articles = [is_article(name) for name in _names(scores)]
    nearest = max(within.values())
    outside, follows = named.get(OUT_OF_SCOPE, 0.0), named.get(FOLLOWUP, 0.0)
    likeliest = float(shares[articles].max())
    by_itself = float(logit(np.array(alone.article)))
    return np.array([outside, named[ANY_ARTICLE], follows, nearest, likeliest, by_itself])
