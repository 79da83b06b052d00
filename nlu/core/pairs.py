"""Examples paired with articles that may be open when people write them."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from nlu.content import is_article, topic_of
from nlu.core.gate import Gate
from nlu.core.kernel import likenesses
from nlu.core.logistic import Floats
from nlu.core.open_article import ContextScores, is_clear, is_named, names_of, of_topic, spread
from nlu.core.scorer import Scorer, Scores
from nlu.core.views import Vectors

_SEED = 11
_NEIGHBOURS = 1
"""Articles of its own topic that a follow-up is paired with, its own article apart."""
_STRANGERS = 2
"""Articles of any topic that a follow-up is paired with when it can do without them."""
_QUESTIONS = 10
"""Questions of an article that are paired with others, to learn when a message leaves a topic."""


def articles_by_topic(names: Iterable[str]) -> dict[str, list[str]]:
    """Return the articles among `names`, each once, by topic."""
    topics: dict[str, list[str]] = defaultdict(list)
    for name in sorted(set(names)):
        if is_article(name):
            topics[topic_of(name)].append(name)
    return dict(topics)


@dataclass(frozen=True)
class Material:
    """Examples, a row for each: vectors, intents, groups of one spelling, and scores.

    The scores are those of the whole content, of examples that it was learned from when held out.
    """

    vectors: Vectors
    labels: Sequence[str]
    groups: Sequence[str | None]
    """None for answers: they are learned from, but nobody asks them."""
    scores: Sequence[Scores]
    leans: Sequence[bool]
    """Whether the example leans on what was asked before."""

    def stands(self, row: int) -> bool:
        """Tell whether an example is read rightly by itself."""
        scores = self.scores[row]
        nearest = scores.intents[int(scores.of_intents(scores.view).argmax())]
        return nearest == self.labels[row]

    @cached_property
    def articles(self) -> dict[str, list[str]]:
        """The articles' intents by topic."""
        return articles_by_topic(self.labels)

    def rows_of(self, topic: str) -> list[int]:
        """Return the rows whose intent is an article of the topic."""
        return [
            row
            for row, label in enumerate(self.labels)
            if is_article(label) and topic_of(label) == topic
        ]


@dataclass(frozen=True)
class Pairs:
    """Examples written while an article is open, a row for each."""

    labels: Sequence[str]
    by_view: dict[str, ContextScores]
    """What each view knows of them, themselves held out."""


def topic_scorers(material: Material) -> dict[str, Scorer]:
    """Return a scorer for each topic, learned from its examples alone."""
    return {topic: _scorer(material, topic) for topic in material.articles}


def pairs_of(material: Material, scorers: dict[str, Scorer], gate: Gate) -> Pairs:
    """Return examples with open articles, always the same, where it is clear what is meant."""
    dealt = sorted(_dealt(material), key=lambda pair: topic_of(pair[1]))
    rows, names = np.array([row for row, _ in dealt]), names_of(material.scores[0])
    opened = np.array([is_named(names, name) for _, name in dealt])
    near = np.array([of_topic(names, topic_of(name)) for _, name in dealt])
    meant = np.array([is_named(names, material.labels[row]) for row in rows])
    within = _within(material, scorers, dealt)
    clear = np.all([is_clear(held, meant, opened, near) for held in within.values()], axis=0)
    scores = Scores.stack([material.scores[row] for row in rows[clear]])
    near, opened = near[clear], opened[clear]
    by_view = {
        view: ContextScores(scores, view, held[clear], near, opened, gate.judge(scores, view))
        for view, held in within.items()
    }
    return Pairs([material.labels[row] for row in rows[clear]], by_view)


def _dealt(material: Material) -> list[tuple[int, str]]:
    asked = [row for row, group in enumerate(material.groups) if group is not None]
    labels, leans = [material.labels[row] for row in asked], [material.leans[row] for row in asked]
    stands = [material.stands(row) for row in asked]
    dealt = deal_open(labels, leans, stands, material.articles)
    return [(asked[at], opened) for at, opened in dealt]


def _scorer(material: Material, topic: str) -> Scorer:
    rows = material.rows_of(topic)
    labels, groups = material.labels, material.groups
    chosen = material.vectors.take(np.array(rows))
    return Scorer.fit(chosen, [labels[row] for row in rows], [groups[row] for row in rows])


def _within(
    material: Material, scorers: dict[str, Scorer], dealt: Sequence[tuple[int, str]]
) -> dict[str, Floats]:
    """Return, by each view, what every row scores within its topic; rows are sorted by topic."""
    names, held = names_of(material.scores[0]), defaultdict[str, list[Floats]](list)
    for topic, pairs in groupby(dealt, key=lambda pair: topic_of(pair[1])):
        scorer = scorers[topic]
        rows = [row for row, _ in pairs]
        for view, found in _held_within(material, scorer, topic, rows).items():
            held[view].append(spread(names, scorer.columns, found))
    return {view: np.concatenate(parts) for view, parts in held.items()}


def _held_within(
    material: Material, scorer: Scorer, topic: str, rows: Sequence[int]
) -> dict[str, NDArray[np.float32]]:
    """Return the scores of `rows` within a topic; its own examples get those when held out."""
    place = {row: at for at, row in enumerate(material.rows_of(topic))}
    alike = likenesses(material.vectors.take(np.array(rows)), scorer.examples)
    scores = {view: scorer.weights[view].scores(alike[view]) for view in alike}
    own = [at for at, row in enumerate(rows) if row in place]
    for view, found in scores.items():
        found[own] = scorer.held_out[view][[place[rows[at]] for at in own]]
    return scores


def deal_open(
    labels: Sequence[str],
    leans: Sequence[bool],
    stands: Sequence[bool],
    articles: dict[str, list[str]],
) -> Iterator[tuple[int, str]]:
    """Yield rows and articles that may be open, always the same ones.

    What leans is paired with its own article and others of its topic, and what stands by itself all
    the same with any; a few questions of each article, talk and what is out of scope with any.
    """
    dice = random.Random(_SEED)  # noqa: S311  # because it samples, it keeps no secret
    every = [name for names in articles.values() for name in names]
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
