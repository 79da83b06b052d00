"""Examples paired with articles that may be open when people write them."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nlu.content import is_article, topic_of
from nlu.core.gate import Gate
from nlu.core.kernel import Rows
from nlu.core.open_article import ContextScores, is_clear, is_named, names_of, of_topic, spread
from nlu.core.parameters import PARAMETERS
from nlu.core.scorer import Scorer, Scores
from nlu.core.views import Vectors

_SEED = 11
_NEIGHBOURS = 1
"""Articles of its own topic that a follow-up is paired with, its own article apart."""
_STRANGERS = 2
"""Articles of any topic that a follow-up is paired with when it can do without them."""
_QUESTIONS = 10
"""Questions of an article that are paired with others, to learn when a message leaves a topic."""


@dataclass(frozen=True)
class Material:
    """Examples, a row for each: vectors, intents, parts and whether they lean."""

    vectors: Vectors
    labels: Sequence[str]
    parts: Rows
    """What each is left out with; -1 for those that nothing but the scorers is learned from."""
    leans: NDArray[np.bool_]
    """Whether the example leans on what was asked before."""
    scores: Scores
    """Those of the whole content, of the examples that have a part; held out, if learned from."""

    @cached_property
    def held(self) -> Rows:
        """The rows that have a part: those of `scores`."""
        return np.flatnonzero(self.parts >= 0)


class LearnedTopic(NamedTuple):
    """The scorer of a topic, and what its examples that have a part score without it."""

    scorer: Scorer
    rows: Rows
    """Where those examples stand among all."""
    held_out: Scores

    def scores(self, vectors: Vectors, rows: Rows) -> Scores:
        """Return what some of all rows score within the topic; its examples, when held out."""
        scores, own = self.scorer.scores(vectors.take(rows)), np.isin(rows, self.rows)
        scores.values[own] = self.held_out.values[np.searchsorted(self.rows, rows[own])]
        return scores


def topics_of(material: Material) -> dict[str, LearnedTopic]:
    """Return what is learned of each topic, from its examples alone."""
    topics = np.array([topic_of(name) if is_article(name) else "" for name in material.labels])
    names = sorted({*topics} - {""})
    return {name: _learned(material, np.flatnonzero(topics == name)) for name in names}


def pairs_of(
    material: Material, topics: dict[str, LearnedTopic], gate: Gate
) -> tuple[list[str], ContextScores]:
    """Return the labels of examples written while an article is open, and what is known of each.

    They are always the same, and those where it is clear what is meant.
    """
    dealt = sorted(_dealt(material), key=_topic_open)
    names = names_of(material.scores)
    opened = np.array([is_named(names, name) for _, name in dealt])
    near = np.array([of_topic(names, topic_of(name)) for _, name in dealt])
    labels = [material.labels[row] for row, _ in dealt]
    meant = np.array([is_named(names, label) for label in labels])
    within = np.concatenate(
        [
            spread(names, topics[topic].scores(material.vectors, np.array([row for row, _ in own])))
            for topic, own in groupby(dealt, key=_topic_open)
        ]
    )
    clear = np.flatnonzero(is_clear(within, meant, opened, near))
    scores = material.scores.take(np.searchsorted(material.held, [dealt[at][0] for at in clear]))
    known = ContextScores(scores, within[clear], near[clear], opened[clear], gate.judge(scores))
    return [labels[at] for at in clear], known


def _topic_open(pair: tuple[int, str]) -> str:
    return topic_of(pair[1])


def _dealt(material: Material) -> list[tuple[int, str]]:
    """Return rows and open articles, evenly fewer where there are very many intents."""
    labels = [material.labels[row] for row in material.held]
    stands = [a == b for a, b in zip(material.scores.nearest, labels, strict=True)]
    leans = material.leans[material.held].tolist()
    dealt = list(deal_open(labels, leans, stands))
    step = -(-len(dealt) * len(material.scores.intents) // PARAMETERS.paired)
    return [(int(material.held[at]), opened) for at, opened in dealt[::step]]


def _learned(material: Material, rows: Rows) -> LearnedTopic:
    vectors, parts = material.vectors.take(rows), material.parts[rows]
    labels = [material.labels[row] for row in rows]
    scorer, held_out = Scorer.fit(vectors, labels, parts, PARAMETERS.topic_landmarks)
    return LearnedTopic(scorer, rows[parts >= 0], held_out)


def deal_open(
    labels: Sequence[str], leans: Sequence[bool], stands: Sequence[bool]
) -> Iterator[tuple[int, str]]:
    """Yield rows and articles that may be open, always the same ones.

    What leans is paired with its own article and others of its topic, and what stands by itself all
    the same with any; a few questions of each article, talk and what is out of scope with any.
    """
    dice = random.Random(_SEED)  # noqa: S311  # because it samples, it keeps no secret
    every = sorted(filter(is_article, {*labels}))
    articles = {topic: list(own) for topic, own in groupby(every, key=topic_of)}
    taken: dict[str, int] = defaultdict(int)
    for row, label in enumerate(labels):
        near = articles[topic_of(label)] if is_article(label) else every
        if leans[row]:
            others = dice.sample(near, min(_NEIGHBOURS, len(near)))
            strangers = dice.sample(every, min(_STRANGERS, len(every))) if stands[row] else []
            yield from ((row, opened) for opened in dict.fromkeys([label, *others, *strangers]))
        elif not is_article(label) or taken[label] < _QUESTIONS:
            taken[label] += 1
            yield from ((row, opened) for opened in (dice.choice(near), dice.choice(every)))
