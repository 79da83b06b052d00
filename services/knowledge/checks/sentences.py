"""Sentences that are hard to read."""

import re
from collections.abc import Iterator

from services.knowledge.checks.figures import texts_of
from services.knowledge.checks.places import on
from services.knowledge.finding import Finding
from services.knowledge.holdings import Library

MOST_WORDS = 45
_END = re.compile(r"(?<=[.!?;:])\s+|\n")
_SHOWN_CHARS = 40


def sentences(library: Library) -> Iterator[Finding]:
    """Yield sentences of more than `MOST_WORDS` words (Vietnamese writes one for each syllable)."""
    for article in library.articles.values():
        for sentence in (one for text in texts_of(article) for one in split(text)):
            words = len(sentence.split())
            if words > MOST_WORDS:
                shown = sentence[:_SHOWN_CHARS].rstrip()
                what = f"Câu “{shown}…” dài {words} tiếng, tối đa {MOST_WORDS}."
                yield on(article, "body", sentence, what, "Tách làm hai câu.")


def split(text: str) -> list[str]:
    """Return the sentences of Markdown; a line, a colon and a semicolon end one too."""
    return [part.strip() for part in _END.split(text) if part.strip()]
