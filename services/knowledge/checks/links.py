"""Addresses that are no addresses, and links to articles that do not exist."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from services.knowledge.article import Article
from services.knowledge.checks.figures import texts_of
from services.knowledge.checks.places import on
from services.knowledge.finding import Finding
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
