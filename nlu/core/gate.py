"""Whether a message is of the kind that its nearest intent is of, or out of scope.

Two logistic curves, one for articles and one for talk (small talk, follow-ups, the wish for a
person), each against what is out of scope and over three scores: how much the message is like
those out of scope, how much like any of the kind, and how much like the nearest of the kind. The
other kind takes no part: who says hello is neither inside the content nor outside.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from nlu.content import OUT_OF_SCOPE, is_article, is_talk
from nlu.core.logistic import Curve, Floats, balanced, fit_curve, on_curve
from nlu.core.scorer import ANY_ARTICLE, ANY_TALK, Scores, flags


@dataclass(frozen=True)
class Judgement:
    """The chance that some article answers, and that a talk intent fits, rather than none.

    Of one message, or of several, as the scores are that were judged.
    """

    article: Floats
    talk: Floats


class Gate(NamedTuple):
    """The curves of both kinds."""

    article: Curve
    talk: Curve

    @classmethod
    def fit(cls, scores: Scores, labels: Sequence[str]) -> Gate:
        """Learn from the held-out `scores` of the examples.

        While the content has no example out of scope, both stand open as far as it has others.
        """
        return cls(_curve(scores, labels, _ARTICLE), _curve(scores, labels, _TALK))

    def judge(self, scores: Scores) -> Judgement:
        """Return both chances."""
        article, talk = _traits(scores, _ARTICLE), _traits(scores, _TALK)
        return Judgement(on_curve(article, self.article), on_curve(talk, self.talk))


@dataclass(frozen=True)
class _Kind:
    column: str
    has: Callable[[str], bool]


_ARTICLE = _Kind(ANY_ARTICLE, is_article)
_TALK = _Kind(ANY_TALK, is_talk)


def _curve(scores: Scores, labels: Sequence[str], kind: _Kind) -> Curve:
    used = [at for at, name in enumerate(labels) if kind.has(name) or name == OUT_OF_SCOPE]
    inside = np.array([float(kind.has(labels[at])) for at in used])
    return fit_curve(_traits(scores, kind)[used], inside, balanced(inside))


def _traits(scores: Scores, kind: _Kind) -> Floats:
    of_kind = scores.of_intents[..., flags(scores.intents, kind.has)]
    outside, alike = scores.of(OUT_OF_SCOPE), scores.of(kind.column)
    nearest = of_kind.max(axis=-1) if of_kind.shape[-1] else np.zeros_like(outside)
    traits: Floats = np.stack([outside, alike, nearest], axis=-1).astype(np.float64)
    return traits
