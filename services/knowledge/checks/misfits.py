"""Misfits: example questions that the model, not having seen them, takes for another article's."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from services.knowledge.finding import Finding, on
from services.knowledge.holdings import Library
from services.knowledge.schema import Strict

SURE, OUT_OF_SIGHT = 0.98, 0.0005


class Misfit(Strict):
    """A question of an article, the article it was taken for, and how surely."""

    article: str
    question: str
    taken_for: str
    confidence: float
    own: float
    """The confidence in the article where it stands."""

    @property
    def is_sure(self) -> bool:
        """Say whether the question surely stands in the wrong article.

        Measured on the content: held out, one question in a hundred has a wrong article at 0.95 or
        more, and most of these name a neighbour; which ones do moves with each training. Where the
        guess is surer still and the own article out of sight, the question was misplaced or told
        too little. The others are for `htx content review`.
        """
        return self.confidence >= SURE and self.own < OUT_OF_SIGHT


_MISFITS = TypeAdapter(tuple[Misfit, ...])


def read_misfits(path: Path) -> tuple[Misfit, ...] | None:
    """Read what training wrote beside the model, the surest first; None where it can't be read."""
    try:
        found = _MISFITS.validate_json(path.read_bytes())
    except (OSError, ValidationError):  # not trained yet, or by another version
        return None
    return tuple(sorted(found, key=lambda misfit: -misfit.confidence))


def misfits(library: Library, guesses: Iterable[Misfit]) -> Iterator[Finding]:
    """Yield the questions that surely stand in the wrong article; review lists the others."""
    for guess in guesses:
        article = library.articles.get(guess.article)
        if article and guess.is_sure:
            what = (
                f"Câu “{guess.question}” được hiểu là {guess.taken_for} ({guess.confidence:.0%})."
            )
            remedy = "Chuyển câu sang bài kia, hoặc viết rõ hơn."
            yield on(article, "questions", guess.question, what, remedy)
