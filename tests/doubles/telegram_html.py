"""Telegram's HTML, read as strictly as can be: any fault is an error, as in a refused message.

Stricter than Telegram in one thing: a bare `&` or `>` is a fault too, since nothing that was
escaped holds one. See https://core.telegram.org/bots/api#html-style.
"""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

_NAMES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "tg-spoiler": "spoiler",
}
_ATTRIBUTES = {
    "a": re.compile(r' href="[^"<>]*"'),
    "blockquote": re.compile(r"( expandable)?"),
    "code": re.compile(r'( class="language-[^"<>]+")?'),
}
_NONE = re.compile("")
_TOKEN = re.compile(
    r"<(?P<close>/?)(?P<tag>[a-z][a-z-]*)(?P<attributes>[^<>]*)>"
    r"|(?P<text>(?:[^<>&]|&(?:lt|gt|amp|quot|#[0-9]+|#x[0-9a-f]+);)+)",
    re.IGNORECASE,
)


class HtmlError(Exception):
    """The HTML is none that Telegram takes; the message is how Telegram puts it."""


def units(text: str) -> int:
    """Return the length in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def parse(source: str) -> tuple[str, list[dict[str, Any]]]:
    """Return the text that is shown and the entities in it.

    Raises:
        HtmlError: anything is wrong.

    """
    reader = _Reader()
    for token in _tokens(source):
        reader.read(token)
    return reader.finish()


def _tokens(source: str) -> Iterator[re.Match[str]]:
    at = 0
    while at < len(source):
        found = _TOKEN.match(source, at)
        if found is None:
            msg = f"Unsupported start tag or bare sign at offset {at}"
            raise HtmlError(msg)
        yield found
        at = found.end()


class _Reader:
    """Reads tokens into text and entities."""

    def __init__(self) -> None:
        self.text = ""
        self.entities: list[dict[str, Any]] = []
        self._open: list[tuple[str, int, str]] = []

    def read(self, token: re.Match[str]) -> None:
        """Take in one token."""
        if token["text"]:
            self.text += unescape(token["text"])
        elif token["close"]:
            self._close(token["tag"].lower())
        else:
            self._begin(token["tag"].lower(), token["attributes"])

    def finish(self) -> tuple[str, list[dict[str, Any]]]:
        """Return what was read, unless a tag is open."""
        if self._open:
            msg = f'Can\'t find end tag corresponding to start tag "{self._open[-1][0]}"'
            raise HtmlError(msg)
        return self.text, sorted(self.entities, key=lambda entity: int(entity["offset"]))

    def _begin(self, tag: str, attributes: str) -> None:
        if tag not in _NAMES:
            msg = f'Unsupported start tag "{tag}"'
            raise HtmlError(msg)
        if not _ATTRIBUTES.get(tag, _NONE).fullmatch(attributes):
            msg = f'Tag "{tag}" has wrong attributes'
            raise HtmlError(msg)
        if tag == "blockquote" and any(name == tag for name, _, _ in self._open):
            msg = "Block quotations can't be nested"
            raise HtmlError(msg)
        self._open.append((tag, units(self.text), attributes))

    def _close(self, tag: str) -> None:
        if not self._open or self._open[-1][0] != tag:
            msg = f'Unmatched end tag "{tag}"'
            raise HtmlError(msg)
        _, offset, attributes = self._open.pop()
        entity: dict[str, Any] = {"type": _NAMES[tag], "offset": offset}
        entity["length"] = units(self.text) - offset
        if tag == "a":
            entity["url"] = unescape(attributes.split('"')[1])
        if entity["length"]:
            self.entities.append(entity)
