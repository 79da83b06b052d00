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
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize

from nlu.content import FOLLOWUP, OUT_OF_SCOPE, is_article, topic_of
from nlu.core.gate import Gate, Judgement
from nlu.core.logistic import Curve, Floats, balanced, fit_curve, on_curve
from nlu.core.open_article import ContextScores, is_clear, is_named, names_of, of_topic, spread
from nlu.core.pairs import Material, pairs_of, topics_of
from nlu.core.ranking import Guess, calibrate, calibrated, chances_of, guesses, softmax
from nlu.core.scorer import Scorer, Scores, chosen, is_intent
from nlu.core.views import Vectors

_RIDGE = 1e-5
_OPEN_GATE = (*[0.0] * 6, 4.0)


class Curves(NamedTuple):
    """Numbers that were learned: what each trait weighs, the gate's, and what calibrates."""

    weights: Curve
    gate: Curve
    calibration: Curve


@dataclass(frozen=True)
class Context:
    """A scorer for each topic, and what its scores weigh against the message's own."""

    topics: dict[str, Scorer]
    curves: Curves

    @classmethod
    def fit(cls, material: Material, alone: Gate) -> Context:
        """Learn from examples paired with articles that may be open, and from their own gate."""
        topics = topics_of(material)
        pairs = pairs_of(material, topics, alone)
        scorers = {name: topic.scorer for name, topic in topics.items()}
        return cls(scorers, _learn(pairs.known, pairs.labels))

    def knows(self, opened: str) -> bool:
        """Tell whether the open article's topic was learned."""
        return topic_of(opened) in self.topics

    def is_clear(self, vectors: Vectors, label: str, opened: str) -> bool:
        """Tell whether a message can only mean `label`, and not the open article as well."""
        topic = topic_of(opened)
        names = chosen(self.topics[topic].columns, is_intent)
        within = self._within(vectors, names, opened)
        meant, near = is_named(names, label), of_topic(names, topic)
        return bool(is_clear(within, meant, is_named(names, opened), near))

    def read(
        self, vectors: Vectors, scores: Scores, alone: Judgement, opened: str
    ) -> tuple[list[Guess], Judgement]:
        """Return every intent, the likeliest first, and the gate's judgement.

        `scores` and `alone` are what the message gets by itself; `opened`, the intent of the open
        article, must be of a topic that is known.
        """
        names, curves = names_of(scores), self.curves
        near, within = of_topic(names, topic_of(opened)), self._within(vectors, names, opened)
        known = ContextScores(scores, within, near, is_named(names, opened), alone)
        shares = softmax(known.traits() @ np.array(curves.weights))
        judgement = _judged(known, shares, curves.gate)
        chances = chances_of(names, shares, judgement)
        return guesses(names, calibrated(chances, scores.lengths, curves.calibration)), judgement

    def _within(self, vectors: Vectors, names: tuple[str, ...], opened: str) -> Floats:
        return spread(names, self.topics[topic_of(opened)].scores(vectors).take(0))


def _learn(known: ContextScores, labels: Sequence[str]) -> Curves:
    """Learn the curves from examples paired with open articles, each with its label."""
    names, traits = names_of(known.scores), known.traits()
    weights = _weigh(traits, names, labels)
    shares = softmax(traits @ np.array(weights))
    gate = _fit_gate(known.gate_traits(shares), labels)
    chances = chances_of(names, shares, _judged(known, shares, gate))
    return Curves(weights, gate, calibrate(names, chances, known.scores.lengths, labels))


def _judged(known: ContextScores, shares: Floats, gate: Curve) -> Judgement:
    """Return the gate's judgement of topic and message together; talk is judged by itself."""
    return Judgement(on_curve(known.gate_traits(shares), gate), known.alone.talk)


def _weigh(traits: Floats, names: Sequence[str], labels: Sequence[str]) -> Curve:
    """Return the weights of the traits under which the labels surprise least."""
    place = {name: at for at, name in enumerate(names)}
    used = [at for at, label in enumerate(labels) if label in place]
    traits, truth = traits[used], np.array([place[labels[at]] for at in used])
    meant = traits[np.arange(len(truth)), truth]

    def _surprise(weights: Floats) -> tuple[float, Floats]:
        shares = softmax(traits @ weights)
        loss = -np.log(np.maximum(shares[np.arange(len(truth)), truth], 1e-12)).mean()
        slope = (np.einsum("pn,pnt->pt", shares, traits) - meant).mean(axis=0)
        return loss + _RIDGE * weights @ weights, slope + 2 * _RIDGE * weights

    found = minimize(_surprise, np.ones(traits.shape[2]), jac=True, method="L-BFGS-B")
    return tuple(float(weight) for weight in found.x)


def _fit_gate(traits: Floats, labels: Sequence[str]) -> Curve:
    kinds = (FOLLOWUP, OUT_OF_SCOPE)
    used = [at for at, label in enumerate(labels) if is_article(label) or label in kinds]
    inside = np.array([float(labels[at] != OUT_OF_SCOPE) for at in used])
    if inside.all() or not inside.any():
        return _OPEN_GATE
    return fit_curve(traits[used], inside, balanced(inside))
