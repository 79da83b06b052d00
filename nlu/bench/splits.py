"""What is learned from and what is asked afterwards: folds of the content."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nlu.content import Example, read_examples, reading_matter
from nlu.core.held_out import folds
from nlu.evaluate import FOLDS, SEED
from nlu.text import Lexicon


@dataclass(frozen=True)
class Split:
    """Examples to learn from, examples to ask, and sentences that teach correct spelling."""

    known: Sequence[Example]
    asked: Sequence[Example]
    reading_matter: Sequence[str] = ()

    @property
    def alone(self) -> list[Example]:
        """What is known without an open article: all that a peer can learn from."""
        return [e for e in self.known if not e.leans]


def content_splits(folder: Path, lexicon: Lexicon) -> list[Split]:
    """Return the folds of `htx nlu evaluate`. Raises ExamplesError as `read_examples` does."""
    examples, others = read_examples(folder), reading_matter(folder)
    return [
        Split(known, [e for e in kept_back if not e.leans], others)
        for known, kept_back in folds(examples, lexicon, FOLDS, SEED)
    ]
