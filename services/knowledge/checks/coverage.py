"""Which article answers which clause of the directive and which fact of the sheet."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from services.knowledge.article import Article
from services.knowledge.finding import Finding, on
from services.knowledge.library import Library
from services.knowledge.schema import Mark, Verification

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


_SURENESS: tuple[Mark, ...] = ("verified", "secondary", "inferred", "missing")
"""From the surest on; an article on what is not known may say so with every sureness."""

_FACTS = ("facts.yml",)


def covers(library: Library) -> Iterator[Finding]:
    """Yield unknown numbers, and articles surer than their facts."""
    for article in library.articles.values():
        yield from _unknown(article, library)
        yield from _too_sure(article, library)
    yield from _of_procedures(library)


def unanswered(library: Library) -> Iterator[Finding]:
    """Yield facts that no article answers."""
    answered = {name for article in library.articles.values() for name in article.head.covers}
    for fact in library.facts.values():
        if fact.id not in answered and not fact.reason:
            line = library.line_of_entry("facts.yml", fact.id)
            what = f"Chưa có bài nào trả lời dữ kiện {fact.id}."
            remedy = "Ghi số này vào `covers` của một bài, hoặc ghi lý do ở `reason`."
            yield Finding("facts.yml", line, "reason", what, remedy, tuple(library.unread))


def _unknown(article: Article, library: Library) -> Iterator[Finding]:
    for name in article.head.covers:
        if name not in library.facts and name not in CLAUSES and not is_beyond_facts(name):
            what = f"Không có dữ kiện hay mục {name}."
            remedy = "Ghi số có trong content/facts.yml, hoặc mục của văn bản 2651."
            yield on(article, "covers", "covers:", what, remedy, causes=_FACTS)


def _of_procedures(library: Library) -> Iterator[Finding]:
    for name, procedure in library.procedures.items():
        file = f"procedures/{name}.yml"
        for fact in procedure.facts:
            if fact not in library.facts:
                what = f"Không có dữ kiện {fact}."
                line = library.line(file, "facts:")
                remedy = "Ghi số có trong content/facts.yml."
                yield Finding(file, line, "facts", what, remedy, _FACTS)


def _too_sure(article: Article, library: Library) -> Iterator[Finding]:
    own = article.head.verification
    for name in article.head.covers:
        mark = library.facts[name].mark if name in library.facts else own
        if _is_weaker(mark, own):
            what = f"Bài ghi {own} mà dữ kiện {name} chỉ là {mark}."
            remedy = f"Ghi verification: {mark}; xem mục 8 sổ tay."
            yield on(article, "verification", "verification:", what, remedy, causes=_FACTS)
            return


def _is_weaker(mark: Mark, own: Verification) -> bool:
    return mark != "missing" and _SURENESS.index(mark) > _SURENESS.index(own)
