"""Markdown as Telegram shows it: blocks of marked text that always make valid HTML.

Telegram knows few tags (https://core.telegram.org/bots/api#html-style) and refuses a message with
any fault in them. So text is kept as runs, each with the tags around it, and the HTML is written
from the runs alone: a block may be cut anywhere and stays valid.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from html import escape
from itertools import takewhile
from typing import TypeAlias

from markdown_it import MarkdownIt
from markdown_it.token import Token

from services.conversation.plain import BOX

PARAGRAPH, LINE = "\n\n", "\n"
QUOTE = "blockquote"
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
UNSENDABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
"""What Telegram shows no sign for; each is one UTF-16 unit."""
_TAGS = {"strong_open": "b", "em_open": "i"}
_LINKS = ("https://", "http://")
_TWO = 2
"""A table of two columns needs no names before its values."""


@dataclass(frozen=True)
class Run:
    """A stretch of text and the tags around it, the outermost first."""

    text: str
    tags: tuple[str, ...] = ()


Runs: TypeAlias = tuple[Run, ...]


@dataclass(frozen=True)
class Block:
    """A paragraph, a list item or a table row: what is not torn apart without need."""

    runs: Runs
    gap: str = PARAGRAPH
    """What stands between this block and the one before it."""

    @property
    def text(self) -> str:
        """The text that the reader sees."""
        return "".join(run.text for run in self.runs)

    @property
    def size(self) -> int:
        """The length as Telegram counts it."""
        return units(self.text)

    @property
    def introduces(self) -> bool:
        """Whether it only leads to the block after it."""
        return self.text.rstrip().endswith(":")


def units(text: str) -> int:
    """Return the length in UTF-16 units, as Telegram counts."""
    return len(text.encode("utf-16-le")) // 2


def markdown(text: str) -> list[Block]:
    """Return Markdown of the content's kind as blocks; HTML inside it is text."""
    writer = _MarkupWriter()
    for token in _MARKDOWN.parse(UNSENDABLE.sub("", text)):
        writer.write(token)
    return writer.blocks


def plain(text: str, *tags: str) -> Block:
    """Return a text without any Markdown as one block, within tags."""
    return Block((Run(UNSENDABLE.sub("", text), tags),))


def joined(blocks: Iterable[Block]) -> Runs:
    """Return the runs of blocks with the gaps between them; a quote that goes on stays one."""
    runs: list[Run] = []
    for block in blocks:
        if runs and block.gap:
            shared = _shared(runs[-1].tags, block.runs[0].tags)
            runs.append(Run(block.gap, runs[-1].tags[:shared]))
        runs.extend(block.runs)
    return tuple(runs)


def html(runs: Runs) -> str:
    """Write runs as HTML that Telegram takes, whatever stands in them."""
    written: list[str] = []
    opened: tuple[str, ...] = ()
    for run in (*runs, Run("")):
        shared = _shared(opened, run.tags)
        written += [f"</{tag.partition(' ')[0]}>" for tag in reversed(opened[shared:])]
        written += [f"<{tag}>" for tag in run.tags[shared:]]
        written.append(escape(run.text, quote=False))
        opened = run.tags
    return "".join(written)


def _shared(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    """Return how many of the outer tags are the same."""
    return len(list(takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))))


