"""Misfits: example questions that fit another article better, as far as the model can tell.

Each is judged by the scores it gets while it is held out of training. What training finds goes into
the model's archive and from there into a file next to it, for those who write the content.
"""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from nlu.content import Example, article_of, is_article
from nlu.core.gate import Gate
from nlu.core.ranking import Ranking
from nlu.core.scorer import Scores

LEAST = 0.5
"""From this confidence in another article on, a question is a misfit."""
FIRST = 2
"""A question whose own article is among so many is none: the two are neighbours."""

_FILE = "/meaning/told.json"


def misfits(
    ranking: Ranking, gate: Gate, scores: Scores, examples: Sequence[Example]
) -> Iterator[dict[str, Any]]:
    """Yield the examples of articles whose held-out `scores` speak for another article."""
    for row, nearest, example in zip(scores.rows(), scores.nearest, examples, strict=True):
        if not is_article(example.intent) or nearest == example.intent:
            continue
        guesses = ranking.rank(row, gate.judge(row))
        articles = [guess for guess in guesses if is_article(guess.intent)]
        own = next(guess for guess in articles if guess.intent == example.intent)
        first = articles[0]
        if first is not guesses[0] or first.confidence < LEAST or own in articles[:FIRST]:
            continue
        yield {
            "article": article_of(example.intent),
            "question": example.text,
            "taken_for": article_of(first.intent),
            "confidence": round(first.confidence, 3),
            "own": round(own.confidence, 4),
        }


def extract_misfits(archive: Path, out: Path) -> None:
    """Copy the misfits out of a model's archive into the file `out`."""
    with tarfile.open(archive) as opened:
        for member in opened:
            stored = opened.extractfile(member) if member.name.endswith(_FILE) else None
            if stored:
                found = json.load(stored)["misfits"]
                out.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
