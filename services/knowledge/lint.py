"""What one file can't tell by itself: references that lead nowhere, twins, bodies out of shape."""

from collections.abc import Iterator, Mapping

from nlu.text import fold
from services.knowledge.article import Article
from services.knowledge.finding import Finding
from services.knowledge.schema import SHORT_ANSWER_CHARS, Source, Topic

_ID_BYTES = 48


def check(
    articles: Mapping[str, Article], sources: Mapping[str, Source], topics: Mapping[str, Topic]
) -> Iterator[Finding]:
    """Yield what is wrong between articles, sources and topics."""
    for article in articles.values():
        yield from _references(article, articles, sources, topics)
        yield from _shape(article)
    yield from _twins(articles)
    yield from _source_references(sources)


def _references(
    article: Article,
    articles: Mapping[str, Article],
    sources: Mapping[str, Source],
    topics: Mapping[str, Topic],
) -> Iterator[Finding]:
    for source in (citation.source for citation in article.head.citations):
        if source not in sources:
            what = f"Không có văn bản {source} trong content/sources."
            remedy = "Thêm tệp của văn bản hoặc sửa mã."
            yield _on(article, "citations", f"source: {source}", what, remedy)
    for other in article.head.related:
        if other not in articles or other == article.id:
            what = f"Không có bài {other} (hoặc là chính bài này)."
            yield _on(article, "related", other, what, "Ghi mã của một bài khác đang có.")
    if article.topic not in topics:
        what = f"Thư mục {article.topic} không có trong content/topics.yml."
        yield _on(
            article, "-", "", what, "Chuyển bài sang thư mục đã có hoặc khai báo thư mục mới."
        )


def _shape(article: Article) -> Iterator[Finding]:
    if not article.body:
        yield _on(
            article, "body", "", "Bài không có nội dung.", "Viết câu trả lời ngắn ở đoạn đầu."
        )
    if len(article.short) > SHORT_ANSWER_CHARS:
        what = f"Câu trả lời ngắn dài {len(article.short)} ký tự (tối đa {SHORT_ANSWER_CHARS})."
        yield _on(article, "body", article.short, what, "Đưa phần chi tiết xuống đoạn sau.")
    if len(article.id.encode()) > _ID_BYTES:
        what = f"Đường dẫn bài dài quá {_ID_BYTES} byte."
        yield _on(article, "-", "", what, "Đặt tên tệp ngắn hơn.")


def _twins(articles: Mapping[str, Article]) -> Iterator[Finding]:
    """Yield example questions that stand twice, diacritics aside; a title may be its own."""
    places: dict[str, Article] = {}
    for article in articles.values():
        own: set[str] = set()
        for question in article.head.questions:
            asked = _asked(question)
            first = article if asked in own else places.setdefault(asked, article)
            if asked in own or first is not article:
                what = f"Câu “{question}” đã có ở {first.id}."
                yield _on(
                    article,
                    "questions",
                    question,
                    what,
                    "Giữ ở một bài, viết câu khác cho bài kia.",
                )
            own.add(asked)
    yield from _title_twins(articles, places)


def _title_twins(
    articles: Mapping[str, Article], places: Mapping[str, Article]
) -> Iterator[Finding]:
    for article in articles.values():
        other = places.get(_asked(article.head.title), article)
        if other is not article:
            what = f"Tên bài này là câu hỏi mẫu của {other.id}."
            yield _on(article, "title", article.head.title, what, "Đổi tên bài hoặc câu mẫu kia.")


def _asked(question: str) -> str:
    return fold(question).strip(" ?.!")


def _source_references(sources: Mapping[str, Source]) -> Iterator[Finding]:
    for name, source in sources.items():
        for other in (*source.amended_by, *source.replaced_by):
            if other not in sources:
                what = f"Không có văn bản {other}."
                remedy = "Thêm tệp của văn bản hoặc sửa mã."
                yield Finding(f"sources/{name}.yml", 1, "amended_by/replaced_by", what, remedy)


def _on(article: Article, field: str, text: str, what: str, remedy: str) -> Finding:
    return Finding(f"articles/{article.id}.md", article.line_of(text), field, what, remedy)
