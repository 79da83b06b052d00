"""Offices and places of the order before the merger, named as if they still were."""

import re
from collections.abc import Iterator

from services.knowledge.checks.figures import texts_of
from services.knowledge.finding import Finding, on
from services.knowledge.holdings import Library

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
_END = re.compile(r"(?<=[.!?])\s+|\n")
_QUOTED = re.compile(r"(?:Nghị quyết|Quyết định|Đề án|Công văn|Kế hoạch) [^,.;]*?\d[^,.;]*|“[^”]*”")
_OLD = re.compile(rf"(?<!\w)(?:{'|'.join(sorted(_GONE, key=len)[::-1])})(?!\w)", re.IGNORECASE)
_EXCUSED = re.compile(rf"(?<!\w)(?:{'|'.join(_TOLD_AS_GONE)})(?!\w)", re.IGNORECASE)
_BY_NAME = {name.lower(): new for name, new in _GONE.items()}


def old_names(library: Library) -> Iterator[Finding]:
    """Yield old names in sentences that do not say so; a document's own name may hold one."""
    for article in library.articles.values():
        for sentence in (one for text in texts_of(article) for one in _END.split(text)):
            old = _OLD.search(_QUOTED.sub("", sentence))
            if old and not _EXCUSED.search(sentence):
                what = f"“{old[0]}” là tên trước sáp nhập, câu này dùng như hiện nay."
                remedy = f"Đổi thành {_BY_NAME[old[0].lower()]}, hoặc nói rõ là tên cũ."
                yield on(article, "body", sentence, what, remedy)
