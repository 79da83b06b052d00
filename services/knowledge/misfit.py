"""A misfit: an example question that the model, not having seen it, takes for another article's."""

from pathlib import Path

from pydantic import TypeAdapter

from services.knowledge.schema import Strict


class Misfit(Strict):
    """A question of an article, the article it was taken for, and how surely."""

    article: str
    question: str
    taken_for: str
    confidence: float


_MISFITS = TypeAdapter(tuple[Misfit, ...])


def read_misfits(path: Path) -> tuple[Misfit, ...] | None:
    """Read what training wrote beside the model, the surest first; None when it is not there."""
    if not path.exists():
        return None
    found = _MISFITS.validate_json(path.read_bytes())
    return tuple(sorted(found, key=lambda misfit: -misfit.confidence))
