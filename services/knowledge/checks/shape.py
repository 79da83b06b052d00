"""Articles that do not fit a phone or a button, and sentences that are hard to read."""

import re
from collections.abc import Iterator

from services.knowledge.checks.figures import texts_of
from services.knowledge.finding import Finding, on
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


MOST_WORDS = 45
_END = re.compile(r"(?<=[.!?;:])\s+|\n")
_SHOWN_CHARS = 40


def sentences(library: Library) -> Iterator[Finding]:
    """Yield sentences of more than `MOST_WORDS` words (Vietnamese writes one for each syllable)."""
    for article in library.articles.values():
        for sentence in (one for text in texts_of(article) for one in split(text)):
            words = len(sentence.split())
            if words > MOST_WORDS:
                shown = sentence[:_SHOWN_CHARS].rstrip()
                what = f"Câu “{shown}…” dài {words} tiếng, tối đa {MOST_WORDS}."
                yield on(article, "body", sentence, what, "Tách làm hai câu.")


def split(text: str) -> list[str]:
    """Return the sentences of Markdown; a line, a colon and a semicolon end one too."""
    return [part.strip() for part in _END.split(text) if part.strip()]
