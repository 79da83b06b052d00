"""How articles are written: what no phone or button holds, hard sentences, old names."""

import re
from collections.abc import Iterator

from services.knowledge.finding import Finding, on
from services.knowledge.library import Library
from services.knowledge.schema import MOST_ID_BYTES, SHORT_ANSWER_CHARS

_MOST_WORDS = 45
_END = re.compile(r"(?<=[.!?;:])\s+|\n")
_SHOWN_CHARS = 40


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


def sentences(library: Library) -> Iterator[Finding]:
    """Yield sentences of too many words (Vietnamese writes one for each syllable)."""
    for article in library.articles.values():
        for sentence in (one for text in article.texts for one in split(text)):
            words = len(sentence.split())
            if words > _MOST_WORDS:
                shown = sentence[:_SHOWN_CHARS].rstrip()
                what = f"Câu “{shown}…” dài {words} tiếng, tối đa {_MOST_WORDS}."
                yield on(article, "body", sentence, what, "Tách làm hai câu.")


def split(text: str) -> list[str]:
    """Return the sentences of Markdown; a line, a colon and a semicolon end one too."""
    return [part.strip() for part in _END.split(text) if part.strip()]


_GONE = {
    "cấp huyện": "cấp xã hoặc thành phố",
    "huyện": "xã, phường",
    "thị xã": "xã, phường",
    "tỉnh Quảng Nam": "vùng Quảng Nam cũ, nay thuộc thành phố Đà Nẵng",
    "thành phố Tam Kỳ": "phường mới của thành phố Đà Nẵng",
    "thành phố Hội An": "phường mới của thành phố Đà Nẵng",
    "Phòng Tài chính - Kế hoạch": "Ủy ban nhân dân xã, phường",
    "Sở Kế hoạch và Đầu tư": "Sở Tài chính",
    "Bộ Kế hoạch và Đầu tư": "Bộ Tài chính",
    "Sở Nông nghiệp và Phát triển nông thôn": "Sở Nông nghiệp và Môi trường",
    "Bộ Nông nghiệp và Phát triển nông thôn": "Bộ Nông nghiệp và Môi trường",
}
"""What is gone since 1/7/2025, and what stands in its place."""
_TOLD_AS_GONE = (
    *("cũ", "cũng không còn", "không còn", "trước đây", "trước", "hồi đó", "khi đó", "lúc đó"),
    *("lúc ấy", "thời", "thời đó", "nay", "đã", "hết", "bỏ", "ngừng", "chuyển từ", "từ năm"),
    *("không lên", "đừng", "không phải", "chứ không", r"từ \**1/7/2025", "2651"),
)
"""Words that tell a reader of the sentence that the name is no longer today's."""
_STOP = re.compile(r"(?<=[.!?])\s+|\n")
_QUOTED = re.compile(r"(?:Nghị quyết|Quyết định|Đề án|Công văn|Kế hoạch) [^,.;]*?\d[^,.;]*|“[^”]*”")
_OLD = re.compile(rf"(?<!\w)(?:{'|'.join(sorted(_GONE, key=len)[::-1])})(?!\w)", re.IGNORECASE)
_EXCUSED = re.compile(rf"(?<!\w)(?:{'|'.join(_TOLD_AS_GONE)})(?!\w)", re.IGNORECASE)
_BY_NAME = {name.lower(): new for name, new in _GONE.items()}


def old_names(library: Library) -> Iterator[Finding]:
    """Yield old names in sentences that do not say so; a document's own name may hold one."""
    for article in library.articles.values():
        for sentence in (one for text in article.texts for one in _STOP.split(text)):
            old = _OLD.search(_QUOTED.sub("", sentence))
            if old and not _EXCUSED.search(sentence):
                what = f"“{old[0]}” là tên trước sáp nhập, câu này dùng như hiện nay."
                remedy = f"Đổi thành {_BY_NAME[old[0].lower()]}, hoặc nói rõ là tên cũ."
                yield on(article, "body", sentence, what, remedy)
