"""Names and addresses that lead nowhere, and what nothing leads to."""

import asyncio
import re
from collections.abc import Iterator, Sequence
from http import HTTPStatus
from urllib.parse import urlsplit

import httpx

from services.knowledge.article import Article
from services.knowledge.finding import Finding, on
from services.knowledge.library import Library
from services.knowledge.phrases import needed
from services.knowledge.schema import Paper, Step

_LINK = re.compile(r"\[[^\]]*\]\(\s*([^)\s]*)[^)]*\)")
_BARE = re.compile(r"(?<![(\w])https?://[^\s)>\]]+")
_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?::\d+)?", re.IGNORECASE)
_GONE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
_AT_ONCE = 8
_NO_PAGE = "Sửa địa chỉ, hoặc bỏ đường dẫn."
_NO_SOURCE = "Thêm tệp của văn bản vào content/sources, hoặc sửa mã."


def references(library: Library) -> Iterator[Finding]:
    """Yield each name that nothing in the content bears."""
    for article in library.articles.values():
        yield from _of_article(article, library)
    yield from _of_sources(library)
    yield from _of_procedures(library)
    yield from _of_offices(library)
    yield from _of_forms(library)


def _of_article(article: Article, library: Library) -> Iterator[Finding]:
    for source in (citation.source for citation in article.citations):
        if source not in library.sources:
            what = f"Không có văn bản {source} trong content/sources."
            causes = (f"sources/{source}.yml",)
            yield on(article, "citations", f"source: {source}", what, _NO_SOURCE, causes=causes)
    for other in article.head.related:
        if f"articles/{other}.md" not in library.texts or other == article.id:
            what = f"Không có bài {other} (hoặc là chính bài này)."
            remedy, causes = "Ghi mã của một bài khác đang có.", (f"articles/{other}.md",)
            yield on(article, "related", other, what, remedy, causes=causes)
    if article.topic not in library.topics:
        what = f"Thư mục {article.topic} không có trong content/topics.yml."
        remedy = "Chuyển bài sang thư mục đã có hoặc khai báo thư mục mới."
        yield on(article, "-", "", what, remedy, causes=("topics.yml",))
    procedure = article.head.procedure
    if procedure and procedure not in library.procedures:
        what = f"Không có thủ tục {procedure} trong content/procedures."
        remedy, causes = "Sửa tên thủ tục; xem mục 7 sổ tay.", (f"procedures/{procedure}.yml",)
        yield on(article, "procedure", "procedure:", what, remedy, causes=causes)


def _of_sources(library: Library) -> Iterator[Finding]:
    for name, source in library.sources.items():
        file = f"sources/{name}.yml"
        for field, others in (
            ("amended_by", source.amended_by),
            ("replaced_by", source.replaced_by),
        ):
            for other in others:
                if other not in library.sources:
                    line = library.line(file, field, other)
                    what = f"Không có văn bản {other} trong content/sources."
                    yield Finding(file, line, field, what, _NO_SOURCE, (f"sources/{other}.yml",))


def _of_procedures(library: Library) -> Iterator[Finding]:
    offices = {office.id for office in library.offices}
    for name, procedure in library.procedures.items():
        file = f"procedures/{name}.yml"
        if procedure.ask not in offices:
            what = f"Không có cơ quan {procedure.ask} trong content/places/contacts.yml."
            line = library.line(file, "\nask:", "ask:")
            remedy = "Ghi mã của một cơ quan đang có."
            yield Finding(file, line, "ask", what, remedy, ("places/contacts.yml",))
        for source in (citation.source for citation in procedure.citations):
            if source not in library.sources:
                what = f"Không có văn bản {source} trong content/sources."
                line = library.line(file, f"source: {source}")
                causes = (f"sources/{source}.yml",)
                yield Finding(file, line, "citations", what, _NO_SOURCE, causes)
        for form in (paper.form for paper in procedure.papers):
            if form and form not in library.forms:
                what = f"Không có mẫu {form} trong content/forms.yml."
                line = library.line(file, f"form: {form}")
                remedy = "Sửa mã mẫu, hoặc thêm mẫu."
                yield Finding(file, line, "papers", what, remedy, ("forms.yml",))
        yield from _of_ids(library, file, "steps", procedure.steps)
        yield from _of_ids(library, file, "papers", procedure.papers)


def _of_ids(
    library: Library, file: str, field: str, items: Sequence[Step | Paper]
) -> Iterator[Finding]:
    """Yield papers or steps that no dossier can keep apart."""
    seen = set[str]()
    for item in items:
        told = item.says if isinstance(item, Step) else item.name
        line = library.line(file, f"{field}:", told)
        if item.id is None:
            what = f"“{told}” chưa có mã, nên không ai đánh dấu được trong hồ sơ của mình."
            yield Finding(file, line, field, what, "Ghi thêm `id`: chữ không dấu, gạch nối.")
        elif item.id in seen:
            what = f"Mã {item.id} có hai lần."
            yield Finding(file, line, field, what, "Đổi mã mới thêm; mã cũ thì giữ nguyên.")
        else:
            seen.add(item.id)