class _MarkupWriter:
    """Gathers blocks from tokens, minding lists, tables and quotes."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._lists: list[int] = []
        """The number of the next item of each list that is open; 0 is a bullet."""
        self._marker = ""
        self._around: list[str] = []
        self._table: _Table | None = None
        self._listed = False
        """Whether the block before belongs to a list or a table."""

    def write(self, token: Token) -> None:
        """Take in one token; what Telegram can't show is left out."""
        take_in: Callable[[Token], None] | None = getattr(self, f"_on_{token.type}", None)
        if take_in:
            take_in(token)

    def _on_bullet_list_open(self, _token: Token) -> None:
        self._open_list(0)

    def _on_ordered_list_open(self, token: Token) -> None:
        self._open_list(int(token.attrGet("start") or 1))

    def _open_list(self, first: int) -> None:
        self._listed = self._listed and bool(self._lists)
        self._lists.append(first)

    def _on_list_close(self, _token: Token) -> None:
        self._lists.pop()

    def _on_list_item_open(self, _token: Token) -> None:
        number = self._lists[-1]
        self._marker = f"{number}. " if number else "• "
        self._lists[-1] += bool(number)

    def _on_list_item_close(self, _token: Token) -> None:
        self._marker = ""

    def _on_blockquote_open(self, _token: Token) -> None:
        self._around.append(QUOTE)

    def _on_heading_open(self, _token: Token) -> None:
        self._around.append("b")

    def _on_around_close(self, _token: Token) -> None:
        self._around.pop()

    def _on_code(self, token: Token) -> None:
        self._add((Run(token.content.rstrip("\n"), (*self._quote(), "code")),))

    def _on_inline(self, token: Token) -> None:
        runs = tuple(_inline(token.children or [], self._around))
        if self._table:
            self._table.row.append(runs)
        else:
            self._add(runs)

    def _on_table_open(self, _token: Token) -> None:
        self._table, self._listed = _Table(), False

    def _on_tr_close(self, _token: Token) -> None:
        table = self._table
        if table is None:
            return
        if table.columns:
            self._add(tuple(table.as_lines(self._quote())), listed=True)
        else:
            table.columns = table.row
        table.row = []

    def _on_table_close(self, _token: Token) -> None:
        self._table = None

    _on_bullet_list_close = _on_ordered_list_close = _on_list_close
    _on_blockquote_close = _on_heading_close = _on_around_close
    _on_fence = _on_code_block = _on_code

    def _add(self, runs: Runs, *, listed: bool = False) -> None:
        """Keep a block, with its marker; a blank one is left out."""
        if not "".join(run.text for run in runs).strip():
            return
        listed = listed or bool(self._lists)
        if self._lists:
            boxed = runs[0].text.startswith(BOX) and not self._lists[-1]
            marker = "" if boxed else self._marker or "  "
            lead = "  " * (len(self._lists) - 1) + marker
            runs, self._marker = (Run(lead, self._quote()), *runs), ""
        close = listed and self.blocks and (self._listed or self.blocks[-1].introduces)
        self.blocks.append(Block(runs, LINE if close else PARAGRAPH))
        self._listed = listed

    def _quote(self) -> tuple[str, ...]:
        return (QUOTE,) if QUOTE in self._around else ()


@dataclass
class _Table:
    """A table being read: its columns, and the cells of the row that is open."""

    columns: list[Runs] = field(default_factory=list)
    row: list[Runs] = field(default_factory=list)

    def as_lines(self, around: tuple[str, ...]) -> Iterator[Run]:
        """Write the row as "• first: second", or one line "column: value" for each further cell."""
        first, *others = self.row
        yield Run("• ", around)
        yield from (Run(run.text, (*around, "b")) for run in first)
        named = len(self.columns) > _TWO
        for column, cell in zip(self.columns[1:], others, strict=False):
            if cell:
                yield Run("\n  " if named else ": ", around)
                yield from (*column, Run(": ", around)) if named else ()
                yield from cell


def _inline(children: Iterable[Token], around: Iterable[str]) -> Iterator[Run]:
    """Yield the runs of a line, each with the tags that are open there."""
    opened = list(around)
    for token in children:
        if token.nesting > 0:
            opened.append(_tag(token))
        elif token.nesting < 0:
            opened.pop()
        else:
            tags = tuple(dict.fromkeys(filter(None, opened)))
            text = LINE if token.type.endswith("break") else token.content
            coded = (*(tag for tag in tags if tag == QUOTE), "code")
            yield Run(text, coded if token.type == "code_inline" else tags)


def _tag(token: Token) -> str:
    """Return the tag for what opens here, or nothing when Telegram has none for it."""
    address = str(token.attrGet("href") or "")
    if address.startswith(_LINKS):
        return f'a href="{escape(address)}"'
    return _TAGS.get(token.type, "")
