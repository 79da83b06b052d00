"""Questions that stand in two places: nothing tells which article is meant."""

from collections.abc import Iterator, Mapping

from nlu.text import fold
from services.knowledge.article import Article
from services.knowledge.finding import Finding, on
from services.knowledge.holdings import Library

_KEEP_ONE = "Giữ ở một bài, viết câu khác cho bài kia."


def twins(library: Library) -> Iterator[Finding]:
    """Yield example questions that stand twice, diacritics aside; a title may be its own."""
    places: dict[str, Article] = {}
    for article in library.articles.values():
        own: set[str] = set()
        for question in article.head.questions:
            asked = bare(question)
            first = article if asked in own else places.setdefault(asked, article)
            if asked in own or first is not article:
                what = f"Câu “{question}” đã có ở {first.id}."
                remedy, causes = _KEEP_ONE, (f"articles/{first.id}.md",)
                yield on(article, "questions", question, what, remedy, causes=causes)
            own.add(asked)
    yield from _titles(library.articles, places)


def _titles(articles: Mapping[str, Article], places: Mapping[str, Article]) -> Iterator[Finding]:
    for article in articles.values():
        other = places.get(bare(article.head.title), article)
        if other is not article:
            what = f"Tên bài này là câu hỏi mẫu của {other.id}."
            remedy, place = "Đổi tên bài hoặc câu mẫu kia.", f"articles/{other.id}.md"
            yield on(article, "title", article.head.title, what, remedy, causes=(place,))


def bare(question: str) -> str:
    """Return a question as nobody tells it from its twin: without diacritics, case and end mark."""
    return fold(question).strip(" ?.!")
