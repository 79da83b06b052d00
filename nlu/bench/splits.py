"""What is learned from and what is asked afterwards: folds of the content, or a public set."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from nlu.content import Example, ExamplesError, read_examples, reading_matter
from nlu.core.held_out import folds
from nlu.evaluate import FOLDS, SEED
from nlu.text import Lexicon, normalise

_TOPIC = "set"


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


def public_split(folder: Path) -> Split:
    """Return a public set: `train.jsonl` and `test.jsonl` of {"text", "label"}.

    Each label is taken for an article of one topic. Raises ExamplesError when a file is missing or
    a line is none of these.
    """
    return Split(list(_read(folder / "train.jsonl")), list(_read(folder / "test.jsonl")))


def _read(path: Path) -> Iterator[Example]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        rows = [json.loads(line) for line in lines if line.strip()]
        yield from (Example(normalise(r["text"]), f"{_TOPIC}.{r['label']}") for r in rows)
    except (OSError, ValueError, KeyError, TypeError) as error:
        msg = f'{path}: every line must be {{"text": "…", "label": "…"}}: {error!r}'
        raise ExamplesError(msg) from error
