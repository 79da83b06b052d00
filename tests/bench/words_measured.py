"""The weights and bars of the reader by words, measured on examples that its pages lack."""

import math
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from services.knowledge.library import Library
from services.knowledge.search import LexicalIndex
from services.understanding.thresholds import Bars
from services.understanding.words import (
    ELLIPTICAL_WORDS,
    Found,
    Measure,
    Weighing,
    WordsMeasured,
    chance,
    everywhere,
    within,
)

FOLDS = 5
MOST_FOREIGN_ANSWERED = 0.025
"""Of messages that no article answers. Those of the content were written to look like ours: of
real ones three of a hundred may be answered."""
MOST_WRONG = 0.04
"""Of an article's questions, by label: a neighbour that says the same counts as wrong."""
LEAST_DECLINED = 0.6
"""Of messages that no article answers; of real ones it has to be a half."""
SERVED_GIVEN_UP = 0.003
"""Of what could be served, for fewer buttons."""
MOST_OFFERED = 4
_STEPS = [step / 100 for step in range(101)]
_ROUNDS = 12  # of Newton's method, which settles in six
_RIDGE = 1.0


@dataclass(frozen=True)
class Sample:
    """What was found for one example, and the article it stands for: None for a foreign one."""

    found: Found
    article: str | None

    @property
    def is_right(self) -> bool:
        """Whether its article was found first."""
        return self.article is not None and next(iter(self.found.articles), None) == self.article

    def right(self, curves: Weighing) -> float:
        """Return the chance that is given to the first article."""
        return chance(self.found.figures, curves.right)

    def inside(self, curves: Weighing) -> float:
        """Return the chance that is given to any."""
        return chance(self.found.figures, curves.inside)


def measured(library: Library) -> WordsMeasured:
    """Measure on every example of a library."""
    alone, pairs = list[Sample](), list[tuple[Sample, Sample]]()
    for fold in range(FOLDS):
        index = _index(library, fold)
        for text, article, topic in _asked(library, fold):
            likeness = index.likeness(text)
            one = Sample(everywhere(likeness), article)
            if not topic or not article or not article.startswith(f"{topic}/"):
                alone.append(one)
            if topic:
                pairs.append((one, Sample(within(likeness, topic), article)))
    by_itself = _curves(alone)
    beside = _curves([opened for _, opened in pairs])
    leant = [b for a, b in pairs if b.right(beside) > a.right(by_itself)]
    return WordsMeasured(
        alone=Measure(**by_itself.model_dump(), bars=_bars(alone, by_itself)),
        opened=Measure(**beside.model_dump(), bars=_bars(leant, beside)),
    )


def _index(library: Library, fold: int) -> LexicalIndex:
    """Return the pages without the examples of one fold."""
    articles = [
        replace(
            article,
            head=article.head.model_copy(
                update={
                    "questions": _apart(article.questions, fold, held=False),
                    "followups": _apart(article.followups, fold, held=False),
                    "parts": {},
                }
            ),
        )
        for article in library.articles.values()
    ]
    return LexicalIndex.of(articles, _apart(library.foreign, fold, held=False))


def _asked(library: Library, fold: int) -> Iterator[tuple[str, str | None, str]]:
    """Yield the messages of one fold, the article that answers, and the topic that may be open.

    Follow-ups are asked with their own topic open; what stands by itself with any, if it is short.
    """
    whole: list[tuple[str, str | None]] = [(text, None) for text in library.foreign]
    for article in library.articles.values():
        whole += [(text, article.id) for text in article.questions]
        for text in _apart(article.followups, fold, held=True):
            yield text, article.id, article.topic
    topics = sorted({article.topic for article in library.articles.values()})
    for text, name in whole:
        if _is_of(text, fold):
            short = len(text.split()) <= ELLIPTICAL_WORDS
            yield text, name, _drawn(topics, text) if short else ""


def _apart(texts: Iterable[str], fold: int, *, held: bool) -> tuple[str, ...]:
    """Return the texts of a fold, or all others; one edit moves no other text to another fold."""
    return tuple(text for text in texts if _is_of(text, fold) is held)


