"""Whether a message is of the kind that its nearest intent is of, or out of scope.

Two logistic curves, one for articles and one for talk (small talk, follow-ups, the wish for a
person), each against what is out of scope and over three scores: how much the message is like
those out of scope, how much like any of the kind, and how much like the nearest of the kind. The
other kind takes no part: who says hello is neither inside the content nor outside.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from nlu.content import OUT_OF_SCOPE, is_article, is_talk
from nlu.core import storage
from nlu.core.logistic import Floats, balanced, fit_curve, on_curve
from nlu.core.scorer import ANY_ARTICLE, ANY_TALK, Scores, flags

_OPEN = (0.0, 0.0, 0.0, 4.0)


@dataclass(frozen=True)
class Judgement:
    """The chance that some article answers, and that a talk intent fits, rather than none.

    Of one message, or of several, as the scores are that were judged.
    """

    article: Floats
    talk: Floats


@dataclass(frozen=True)
class Gate:
    """The curves of both kinds for each view."""

    article: dict[str, tuple[float, ...]]
    talk: dict[str, tuple[float, ...]]

    @classmethod
    def fit(cls, scores: Sequence[Scores], labels: Sequence[str]) -> Gate:
        """Learn from the held-out `scores` of the examples.

        While the content has no example of a kind or none out of scope, its gate stands open.
        """
        known = Scores.stack(scores)
        return cls(
            {view: _curve(known, labels, view, _ARTICLE) for view in known.by_view},
            {view: _curve(known, labels, view, _TALK) for view in known.by_view},
        )

    def judge(self, scores: Scores, view: str | None = None) -> Judgement:
        """Return both chances, by the best view when none is asked for."""
        view = view or scores.view
        return Judgement(
            on_curve(_traits(scores, view, _ARTICLE), self.article[view]),
            on_curve(_traits(scores, view, _TALK), self.talk[view]),
        )

    def save(self, folder: Path) -> None:
        """Write the curves into `folder`."""
        storage.save(folder, {}, asdict(self))

    @classmethod
    def load(cls, folder: Path) -> Gate:
        """Read what `save` wrote."""
        kinds = storage.load(folder)[1].items()
        return cls(**{kind: {v: tuple(c) for v, c in curves.items()} for kind, curves in kinds})


@dataclass(frozen=True)
class _Kind:
    column: str
    has: Callable[[str], bool]


_ARTICLE = _Kind(ANY_ARTICLE, is_article)
_TALK = _Kind(ANY_TALK, is_talk)


def _curve(scores: Scores, labels: Sequence[str], view: str, kind: _Kind) -> tuple[float, ...]:
    used = [at for at, name in enumerate(labels) if kind.has(name) or name == OUT_OF_SCOPE]
    inside = np.array([float(kind.has(labels[at])) for at in used])
    if len(set(inside)) < 2:  # noqa: PLR2004  # one kind alone cannot be told from another
        return _OPEN
    return fit_curve(_traits(scores, view, kind)[used], inside, balanced(inside))


def _traits(scores: Scores, view: str, kind: _Kind) -> Floats:
    of_kind = scores.of_intents(view)[..., flags(scores.intents, kind.has)]
    outside, alike = scores.of(OUT_OF_SCOPE, view), scores.of(kind.column, view)
    nearest = of_kind.max(axis=-1) if of_kind.shape[-1] else np.zeros_like(outside)
    traits: Floats = np.stack([outside, alike, nearest], axis=-1).astype(np.float64)
    return traits
