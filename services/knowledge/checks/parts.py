"""Articles in parts: what the front matter says of them and what the body holds must agree."""

import re
from collections.abc import Iterator

from services.knowledge.article import Article
from services.knowledge.finding import Finding, on
from services.knowledge.library import Library
from services.knowledge.schema import PART_NAME_CHARS, PartKind

_HEADING = re.compile(r"^#.*$", re.MULTILINE)
_FIGURE = re.compile(r"\d+(?:[.,/]\d+)*")
_OF_PROCEDURE: tuple[PartKind, ...] = ("steps", "papers", "place", "ways", "time", "fee")
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")
_MOST_PLAIN = 2


def parts(library: Library) -> Iterator[Finding]:
    """Yield what is wrong with the parts of articles, and with their plain words."""
    for article in library.articles.values():
        yield from _paired(article)
        yield from _named(article)
        yield from _cited(article)
        yield from _plain(article)
        yield from _whole(article)


def _paired(article: Article) -> Iterator[Finding]:
    """Yield headings that are none of a part, and parts that stand in one place alone."""
    for heading in _HEADING.findall(article.body):
        what = f"Đề mục “{heading}” không phải của một phần."
        yield on(article, "body", heading, what, "Ghi dạng: ## Tên phần {#ma}; mã a-z, 0-9, -.")
    written, told = [part.id for part in article.parts], list(article.head.parts)
    for name in dict.fromkeys((*written, *told)):
        times = written.count(name)
        if times != 1 or name not in told:
            what = f"Phần {name} có {times} đề mục trong bài, {told.count(name)} mục ở phần đầu."
            yield on(article, "parts", name, what, "Mỗi phần có một đề mục và một mục ở parts.")
    if written != told and sorted(written) == sorted(told):
        what = "Thứ tự các phần ở phần đầu khác thứ tự trong bài."
        yield on(article, "parts", "parts:", what, "Xếp parts theo thứ tự các đề mục.")


def _named(article: Article) -> Iterator[Finding]:
    for part in article.parts:
        if len(part.name) > PART_NAME_CHARS:
            what = f"Tên phần “{part.name}” dài {len(part.name)} ký tự, tối đa {PART_NAME_CHARS}."
            yield on(article, "body", part.name, what, "Rút ngắn: tên phần đứng trên nút.")
        if not part.text:
            what = f"Phần “{part.name}” không có nội dung."
            yield on(article, "body", part.name, what, "Viết nội dung, hoặc bỏ phần này.")


def _cited(article: Article) -> Iterator[Finding]:
    if article.head.procedure:
        return
    for name, part in article.head.parts.items():
        if not part.citations:
            what = f"Phần {name} không nêu căn cứ."
            yield on(article, "parts", f"{name}:", what, "Thêm citations cho phần này.")


def _plain(article: Article) -> Iterator[Finding]:
    plain = article.head.plain
    if not plain:
        return
    new = set(_FIGURE.findall(plain)) - set(_FIGURE.findall(article.short))
    if new:
        what = f"Câu dễ hiểu có số {', '.join(sorted(new))} mà câu trả lời ngắn không có."
        yield on(article, "plain", plain, what, "Chỉ dùng số của câu trả lời ngắn.")
    if len(_SENTENCE_END.split(plain)) > _MOST_PLAIN:
        what = f"Câu dễ hiểu dài quá {_MOST_PLAIN} câu."
        yield on(article, "plain", plain, what, "Rút còn một hoặc hai câu.")


def _whole(article: Article) -> Iterator[Finding]:
    """Yield what the article that tells its procedure as a whole does not tell of it."""
    if not article.head.main:
        return
    told = {part.kind for part in article.head.parts.values()}
    lacking = [kind for kind in _OF_PROCEDURE if kind not in told]
    if lacking or not article.head.procedure:
        what = f"Bài chính của thủ tục thiếu phần {', '.join(lacking) or 'procedure'}."
        yield on(article, "parts", "main:", what, "Thêm phần có kind đó, hoặc bỏ main.")
