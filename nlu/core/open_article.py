"""Messages that come while an article is open, as the numbers that decide what they mean.

Everything here is of one message, or of several with a row for each.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from nlu.content import FOLLOWUP, OUT_OF_SCOPE, is_article, topic_of
from nlu.core.gate import Judgement
from nlu.core.logistic import Floats, logit
from nlu.core.scorer import ANY_ARTICLE, Scores, chosen, flags

_NO_ARTICLE = -1.0
"""Lower than any score: an article that is not of the open topic is not the nearest in it."""

_CLEARLY = 0.1
"""By so much the meant article scores above the open one where the two can be told apart."""

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class ContextScores:
    """What is known of messages while an article is open; columns are the `names_of`."""

    scores: Scores
    within: Floats
    """The score of each name within the open topic, 0 for what is not of it."""
    near: Flags
    """Which names are articles of the open topic."""
    opened: Flags
    """Which name is the open article."""
    alone: Judgement
    """What the gate makes of the message by itself."""

    def traits(self) -> Floats:
        """Return a row for each name: what speaks for its being meant.

        Its own score, its score within the open topic, that it is the open article, and, where it
        is of the topic, how much the message leans.
        """
        own = self.scores.of_intents[..., flags(self.scores.intents, _is_meant)]
        leaning = self.near * self.scores.of(FOLLOWUP)[..., None]
        traits: Floats = np.stack([own, self.within, self.opened, leaning], axis=-1)
        return traits.astype(np.float64)

    def gate_traits(self, shares: Floats) -> Floats:
        """Return the scores outside, of articles, as a follow-up and at the nearest, and by itself.

        `shares` has a column for each name.
        """
        columns = (OUT_OF_SCOPE, ANY_ARTICLE, FOLLOWUP)
        nearest = np.where(self.near, self.within, _NO_ARTICLE).max(axis=-1)
        likeliest = shares[..., flags(names_of(self.scores), is_article)].max(axis=-1)
        own = [self.scores.of(column) for column in columns]
        return np.stack([*own, nearest, likeliest, logit(self.alone.article)], axis=-1)


def names_of(scores: Scores) -> tuple[str, ...]:
    """Return what can be meant while an article is open: a follow-up is then one to an article."""
    return chosen(scores.intents, _is_meant)


def _is_meant(intent: str) -> bool:
    return intent != FOLLOWUP


@lru_cache(maxsize=1024)
def of_topic(names: tuple[str, ...], topic: str) -> Flags:
    """Return which of `names` are articles of a topic; worked out once."""
    return np.array([is_article(name) and topic_of(name) == topic for name in names])


@lru_cache(maxsize=1024)
def is_named(names: tuple[str, ...], name: str) -> Flags:
    """Return which of `names` is `name`; worked out once."""
    return np.array([each == name for each in names])


def spread(names: tuple[str, ...], scores: Scores) -> Floats:
    """Return scores of some columns as scores of `names`, 0 for those without a column."""
    place = {name: at for at, name in enumerate(names)}
    kept = [at for at, column in enumerate(scores.columns) if column in place]
    found = np.zeros((*scores.values.shape[:-1], len(names)))
    found[..., [place[scores.columns[at]] for at in kept]] = scores.values[..., kept]
    return found


def is_clear(within: Floats, meant: Flags, opened: Flags, near: Flags) -> Flags:
    """Tell, by the scores within the open topic, whether the open article is not meant as well.

    Siblings are asked on alike ("bao lâu?"): what the open one answers nobody means another by.
    All have a column for each name; what is meant may be of another topic, or be the open one.
    """
    ahead = (within * meant).sum(axis=-1) - (within * opened).sum(axis=-1)
    sibling = (meant & near & ~opened).any(axis=-1)
    clear: Flags = ~sibling | (ahead > _CLEARLY)
    return clear
