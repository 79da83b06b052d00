"""What the calendar makes wrong: days to come, and documents that are over."""

from collections.abc import Iterator
from datetime import date

from services.knowledge.article import Article
from services.knowledge.finding import Finding, on
from services.knowledge.holdings import Library

_FUTURE = "Sửa thành ngày đã đối chiếu với văn bản."


def days(library: Library, today: date) -> Iterator[Finding]:
    """Yield what was looked over after today."""
    for article in library.articles.values():
        if article.head.as_of > today:
            what = f"Ngày {article.head.as_of:%d/%m/%Y} còn ở tương lai."
            yield on(article, "as_of", "as_of:", what, _FUTURE)
    for name, procedure in library.procedures.items():
        if procedure.as_of > today:
            file, what = (
                f"procedures/{name}.yml",
                f"Ngày {procedure.as_of:%d/%m/%Y} còn ở tương lai.",
            )
            yield Finding(file, library.line(file, "\nas_of:", "as_of:"), "as_of", what, _FUTURE)


def lapses(library: Library, today: date) -> Iterator[Finding]:
    """Yield the articles that rest on nothing in force: they are not served, the rest is."""
    for article in library.lapsed(today):
        if _is_cited_well(article, library):
            what = "Mọi căn cứ đã hết hiệu lực, bài này không được đem ra trả lời nữa."
            remedy = "Tìm văn bản thay thế, hoặc bỏ bài; xem mục 11 sổ tay."
            yield on(article, "citations", "citations:", what, remedy)


def _is_cited_well(article: Article, library: Library) -> bool:
    """Say whether every document cited is known; of others the check of references speaks."""
    return all(citation.source in library.sources for citation in article.head.citations)
