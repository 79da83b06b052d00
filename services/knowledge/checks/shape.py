"""Articles that do not fit a phone or a button."""

from collections.abc import Iterator

from services.knowledge.checks.places import on
from services.knowledge.finding import Finding
from services.knowledge.holdings import Library
from services.knowledge.schema import MOST_ID_BYTES, SHORT_ANSWER_CHARS


def shape(library: Library) -> Iterator[Finding]:
    """Yield articles without a body, with a short answer or an id that is too long."""
    for article in library.articles.values():
        if not article.body:
            what = "Bài không có nội dung."
            yield on(article, "body", "", what, "Viết câu trả lời ngắn ở đoạn đầu.")
        if len(article.short) > SHORT_ANSWER_CHARS:
            what = f"Câu trả lời ngắn dài {len(article.short)} ký tự (tối đa {SHORT_ANSWER_CHARS})."
            yield on(article, "body", article.short, what, "Đưa phần chi tiết xuống đoạn sau.")
        if len(article.id.encode()) > MOST_ID_BYTES:
            what = f"Đường dẫn bài dài quá {MOST_ID_BYTES} byte."
            yield on(article, "-", "", what, "Đặt tên tệp ngắn hơn.")
