"""Scores every intent for a message, and all articles and all talk together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlu.content import OUT_OF_SCOPE, is_article
from nlu.core.kernel import Floats, Kernel, Rows, fit_held_out, landmarks_of, targets_of
from nlu.core.parameters import PARAMETERS
from nlu.core.storage import digest
from nlu.core.views import Lengths, Vectors

ANY_ARTICLE = "*article"
ANY_TALK = "*talk"
"""Columns for all articles and for all talk together; no intent has such a name."""

_NO_INTENTS = (ANY_ARTICLE, ANY_TALK, OUT_OF_SCOPE)
PARTS = 4
"""Into so many parts the examples are split for held-out scores."""


@lru_cache(maxsize=1024)
def flags(names: tuple[str, ...], has: Callable[[str], bool]) -> NDArray[np.bool_]:
    """Return which of `names` are of a kind; worked out once, as every message has the same."""
    return np.array([has(name) for name in names], dtype=np.bool_)


@lru_cache(maxsize=1024)
def chosen(names: tuple[str, ...], has: Callable[[str], bool]) -> tuple[str, ...]:
    """Return those of `names` that are of a kind; worked out once."""
    return tuple(filter(has, names))


def is_intent(column: str) -> bool:
    """Tell whether a column is an intent one can mean: not out of scope, no joint one."""
    return column not in _NO_INTENTS


@dataclass(frozen=True)
class Scores:
    """A score for each column, of one message or of several with a row for each."""

    columns: tuple[str, ...]
    values: Floats
    lengths: Lengths
    """Of each message, how much is written (`Vectors.lengths`)."""

    def take(self, chosen: Any) -> Scores:
        """Return the chosen rows, or the one row that is chosen."""
        return Scores(self.columns, self.values[chosen], self.lengths[chosen])

    def rows(self) -> Iterator[Scores]:
        """Yield each row by itself."""
        return map(self.take, range(len(self.values)))

    @property
    def intents(self) -> tuple[str, ...]:
        """The columns that are intents one can mean: all but out of scope and the joint ones."""
        return chosen(self.columns, is_intent)

    @property
    def of_intents(self) -> Floats:
        """The scores of `intents`."""
        scores: Floats = self.values[..., flags(self.columns, is_intent)]
        return scores

    @property
    def nearest(self) -> list[str]:
        """The intent that scores highest, of each row."""
        return [self.intents[at] for at in self.of_intents.argmax(axis=-1)]

    def of(self, column: str) -> Floats:
        """Return the score of one column; 0 where there is no such column."""
        if column not in self.columns:
            return np.zeros(self.values.shape[:-1], dtype=np.float32)
        of_column: Floats = self.values[..., self.columns.index(column)]
        return of_column


@dataclass(frozen=True)
class Scorer:
    """What is known of the intents.

    The columns are the intents, out of scope among them, and last ANY_ARTICLE and ANY_TALK.
    """

    columns: tuple[str, ...]
    kernel: Kernel

    @classmethod
    def fit(
        cls, vectors: Vectors, labels: Sequence[str], parts: Rows, most: int
    ) -> tuple[Scorer, Scores]:
        """Learn the intents in `labels`; at most `most` examples stand for all.

        Returned beside are the scores of the examples that have a part (`parts_of`), without it.
        """
        columns = (*sorted(set(labels)), ANY_ARTICLE, ANY_TALK)
        targets = targets_of([_columns_of(label) for label in labels], columns)
        kernel, values = fit_held_out(vectors, targets, landmarks_of(labels, most), parts)
        return cls(columns, kernel), Scores(columns, values, vectors.lengths[parts >= 0])

    def scores(self, vectors: Vectors) -> Scores:
        """Return the scores of each row of `vectors`."""
        return Scores(self.columns, self.kernel.scores(vectors), vectors.lengths)


def parts_of(groups: Sequence[str | None]) -> Rows:
    """Return the part that each example is left out with; -1 for those that never are.

    Examples of one group are left out together, so that no spelling of a question helps another;
    those of no group never are. A group keeps its part whatever is written beside it. Of very many
    examples only so many as are learned from are left out at all.
    """
    share = min(PARAMETERS.held_out / max(len(groups), 1), 1.0)
    return np.array([-1 if group is None else _part(group, share) for group in groups])


def _part(group: str, share: float) -> int:
    place = int(digest(group.encode()), 16) / 16**32
    return int(place * PARTS) if place < share else -1


def _columns_of(label: str) -> tuple[str, ...]:
    if label == OUT_OF_SCOPE:
        return (label,)
    return label, ANY_ARTICLE if is_article(label) else ANY_TALK
