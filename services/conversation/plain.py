"""Markdown of the content's kind, a whole reply, and what was asked, as plain text."""

import itertools
import re
from collections.abc import Callable, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from nlu.text import fold
from services.conversation.reply import Reply

BOX = "☐"
"""Opens a list item that is ticked off; it stands for the bullet."""
SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")
_ITEM = re.compile(r"(?:[-*]|\d+[.)])\s+")
"""What opens an item of a list that stands in no other."""
_LISTED = re.compile(r"^(?:[-|]|\d+\.) *|[ |]+$")
"""What a line of a list or of a table stands in."""
_ENDS = {"th_close": " | ", "td_close": " | ", "tr_close": "\n", "table_close": "\n"}
_SIGNS = re.compile(r"([!-/:-@\[-`{-~])")
"""All that Markdown may take for more than itself
(https://spec.commonmark.org/0.31.2/#backslash-escapes)."""
_UNSEEN = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_MOST_QUOTED = 3
_WORDS_QUOTED = 8
"""Words of each question that is quoted back."""
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")


def plain_markdown(text: str) -> str:
    """Return Markdown as plain text: bullets stay, marks go, a table row is one line."""
    writer = _PlainWriter()
    blocks = "".join(map(writer.write, _MARKDOWN.parse(text))).split("\n\n")
    return "\n\n".join(_tidy(block) for block in blocks if block.strip())


def plain_reply(
    reply: Reply,
    *,
    sources: str,
    next_step: str,
    written: Callable[[str], str] = plain_markdown,
) -> str:
    """Return the whole reply as plain text: answer, detail, sources, next step, notices.

    `sources` and `next_step` are the words that stand before those parts; `written` is how
    Markdown is written as text.
    """
    parts = [written(reply.lead), written(reply.detail)]
    if reply.source_lines:
        parts.append(f"{sources}: {'; '.join(reply.source_lines)}.")
    if reply.next_step:
        parts.append(f"{next_step}: {plain_markdown(reply.next_step)}")
    return "\n\n".join(part for part in (*parts, *reply.notices) if part)


def items_in(text: str) -> list[str]:
    """Return the items of the first list in Markdown, each with its marks."""
    lines = text.splitlines()
    first = next((n for n, line in enumerate(lines) if _ITEM.match(line)), len(lines))
    listed = itertools.takewhile(lambda line: line.strip(), lines[first:])
    return [_ITEM.sub("", line) for line in listed if _ITEM.match(line)]


def sentences_in(markdown: str) -> list[str]:
    """Return the sentences of a text; without those that only open a list, if there are others."""
    lines = (_LISTED.sub("", line.strip()) for line in plain_markdown(markdown).splitlines())
    sentences = [*filter(None, itertools.chain.from_iterable(map(SENTENCE_END.split, lines)))]
    return [one for one in sentences if not one.endswith(":")] or sentences


def literal(text: str) -> str:
    """Return any text on one line, as Markdown that shows it as it is."""
    return _SIGNS.sub(r"\\\1", " ".join(text.split()))


def visible(text: str) -> str:
    """Return a text without what nobody sees: what turns letters around, spaces of no width."""
    return _UNSEEN.sub("", text)


def folded(text: str) -> str:
    """Return a text as it is compared: no capitals, no diacritics, one space between words."""
    return " ".join(fold(text).split())


def capital(text: str) -> str:
    """Return a text that begins with a capital letter."""
    return text[:1].upper() + text[1:]


def _tidy(block: str) -> str:
    return "\n".join(line.rstrip() for line in block.strip().splitlines())


class _PlainWriter:
    """Writes tokens as text, minding how deep in lists it stands."""

    def __init__(self) -> None:
        self._numbers: list[int] = []

    def write(self, token: Token) -> str:
        """Return what a token adds."""
        if token.type in _ENDS:
            return _ENDS[token.type]
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            self._numbers.append(int(token.attrGet("start") or token.type.startswith("ordered")))
        if token.type in {"bullet_list_close", "ordered_list_close"}:
            self._numbers.pop()
            return "\n"
        if token.type == "list_item_open":
            return self._bullet()
        if token.type in {"paragraph_close", "heading_close"}:
            return "\n" if self._numbers else "\n\n"
        return _inline(token)

    def _bullet(self) -> str:
        indent = "  " * (len(self._numbers) - 1)
        number = self._numbers[-1]
        if number == 0:
            return f"{indent}- "
        self._numbers[-1] += 1
        return f"{indent}{number}. "


def _inline(token: Token) -> str:
    return "".join("\n" if t.type.endswith("break") else t.content for t in token.children or [])


def quoted(questions: Sequence[str]) -> str:
    """Return the first words of some questions, by which whoever asked them knows them again.

    What is told of them must fit one message with an answer.
    """
    more = "…" if questions[_MOST_QUOTED:] else ""
    return "”, “".join(map(_opening, questions[:_MOST_QUOTED])) + more


def _opening(text: str) -> str:
    words = text.split()
    return " ".join(words[:_WORDS_QUOTED]) + ("…" if words[_WORDS_QUOTED:] else "")