def _of_offices(library: Library) -> Iterator[Finding]:
    file = "places/contacts.yml"
    for office in library.offices:
        if office.source and office.source not in library.sources:
            what = f"Không có văn bản {office.source} trong content/sources."
            line = library.line_of_entry(file, office.id, "source:")
            yield Finding(file, line, "source", what, _NO_SOURCE, (f"sources/{office.source}.yml",))
        if office.known and office.as_of is None:
            what = f"{office.name} có địa chỉ, điện thoại mà không ghi ngày."
            remedy = "Ghi `as_of`, và `source` nếu không phải chính cơ quan đó nói."
            yield Finding(file, library.line_of_entry(file, office.id), "as_of", what, remedy)


def _of_forms(library: Library) -> Iterator[Finding]:
    for form in library.forms.values():
        if form.source not in library.sources:
            what = f"Không có văn bản {form.source} trong content/sources."
            line = library.line_of_entry("forms.yml", form.id, "source:")
            causes = (f"sources/{form.source}.yml",)
            yield Finding("forms.yml", line, "source", what, _NO_SOURCE, causes)


def unworded(library: Library) -> Iterator[Finding]:
    """Yield the phrases that the code says and nobody has words for."""
    for file, phrase in _lines_of(library.phrases.missing):
        remedy = "Chép lại mẫu câu này từ bản trước."
        yield Finding(file, 1, phrase, "Thiếu mẫu câu này.", remedy, (file,))


def borrowed(library: Library) -> Iterator[Finding]:
    """Yield the phrases that are said in the words that came with the code."""
    for file, phrase in _lines_of(library.phrases.borrowed):
        what = "Thiếu mẫu câu này; đang nói bằng câu đi kèm chương trình."
        remedy = f"Chép câu ấy từ content/{file} đi kèm chương trình, rồi sửa lời nếu cần."
        yield Finding(file, 1, phrase, what, remedy, (file,))


def _lines_of(phrases: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Yield where each phrase has to stand, and its name."""
    for file, names in needed().items():
        yield from ((f"phrases/{file}.yml", name) for name in names & phrases)


def unused(library: Library) -> Iterator[Finding]:
    """Yield procedures that no article names, and forms that neither paper nor article shows."""
    articles = library.articles.values()
    named = {article.head.procedure for article in articles}
    for name in library.procedures:
        if name not in named:
            what = f"Không bài nào dùng thủ tục {name}."
            remedy = "Ghi `procedure` ở một bài, hoặc xóa tệp này."
            causes = tuple(library.unread)
            yield Finding(f"procedures/{name}.yml", 1, "-", what, remedy, causes)
    if any("every_form" in article.raw for article in articles):
        return
    shown = {paper.form for procedure in library.procedures.values() for paper in procedure.papers}
    for form in library.forms:
        if form not in shown:
            what = f"Không thủ tục nào dùng mẫu {form}."
            remedy = "Ghi mã mẫu ở `form` của một giấy tờ, hoặc xóa mẫu này."
            line = library.line_of_entry("forms.yml", form)
            yield Finding("forms.yml", line, "id", what, remedy, tuple(library.unread))


def links(library: Library) -> Iterator[Finding]:
    """Yield addresses of articles and documents that lead nowhere, as far as the words tell."""
    for article in library.articles.values():
        for target in _addresses(article):
            if not (_is_https(target) or _is_article(target, library)):
                what = f"Đường dẫn “{target}” hỏng."
                remedy = "Ghi địa chỉ https đầy đủ, hoặc /bai/mã."
                causes = (f"articles/{target.removeprefix('/bai/')}.md",)
                yield on(article, "body", target, what, remedy, causes=causes)
    for name, source in library.sources.items():
        if source.url is not None and not _is_https(source.url):
            file = f"sources/{name}.yml"
            what = f"Địa chỉ “{source.url}” không dùng được."
            line = library.line(file, "\nurl:", "url:")
            yield Finding(file, line, "url", what, "Ghi địa chỉ https đầy đủ, hoặc null.")


def _addresses(article: Article) -> list[str]:
    """Return where the links of an article lead, in order."""
    told = "\n".join(article.texts)
    return [*_LINK.findall(told), *(found.rstrip(".,;") for found in _BARE.findall(told))]


def _is_https(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(_HOST.fullmatch(parts.netloc)) and " " not in address


def _is_article(target: str, library: Library) -> bool:
    return target.removeprefix("/bai/") in library.articles


async def dead_links(library: Library, client: httpx.AsyncClient) -> list[Finding]:
    """Return the addresses that answer 404 or 410; one that does not answer may only be asleep."""
    turn = asyncio.Semaphore(_AT_ONCE)
    asked = [_asked(client, turn, url, finding) for url, finding in _places(library)]
    return sorted(found for found in await asyncio.gather(*asked) if found)


async def _asked(
    client: httpx.AsyncClient, turn: asyncio.Semaphore, url: str, finding: Finding
) -> Finding | None:
    async with turn:
        try:
            async with client.stream("GET", url) as answer:
                return finding if answer.status_code in _GONE else None
        except httpx.HTTPError:
            return None


def _places(library: Library) -> list[tuple[str, Finding]]:
    """Return each https address with the finding that it is gone."""
    found = []
    for name, source in library.sources.items():
        file = f"sources/{name}.yml"
        line = library.line(file, "\nurl:", "url:")
        found.append((source.url or "", Finding(file, line, "url", _what(source.url), _NO_PAGE)))
    for article in library.articles.values():
        told = _addresses(article)
        found += [(url, on(article, "body", url, _what(url), _NO_PAGE)) for url in told]
    return [(url, finding) for url, finding in found if url.startswith("https://")]


def _what(url: str | None) -> str:
    return f"Trang “{url}” không còn."
