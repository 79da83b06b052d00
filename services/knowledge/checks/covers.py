"""What articles answer: numbers that exist, a sureness that is deserved, no fact left out."""

from collections.abc import Iterator

from services.knowledge.article import Article
from services.knowledge.coverage import CLAUSES, is_beyond_facts
from services.knowledge.finding import Finding, on
from services.knowledge.holdings import Library
from services.knowledge.schema import Mark, Verification

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
