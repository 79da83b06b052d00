"""HTML of the page as an outline in plain text: what a person meets, from top to bottom."""

import re
from html.parser import HTMLParser

_BEFORE = {"h1": "# ", "h2": "# ", "h3": "# ", "li": "• ", "button": "[ ", "summary": "▸ "}
_AFTER = {"button": " ]", "td": " | ", "th": " | "}
_LINES = frozenset({*_BEFORE, "p", "div", "section", "tr", "details", "form", "br"})


def outline(html: str) -> str:
    """Return the words of HTML, a line for each block, signs for headings, items and buttons."""
    writer = _OutlineWriter()
    writer.feed(html)
    lines = (" ".join(line.split()) for line in "".join(writer.written).splitlines())
    return re.sub(r"\n{2,}", "\n", "\n".join(lines)).strip()


class _OutlineWriter(HTMLParser):
    """Writes text as it is met."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[str] = []

    def handle_starttag(self, tag: str, *_attributes: object) -> None:
        """Open a line where a block begins."""
        if tag in _LINES:
            self.written.append("\n")
        self.written.append(_BEFORE.get(tag, ""))

    def handle_endtag(self, tag: str) -> None:
        """Close it."""
        self.written.append(_AFTER.get(tag, ""))
        if tag in _LINES:
            self.written.append("\n")

    def handle_data(self, data: str) -> None:
        """Keep the words; a line of the source is no line of the page."""
        self.written.append(data.replace("\n", " "))
