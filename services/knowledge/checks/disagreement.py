"""Two facts, and so two articles, that state different figures for one thing."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

from services.knowledge.clause import read_clause
from services.knowledge.figures import Figure, figures_of
from services.knowledge.finding import Finding
from services.knowledge.holdings import Library
from services.knowledge.schema import Fact


def disagreement(library: Library) -> Iterator[Finding]:
    """Yield pairs of facts that contradict each other.

    Two facts do when both rest on exactly the same place of a document (article, clause, point),
    each states one single figure of a unit, and these differ. An article that states a figure which
    its facts do not allow is found by the check of figures, which names the article it contradicts.
    """
    for facts in _alike(library):
        for (first, one), (second, other) in combinations(facts, 2):
            if one != other:
                what = (
                    f"Dữ kiện {second.id} nói {other}, dữ kiện {first.id} nói {one}, cùng ở "
                    f"{second.source} {second.clause}{_articles(library, first, second)}."
                )
                line = library.line_of_entry("facts.yml", second.id, "figures:")
                yield Finding("facts.yml", line, "figures", what, "Xem văn bản, sửa chỗ sai.")


def _alike(library: Library) -> list[list[tuple[Fact, Figure]]]:
    """Return facts with their one figure, together when place and unit are the same."""
    groups: dict[tuple[str, str, str], list[tuple[Fact, Figure]]] = defaultdict(list)
    for fact in library.facts.values():
        places = read_clause(fact.clause or "") or []
        if fact.source and len(places) == 1:
            for figure in _single(figures_of(*fact.figures)):
                groups[fact.source, str(places[0]), figure.unit].append((fact, figure))
    return list(groups.values())


def _single(figures: set[Figure]) -> Iterator[Figure]:
    units = [figure.unit for figure in figures]
    yield from (figure for figure in figures if units.count(figure.unit) == 1)


def _articles(library: Library, *facts: Fact) -> str:
    names = [
        article.id
        for article in library.articles.values()
        if {fact.id for fact in facts} & set(article.head.covers)
    ]
    return f" (bài {', '.join(names)})" if names else ""
