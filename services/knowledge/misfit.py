"""A misfit: an example question that the model, not having seen it, takes for another article's."""

from pathlib import Path

from pydantic import TypeAdapter

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
    """Read what training wrote beside the model, the surest first; None when it is not there."""
    if not path.exists():
        return None
    found = _MISFITS.validate_json(path.read_bytes())
    return tuple(sorted(found, key=lambda misfit: -misfit.confidence))
