"""Figures that an article, a fact or a procedure states without having them from a fact."""

from collections.abc import Iterable, Iterator

from services.knowledge.article import Article
from services.knowledge.figures import Figure, StatedFigure, figures_of
from services.knowledge.figures import figures as read
from services.knowledge.finding import Finding, on
from services.knowledge.holdings import Library
from services.knowledge.schema import Procedure

_REMEDY = "Sửa số cho đúng, hoặc thêm vào `figures` của dữ kiện, kèm căn cứ."


def figures(library: Library) -> Iterator[Finding]:
    """Yield every figure that no fact allows.

    An article may state the figures of the facts it covers and of its procedure, a procedure those
    of its facts, a fact's words those that it lists.
    """
    for article in library.articles.values():
        yield from _of_article(article, library)
    for name, procedure in library.procedures.items():
        file, allowed = f"procedures/{name}.yml", _of_facts(procedure.facts, library)
        for stated in _beyond(_told(procedure), allowed):
            what = f"Con số “{stated.text}” không có trong dữ kiện của thủ tục."
            line = library.line(file, stated.text)
            yield Finding(file, line, "figures", what, _REMEDY, ("facts.yml",))
    for fact in library.facts.values():
        for stated in _beyond((fact.says,), figures_of(*fact.figures)):
            what = f"Dữ kiện {fact.id} nói “{stated.text}” mà `figures` không có."
            line = library.line_of_entry("facts.yml", fact.id, "figures:")
            yield Finding("facts.yml", line, "figures", what, "Ghi thêm số, hoặc sửa lời.")


def _of_article(article: Article, library: Library) -> Iterator[Finding]:
    allowed = _of_facts(article.head.covers, library)
    procedure = library.procedures.get(article.head.procedure or "")
    if procedure:
        allowed |= figures_of(*_told(procedure))
    causes = ("facts.yml", f"procedures/{article.head.procedure}.yml")
    for stated in _beyond(texts_of(article), allowed):
        what = f"Con số “{stated.text}” không có trong dữ kiện mà bài nêu ở `covers`."
        rival = _rival(stated, article, library)
        yield on(article, "body", stated.text, f"{what}{rival}", _REMEDY, causes=causes)


def texts_of(article: Article) -> tuple[str, ...]:
    """Return all that an article tells its reader."""
    head = article.head
    return (head.title, article.body, *article.variants.values(), head.next_step)


def _rival(stated: StatedFigure, article: Article, library: Library) -> str:
    """Name another article on one of its facts that says another figure after the same words."""
    own = set(article.head.covers)
    for other in library.articles.values():
        if other is article or not own & set(other.head.covers):
            continue
        for told in (told for text in texts_of(other) for told in read(text)):
            if (told.before, told.figure.unit) == (stated.before, stated.figure.unit):
                return f" Bài {other.id} nói “{told.text}”." if told.figure != stated.figure else ""
    return ""


def _told(procedure: Procedure) -> list[str]:
    papers = [f"{paper.name}. {paper.note or ''}" for paper in procedure.papers]
    known = [text for text in (procedure.place, procedure.time, procedure.fee) if text]
    return [*procedure.steps, *papers, *procedure.ways, *known, *procedure.terms.values()]


def _of_facts(names: Iterable[str], library: Library) -> set[Figure]:
    known = [library.facts[name] for name in names if name in library.facts]
    return figures_of(*(figure for fact in known for figure in fact.figures))


def _beyond(texts: Iterable[str], allowed: set[Figure]) -> Iterator[StatedFigure]:
    seen: set[Figure] = set()
    for stated in (stated for text in texts for stated in read(text)):
        if stated.figure not in allowed | seen:
            yield stated
        seen.add(stated.figure)
