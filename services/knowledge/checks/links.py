"""Addresses that are no addresses, links to articles that do not exist, and pages that are gone."""

import asyncio
import re
from collections.abc import Iterator
from http import HTTPStatus
from urllib.parse import urlsplit

import httpx

from services.knowledge.article import Article
from services.knowledge.checks.figures import texts_of
from services.knowledge.finding import Finding, on
from services.knowledge.holdings import Library

_LINK = re.compile(r"\[[^\]]*\]\(\s*([^)\s]*)[^)]*\)")
_BARE = re.compile(r"(?<![(\w])https?://[^\s)>\]]+")
_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?::\d+)?", re.IGNORECASE)


def links(library: Library) -> Iterator[Finding]:
    """Yield addresses of articles and documents that lead nowhere, as far as the words tell."""
    for article in library.articles.values():
        for target in addresses(article):
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


def addresses(article: Article) -> list[str]:
    """Return where the links of an article lead, in order."""
    told = "\n".join(texts_of(article))
    return [*_LINK.findall(told), *(found.rstrip(".,;") for found in _BARE.findall(told))]


def _is_https(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(_HOST.fullmatch(parts.netloc)) and " " not in address


def _is_article(target: str, library: Library) -> bool:
    return target.removeprefix("/bai/") in library.articles


_GONE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
_AT_ONCE = 8
_REMEDY = "Sửa địa chỉ, hoặc bỏ đường dẫn."


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
        found.append((source.url or "", Finding(file, line, "url", _what(source.url), _REMEDY)))
    for article in library.articles.values():
        told = addresses(article)
        found += [(url, on(article, "body", url, _what(url), _REMEDY)) for url in told]
    return [(url, finding) for url, finding in found if url.startswith("https://")]


def _what(url: str | None) -> str:
    return f"Trang “{url}” không còn."
