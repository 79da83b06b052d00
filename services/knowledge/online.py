"""Addresses of the content, asked one by one whether they still lead somewhere."""

import asyncio
from http import HTTPStatus

import httpx

from services.knowledge.checks.links import addresses
from services.knowledge.checks.places import on
from services.knowledge.finding import Finding
from services.knowledge.holdings import Library

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
