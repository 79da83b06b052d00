"""Which article answers which clause of the directive and which fact of the sheet."""

from collections import defaultdict
from dataclasses import asdict, dataclass

from services.knowledge.library import Library

CLAUSES = (
    *("1a", "1b", "1c", "1d"),
    *("2a", "2b", "2c", "2d"),
    *("3a", "3b", "3c"),
    *("4a", "4b"),
    "5",
    *("6a", "6b", "6c", "6d"),
    "7",
    "8",
)
"""The clauses of 2651/UBND-KTN (15/5/2020): section and bullet; 8 is the closing order."""


@dataclass(frozen=True)
class Covered:
    """A clause or fact and the articles that answer it."""

    id: str
    articles: tuple[str, ...]
    reason: str | None = None


@dataclass(frozen=True)
class Coverage:
    """Clauses and facts against articles."""

    clauses: tuple[Covered, ...]
    facts: tuple[Covered, ...]

    def as_json(self) -> dict[str, list[dict[str, object]]]:
        """Return the shape that `htx content coverage --json` prints."""
        clauses = [{"id": c.id, "articles": list(c.articles)} for c in self.clauses]
        facts = [asdict(fact) | {"articles": list(fact.articles)} for fact in self.facts]
        return {"clauses": clauses, "facts": facts}


def cover(library: Library) -> Coverage:
    """Gather, for each clause and each fact named by an article, the articles that name it."""
    places: dict[str, list[str]] = defaultdict(list)
    for article in library.articles.values():
        for covered in article.head.covers:
            places[covered].append(article.id)
    facts = sorted(places.keys() - set(CLAUSES), key=_numbers)
    return Coverage(
        clauses=tuple(Covered(clause, tuple(places.get(clause, ()))) for clause in CLAUSES),
        facts=tuple(Covered(fact, tuple(places[fact])) for fact in facts),
    )


def _numbers(fact: str) -> tuple[list[int], str]:
    return [int(part) for part in fact.split(".") if part.isdigit()], fact
