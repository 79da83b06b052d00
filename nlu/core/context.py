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
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from nlu.content import FOLLOWUP, OUT_OF_SCOPE, is_article, topic_of
from nlu.core import storage
from nlu.core.gate import Gate, Judgement
from nlu.core.logistic import Floats, balanced, fit_curve, logit, on_curve
from nlu.core.pairs import Material, Pair, is_clear, pairs_of, topic_scorers
from nlu.core.ranking import Guess, chances_of, guesses, likeliest, softmax
from nlu.core.scorer import ANY_ARTICLE, Scorer, Scores, chosen, flags
from nlu.core.views import Vectors

_RIDGE = 1e-5
_OPEN_GATE = (*[0.0] * 6, 4.0)
_TRAITS = 7
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

    def is_clear(self, vectors: Vectors, label: str, opened: str) -> bool:
        """Tell whether a message can only mean `label`, and not the open article as well."""
        return is_clear(self._within(vectors, opened), label, opened)

    def read(
        self, vectors: Vectors, scores: Scores, alone: Judgement, opened: str
    ) -> tuple[list[Guess], Judgement]:
        """Return every intent, the likeliest first, and the gate's judgement.

        `scores` and `alone` are what the message gets by itself; `opened`, the intent of the open
        article, must be of a topic that is known.
        """
        chances, judgement = self._read(scores, self._within(vectors, opened), alone, opened)
        return guesses(_names(scores), chances), judgement

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

    def _within(self, vectors: Vectors, opened: str) -> dict[str, float]:
        found = self.topics[topic_of(opened)].scores(vectors)[0]
        return found.named(found.view)

    def _read(
        self, scores: Scores, within: dict[str, float], alone: Judgement, opened: str
    ) -> tuple[Floats, Judgement]:
        view = scores.view
        shares = _shares(scores, view, within, opened, self.weights[view])
        chance = on_curve(_gate_traits(scores, within, shares, alone), self.gate[view])
        judgement = Judgement(float(chance), alone.talk)
        return chances_of(_names(scores), shares, judgement, self.calibration[view]), judgement

    def _calibrate(self, pairs: Sequence[Pair], view: str) -> tuple[float, ...]:
        """Fit the curve from a first guess's share to how often it is right, over the articles."""
        used = [pair for pair in pairs if is_article(pair.label)]
        firsts = [self._first(pair, view) for pair in used]
        right = np.array([float(g.intent == p.label) for g, p in zip(firsts, used, strict=True)])
        shares = np.array([guess.confidence for guess in firsts])
        return fit_curve(logit(shares)[:, None], right, np.ones(len(right)))

    def _first(self, pair: Pair, view: str) -> Guess:
        scores = pair.scores.only(view)
        chances, _ = self._read(scores, pair.within[view], pair.alone[view], pair.opened)
        return likeliest(_names(scores), chances)


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


def _names(scores: Scores) -> tuple[str, ...]:
    """Return what can be meant while an article is open: a follow-up is then one to an article."""
    return chosen(scores.intents, _is_meant)


def _is_meant(intent: str) -> bool:
    return intent != FOLLOWUP


@lru_cache(maxsize=1024)
def _near(names: tuple[str, ...], topic: str) -> NDArray[np.intp]:
    """Return where the articles of the open topic stand."""
    near = [at for at, name in enumerate(names) if is_article(name) and topic_of(name) == topic]
    return np.array(near, dtype=np.intp)


def _shares(
    scores: Scores, view: str, within: dict[str, float], opened: str, weights: tuple[float, ...]
) -> Floats:
    return softmax(_traits(scores, view, within, opened) @ np.array(weights))


def _traits(scores: Scores, view: str, within: dict[str, float], opened: str) -> Floats:
    """Return a row for each name: what speaks for its being meant.

    Of articles: their own score, and within the open topic the topic's score, that they are of it,
    that they are the open one, and how much the message leans. Of talk: its score, and a one.
    """
    names = _names(scores)
    own = scores.of_intents(view)[flags(scores.intents, _is_meant)]
    articles, near = flags(names, is_article), _near(names, topic_of(opened))
    traits = np.zeros((len(names), _TRAITS))
    traits[articles, 0] = own[articles]
    traits[near, 1] = [within.get(names[at], 0.0) for at in near]
    traits[near, 2] = 1.0
    traits[near, 3] = [names[at] == opened for at in near]
    traits[near, 4] = scores.of(FOLLOWUP, view)
    traits[~articles, 5] = own[~articles]
    traits[~articles, 6] = 1.0
    return traits


def _gate_traits(
    scores: Scores, within: dict[str, float], shares: Floats, alone: Judgement
) -> Floats:
    """Return the scores outside, of articles, as a follow-up and at the nearest, and by itself."""
    own = [scores.of(column, scores.view) for column in (OUT_OF_SCOPE, ANY_ARTICLE, FOLLOWUP)]
    best = float(shares[flags(_names(scores), is_article)].max())
    return np.array([*own, max(within.values()), best, float(logit(np.array(alone.article)))])
