"""Reads a message together with the article that was answered last: the open article.

A follow-up ("bao lâu?") means little alone. Each topic has a scorer of its own, learned from the
questions of its articles and from how people ask on: among so few needs a bare word tells much.
What a message scores alone and within the open topic, whether an article is the open one, and how
much the message leans are weighed by a conditional logit (McFadden 1974), so that a question which
stands by itself still leaves the topic.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.special import softmax

from nlu.content import FOLLOWUP, OUT_OF_SCOPE, is_article, topic_of
from nlu.core.gate import Gate, Judgement
from nlu.core.logistic import Curve, Floats, balanced, fit_choice, fit_curve, on_curve
from nlu.core.open_article import ContextScores, is_clear, is_named, names_of, of_topic, spread
from nlu.core.pairs import Material, pairs_of, topics_of
from nlu.core.ranking import Guess, calibrate, guesses
from nlu.core.scorer import Scorer, Scores, chosen, is_intent
from nlu.core.views import Vectors


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
        labels, known = pairs_of(material, topics, alone)
        scorers = {name: topic.scorer for name, topic in topics.items()}
        return cls(scorers, _learn(known, labels))

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
        shares = softmax(known.traits() @ np.array(curves.weights), axis=-1)
        judgement = _judged(known, shares, curves.gate)
        return guesses(scores, names, shares, judgement, curves.calibration), judgement

    def _within(self, vectors: Vectors, names: tuple[str, ...], opened: str) -> Floats:
        return spread(names, self.topics[topic_of(opened)].scores(vectors).take(0))


def _learn(known: ContextScores, labels: Sequence[str]) -> Curves:
    """Learn the curves from examples paired with open articles, each with its label."""
    names, traits = names_of(known.scores), known.traits()
    weights = fit_choice(traits, names, labels)
    shares = softmax(traits @ np.array(weights), axis=-1)
    gate = _fit_gate(known.gate_traits(shares), labels)
    judgement = _judged(known, shares, gate)
    return Curves(weights, gate, calibrate(known.scores, names, shares, judgement, labels))


def _judged(known: ContextScores, shares: Floats, gate: Curve) -> Judgement:
    """Return the gate's judgement of topic and message together; talk is judged by itself."""
    return Judgement(on_curve(known.gate_traits(shares), gate), known.alone.talk)


def _fit_gate(traits: Floats, labels: Sequence[str]) -> Curve:
    kinds = (FOLLOWUP, OUT_OF_SCOPE)
    used = [at for at, label in enumerate(labels) if is_article(label) or label in kinds]
    inside = np.array([float(labels[at] != OUT_OF_SCOPE) for at in used])
    return fit_curve(traits[used], inside, balanced(inside))
