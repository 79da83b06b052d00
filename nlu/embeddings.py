"""Embed all that today's content is learned from: `nlu/.venv/bin/python -m nlu.embeddings`.

Five minutes, from the project's root. It writes nlu/embeddings.npz, which ships: with it a training
on the released content takes a fifth of the time (docs/benchmarks.md). What is changed later is
embedded where one trains.
"""

from __future__ import annotations

from nlu.content import content_dir, read_content
from nlu.core.embedder import SHIPPED, Cache, Embedder
from nlu.core.understanding import vectors_of
from nlu.text import read_lexicon


def main() -> None:
    """Write the file anew, whole or not at all. Raises ExamplesError, OSError."""
    draft = SHIPPED.with_suffix(".draft.npz")
    draft.unlink(missing_ok=True)
    vectors_of(read_content(content_dir()), read_lexicon(), Embedder(), Cache(draft))
    draft.replace(SHIPPED)


if __name__ == "__main__":
    main()