def _is_of(text: str, fold: int) -> bool:
    return zlib.crc32(text.encode()) % FOLDS == fold


def _drawn(topics: Sequence[str], text: str) -> str:
    """Return a topic that might be open: always the same for a text."""
    return topics[zlib.crc32(text.encode()) // FOLDS % len(topics)]


def _curves(samples: Sequence[Sample]) -> Weighing:
    """Fit both curves, as if half of all messages were foreign."""
    foreign = sum(sample.article is None for sample in samples)
    weight = (len(samples) - foreign) / foreign
    weights = [1.0 if sample.article else weight for sample in samples]
    right = _fitted(samples, [sample.is_right for sample in samples], weights)
    inside = _fitted(samples, [sample.article is not None for sample in samples], weights)
    return Weighing(right=right, inside=inside)


def _fitted(
    samples: Sequence[Sample], hits: Sequence[bool], weights: Sequence[float]
) -> dict[str, float]:
    """Return the weights of a logistic regression (Newton's method, a small ridge)."""
    names = [*samples[0].found.figures]
    rows = [[sample.found.figures[name] for name in names] for sample in samples]
    curve = dict.fromkeys(names, 0.0)
    for _ in range(_ROUNDS):
        slope = [-_RIDGE * curve[name] for name in names]
        bend = [[_RIDGE * (a == b) for b in names] for a in names]
        for sample, row, hit, weight in zip(samples, rows, hits, weights, strict=True):
            likely = chance(sample.found.figures, curve)
            for i, a in enumerate(row):
                slope[i] += weight * (hit - likely) * a
                for j, b in enumerate(row):
                    bend[i][j] += weight * likely * (1 - likely) * a * b
        steps = _solved([[*row, end] for row, end in zip(bend, slope, strict=True)])
        curve = {name: curve[name] + step for name, step in zip(names, steps, strict=True)}
    return {name: round(weight, 3) for name, weight in curve.items()}


def _solved(rows: list[list[float]]) -> list[float]:
    """Solve linear equations, each a row that ends in its right side (Gauss and Jordan)."""
    for i, pivot in enumerate(rows):
        pivot[:] = [value / pivot[i] for value in pivot]
        for row in rows[:i] + rows[i + 1 :]:
            row[:] = [value - row[i] * by for value, by in zip(row, pivot, strict=True)]
    return [row[-1] for row in rows]


def _bars(samples: Sequence[Sample], curves: Weighing) -> Bars:
    """Return the lowest bars that keep what is promised of foreign messages and wrong answers."""
    foreign = [s for s in samples if s.article is None]
    own = [s for s in samples if s.article is not None]
    gate = next(
        bar for bar in _STEPS if _share(s.inside(curves) < bar for s in foreign) >= LEAST_DECLINED
    )
    wrong = [s.right(curves) for s in own if s.inside(curves) >= gate and not s.is_right]
    foreign_passed = [s.right(curves) for s in foreign if s.inside(curves) >= gate]
    answer = max(
        _least(wrong, MOST_WRONG * len(own)),
        _least(foreign_passed, MOST_FOREIGN_ANSWERED * len(foreign)),
    )
    likely = sorted(_likely(s, curves) for s in own)
    given_up = likely[int(likely.count(0.0) + SERVED_GIVEN_UP * len(likely))]
    return Bars(gate=gate, answer=answer, offer=math.floor(100 * min(given_up, answer)) / 100)


def _least(chances: Sequence[float], most: float) -> float:
    """Return the lowest bar that so many chances reach at most."""
    return next(bar for bar in _STEPS if sum(c >= bar for c in chances) <= most)


def _likely(sample: Sample, curves: Weighing) -> float:
    """Return the chance that the reader gives the right article, if it may be offered; else 0."""
    ranked = [*sample.found.articles.items()][:MOST_OFFERED]
    first = ranked[0][1] if ranked else 1.0
    return sample.right(curves) * dict(ranked).get(sample.article or "", 0.0) / first


def _share(hits: Iterable[bool]) -> float:
    counted = [*hits]
    return sum(counted) / max(len(counted), 1)
