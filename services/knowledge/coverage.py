"""Which article answers which clause of the directive and which fact of the sheet."""

from collections import defaultdict
from dataclasses import asdict, dataclass

from services.knowledge.holdings import Library

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

TRAPS, GAPS = 29, 7
BEYOND_FACTS = (
    *(f"15.{number}" for number in range(1, TRAPS + 1)),
    *(f"16.{number}" for number in range(1, GAPS + 1)),
)
"""Numbers of the sheet that are no facts: mistakes that people make (15), what is unknown (16)."""


def is_beyond_facts(name: str) -> bool:
    """Say whether a number of the sheet names a trap or a gap."""
    return name in BEYOND_FACTS


@dataclass(frozen=True)
class Covered:
    """A clause or fact and the articles that answer it."""

    id: str
    articles: tuple[str, ...]
    reason: str | None = None


@dataclass(frozen=True)
class Coverage:
    """What can be answered, against the articles that do."""

    clauses: tuple[Covered, ...]
    facts: tuple[Covered, ...]
    beyond: tuple[Covered, ...]
    """Traps and gaps of the sheet."""

    def as_json(self) -> dict[str, list[dict[str, object]]]:
        """Return the shape that `htx content coverage --json` prints."""
        clauses = [{"id": c.id, "articles": list(c.articles)} for c in self.clauses]
        return {
            "clauses": clauses,
            "facts": [asdict(fact) | {"articles": list(fact.articles)} for fact in self.facts],
            "beyond": [{"id": b.id, "articles": list(b.articles)} for b in self.beyond],
        }


def cover(library: Library) -> Coverage:
    """Gather, for each clause, fact, trap and gap, the articles that name it."""
    places: dict[str, list[str]] = defaultdict(list)
    for article in library.articles.values():
        for covered in article.head.covers:
            places[covered].append(article.id)
    return Coverage(
        clauses=tuple(Covered(clause, tuple(places[clause])) for clause in CLAUSES),
        facts=tuple(
            Covered(name, tuple(places[name]), fact.reason) for name, fact in library.facts.items()
        ),
        beyond=tuple(Covered(name, tuple(places[name])) for name in BEYOND_FACTS),
    )
