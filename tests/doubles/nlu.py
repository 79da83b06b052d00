"""A hand-written NLU: answers what a test tells it to."""

from dataclasses import replace

from services.edition import Edition
from services.errors import NluUnavailable
from services.understanding.interpretation import Candidate, Interpretation, PartsMeant


def reading(
    *ranked: tuple[str, float],
    in_scope: float = 0.99,
    parts: PartsMeant | None = None,
) -> Interpretation:
    """Return an interpretation of intents and their confidences, the best first."""
    ranking = tuple(Candidate.of_intent(*pair) for pair in ranked)
    return Interpretation(ranking, in_scope, parts=parts or {})


def with_patience(edition: Edition, seconds: float) -> Edition:
    """Return the edition with so much patience for all readings of a message."""
    return replace(edition, interpreter=replace(edition.interpreter, patience=seconds))


class FakeNlu:
    """Reads by a table of texts; a text that is not in it is out of scope."""

    def __init__(self, table: dict[str, Interpretation] | None = None) -> None:
        """Start with a table; `down` makes every reading fail."""
        self.table = table or {}
        self.asked: list[str] = []
        self.down = False

    async def parse(self, text: str, opened: str | None = None) -> Interpretation:
        """Return the table's reading; beside an open article that of `text | article` first."""
        beside = f"{text} | {opened}"
        if beside in self.table:
            text = beside
        self.asked.append(text)
        if self.down:
            msg = "tắt để thử"
            raise NluUnavailable(msg)
        return self.table.get(text, reading(("out_of_scope", 0.9), in_scope=0.02))
