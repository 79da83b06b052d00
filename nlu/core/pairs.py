"""Examples beside an article that may be open when they are said."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nlu.content import is_article, topic_of
from nlu.core.gate import Gate, Judgement
from nlu.core.kernel import likenesses
from nlu.core.scorer import Scorer, Scores, by_example
from nlu.core.views import Vectors

_SEED = 11
_NEIGHBOURS = 1
"""Articles of its own topic that a follow-up is put beside, its own article apart."""
_STRANGERS = 2
"""Articles of any topic that a follow-up is put beside when it can do without them."""
_CLEARLY = 0.1
"""By so much the meant article scores above the open one where the two can be told apart."""
_QUESTIONS = 10
"""Questions of an article that are put beside others, to learn when a message leaves a topic."""


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
    """None for answers: they are learned from, but nobody says them."""
    scores: Sequence[Scores]
    leans: Sequence[bool]
    """Whether the example leans on what was said."""

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
class Pair:
    """An example said while an article is open."""

    label: str
    scores: Scores
    within: dict[str, dict[str, float]]
    """For each view, its score for each article of the open topic, itself held out."""
    alone: dict[str, Judgement]
    """For each view, what the gate makes of the example by itself."""
    opened: str

    @property
    def is_clear(self) -> bool:
        """Tell whether its label is meant, and not the open article as well."""
        return all(is_clear(near, self.label, self.opened) for near in self.within.values())


def is_clear(within: dict[str, float], label: str, opened: str) -> bool:
    """Tell, by the scores within the open topic, whether the open article is not meant as well.

    Siblings are asked on alike ("bao lâu?"): what the open one answers nobody means another by.
    """
    meant = within.get(label)
    return opened == label or meant is None or within.get(opened, 0.0) < meant - _CLEARLY


def topic_scorers(material: Material) -> dict[str, Scorer]:
    """Return a scorer for each topic, learned from its examples alone."""
    return {topic: _scorer(material, topic) for topic in material.articles}


def pairs_of(material: Material, scorers: dict[str, Scorer], gate: Gate) -> list[Pair]:
    """Return examples beside open articles where it is clear what is meant, always the same."""
    said = [row for row, group in enumerate(material.groups) if group is not None]
    labels, leans = [material.labels[row] for row in said], [material.leans[row] for row in said]
    stands = [material.stands(row) for row in said]
    dealt = deal_open(labels, leans, stands, material.articles)
    beside = [(said[at], opened) for at, opened in dealt]
    found: list[Pair] = []
    for topic, scorer in scorers.items():
        here = [(row, opened) for row, opened in beside if topic_of(opened) == topic]
        within = _within(material, scorer, topic, [row for row, _ in here])
        found += [
            _pair(material, gate, row, near, opened)
            for (row, opened), near in zip(here, within, strict=True)
        ]
    return [pair for pair in found if pair.is_clear]


def _pair(
    material: Material, gate: Gate, row: int, within: dict[str, dict[str, float]], opened: str
) -> Pair:
    scores = material.scores[row]
    alone = {view: gate.judge(scores.only(view)) for view in within}
    return Pair(material.labels[row], scores, within, alone, opened)


def _scorer(material: Material, topic: str) -> Scorer:
    rows = material.rows_of(topic)
    labels, groups = material.labels, material.groups
    chosen = material.vectors.take(np.array(rows))
    return Scorer.fit(chosen, [labels[row] for row in rows], [groups[row] for row in rows])


def _within(
    material: Material, scorer: Scorer, topic: str, rows: Sequence[int]
) -> list[dict[str, dict[str, float]]]:
    """Return the scores of `rows` within a topic; its own examples get those when held out."""
    if not rows:
        return []
    place = {row: at for at, row in enumerate(material.rows_of(topic))}
    alike = likenesses(material.vectors.take(np.array(rows)), scorer.examples)
    by_view = {view: scorer.weights[view].scores(alike[view]) for view in alike}
    own = [(at, place[row]) for at, row in enumerate(rows) if row in place]
    for view, scores in by_view.items():
        for at, there in own:
            scores[at] = scorer.held_out[view][there]
    found = by_example(scorer.columns, by_view)
    return [{view: scores.named(view) for view in by_view} for scores in found]


def deal_open(
    labels: Sequence[str],
    leans: Sequence[bool],
    stands: Sequence[bool],
    articles: dict[str, list[str]],
) -> Iterator[tuple[int, str]]:
    """Yield rows and articles that may be open, always the same ones.

    What leans is put beside its own article and others of its topic, and what stands by itself all
    the same beside any; a few questions of each article, talk and what is out of scope beside any.
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
