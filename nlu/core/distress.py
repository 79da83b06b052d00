"""Whether a message tells of distress: one more small judgement of the vectors it has anyway.

A message is compared with every example of distress and of what only sounds so, and with some
ordinary questions, as questions are compared with each other (nlu/core/kernel.py). The bars are set
on families of wording that were left out of the learning: what will be written is in none of those
that are known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nlu.content import DANGERS, LEVELS, OUT_OF_SCOPE, DistressExample, Level
from nlu.core.kernel import Floats
from nlu.core.scorer import ANY_ARTICLE, PARTS, Scorer, Scores
from nlu.core.views import Vectors

MOST_ALARMED = 0.035
"""Of messages that were written to be taken for distress and tell of none, in wordings that were
left out, so many may be heard by all that they hold of distress. A false alarm costs one sentence
before the answer. Of 412 messages that tell of none, in families that nothing was learned of, 55
were heard with .035, .015 and .82 below, 43 with .035, .02 and .9, 40 with .03, .02 and .9; of 130
doubtful ones 101, 97 and 92, of 130 clear ones 123 each time."""
MOST_SURE = 0.02
"""The same by what they hold of clear distress alone: what is like it is heard though in all it is
little."""
MOST_ORDINARY = 1000
"""Questions that are learned from as what is no distress; more change nothing."""
_LOST_WORDS = 0.5
"""How bad a doubt taken for clear is, against a clear one that is not: where nothing else is
answered, the first is told more than it needs, the other less."""
_NEAR = 0.69
"""From so much of the first bar on a message comes near distress: below it a doubtful word tells
nothing, from it on a faint one makes a doubt."""
_FAINT = 0.9
"""The same for what is heard faintly: where nothing was asked a kind word takes nothing away. Of
1,437 messages that tell of none and were left out of the learning it hears 41 more than the bars
do, of 331 doubtful ones 16."""


@dataclass(frozen=True)
class Alarm:
    """What was heard in a message."""

    level: Level | Literal["faint"]
    """What is faint is a doubt only where nothing is asked; what is clear to a machine may still
    be wrong: it takes no answer away."""
    dangers: tuple[str, ...] = ()
    """Who is in danger, the likeliest first; none where nothing was heard."""
    near: bool = True
    """Whether it comes near: if not, a doubtful word in it is only a word."""


class AlarmBars(NamedTuple):
    """From which height on something is heard at all, and it is clear."""

    any: float
    sure: float
    """From which height of clear distress on it is heard, however little there is in all."""
    clear: float

    def heard(self, heights: Floats) -> NDArray[np.bool_]:
        """Say of each row whether anything is heard."""
        flags: NDArray[np.bool_] = (heights[:, 0] >= self.any) | (heights[:, 1] >= self.sure)
        return flags


@dataclass(frozen=True)
class DistressModel:
    """What the examples say; without any nothing is heard."""

    scorer: Scorer | None
    bars: AlarmBars
    left_out: Mapping[str, Sequence[float]]
    """Of families that were left out, by level: which share was heard at all, and as clear."""

    @classmethod
    def fit(cls, examples: Sequence[DistressExample], vectors: Vectors) -> DistressModel:
        """Learn from examples and from ordinary messages, which tell of none.

        `vectors` has a row for each example and, behind them, for each ordinary message.
        """
        if not examples:
            return cls(None, AlarmBars(0, 0, 0), {})
        others = vectors.sparse.shape[0] - len(examples)
        labels = [*map(_label, examples), *[OUT_OF_SCOPE] * others]
        parts = np.array([*_parts([example.family for example in examples]), *[-1] * others])
        scorer, held_out = Scorer.fit(vectors, labels, parts, len(labels))
        levels = np.array([LEVELS.index(example.level) for example in examples])
        heights = _heights(held_out)
        bars = _bars(heights, levels)
        heard = bars.heard(heights)
        both = heard, heard & (heights[:, 1] >= bars.clear)
        left_out: dict[str, Sequence[float]] = {
            level: [_share(flags[levels == at]) for flags in both]
            for at, level in enumerate(LEVELS)
        }
        return cls(scorer, bars, left_out)

    def hear(self, vectors: Vectors) -> Alarm:
        """Say what is heard in the message of these vectors."""
        if self.scorer is None:
            return Alarm("none", near=False)
        scores = self.scorer.scores(vectors)
        heights = _heights(scores)
        [(some, clear)] = heights
        if not self.bars.heard(heights):
            if some < self.bars.any * _FAINT:
                return Alarm("none", near=bool(some >= self.bars.any * _NEAR))
            return Alarm("faint", _dangers(scores))
        return Alarm("clear" if clear >= self.bars.clear else "doubtful", _dangers(scores))


def _parts(families: Sequence[str]) -> list[int]:
    """Deal the families out over the parts, as many to each: they are few for dealing by a hash."""
    names = sorted(set(families))
    order = np.random.default_rng(len(names)).permutation(len(names)) % PARTS
    part = dict(zip(names, order.tolist(), strict=True))
    return [part[family] for family in families]


def _label(example: DistressExample) -> str:
    """Return the column of an example: what is none is out of scope here, all else is inside."""
    return f"{example.level}.{example.danger}" if example.danger else OUT_OF_SCOPE


def _heights(scores: Scores) -> Floats:
    """Return how like each row is to any distress and to clear distress."""
    clear = [name.startswith("clear.") for name in scores.columns]
    both = (scores.of(ANY_ARTICLE), scores.values[:, clear].sum(axis=1))
    heights: Floats = np.stack(both, axis=1)
    return heights


def _dangers(scores: Scores) -> tuple[str, ...]:
    """Return the likeliest danger, and any other that is more than half as likely."""
    likely = {
        danger: sum(float(scores.of(f"{level}.{danger}")[0]) for level in LEVELS)
        for danger in DANGERS
    }
    ranked = sorted(DANGERS, key=lambda danger: -likely[danger])
    return tuple(one for one in ranked if likely[one] >= likely[ranked[0]] / 2)


def _bars(heights: Floats, levels: NDArray[np.intp]) -> AlarmBars:
    """Return the bars under which as much is heard as may be."""
    none, doubtful, clear = (heights[levels == at] for at in range(len(LEVELS)))
    lowest, sure = _bar_for(none[:, 0], MOST_ALARMED), _bar_for(none[:, 1], MOST_SURE)
    heard = AlarmBars(lowest, sure, 0.0).heard
    doubts, certain = (each[heard(each), 1] for each in (doubtful, clear))

    def _cost(bar: float) -> float:
        return _share(certain < bar) + _LOST_WORDS * _share(doubts >= bar)

    steps = sorted({0.0, *certain.tolist(), *doubts.tolist()})
    best = min(range(len(steps)), key=lambda at: _cost(steps[at]))
    return AlarmBars(lowest, sure, (steps[best] + steps[max(best - 1, 0)]) / 2)


def _bar_for(heights: Floats, most: float) -> float:
    """Return the bar that at most this share reaches."""
    ranked = np.sort(heights)[::-1]
    return float(ranked[int(most * len(ranked))]) + 1e-6 if len(ranked) else 0.0


def _share(flags: NDArray[np.bool_]) -> float:
    return float(flags.mean()) if len(flags) else 0.0
