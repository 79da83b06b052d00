"""Markdown of the content's kind as HTML: HTML inside it is shown, not obeyed."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from markupsafe import Markup

from services.conversation.plain import BOX

_BOX_NAME = 6
"""Hex digits that tell the boxes of one list apart, and keep the address short that shares it."""
_NUMBER = r"(?<!\d)(?:11[1-5]|1022|1[89]00(?:[ .]?\d){4,6}|\(?0\d(?:[ .)-]{0,2}\d){7,9})(?!\d)"
"""A number for help, the city's line, and what an office may have."""
_CALL = re.compile(
    rf"(?:.*\b(?:gọi|tổng đài) )?(?:ngay )?{_NUMBER}"
    rf"(?:, nhánh \d+| hoặc (?:gọi )?{_NUMBER})?(?: ngay)?[.!]?",
    re.IGNORECASE,
)
"""What is written in bold for somebody to call; “**115 điểm**” is no number to call."""
_OTHER = re.compile(
    r"/| (?:triệu|tỷ|nghìn|đồng|điểm|người|hộ|ngày|tháng|năm|xã|sào|ha|kg|sản phẩm|hợp tác)\b| ?%"
)
"""What makes a bold number before it a sum or a decree."""


class _Renderer(RendererHTML):
    """HTML whose tables scroll by themselves on a narrow screen, and whose links open beside."""

    def link_open(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: Any) -> str:
        """Open a link beside the page: what it leads to may refuse the frame the page stands in."""
        if not str(tokens[index].attrs["href"]).startswith("tel:"):
            tokens[index].attrs |= {"target": "_blank", "rel": "noopener"}
        return self.renderToken(tokens, index, options, env)

    def table_open(
        self, tokens: Sequence[Token], index: int, options: OptionsDict, env: Any
    ) -> str:
        """Open the box that scrolls."""
        return '<div class="table">' + self.renderToken(tokens, index, options, env)

    def table_close(
        self, tokens: Sequence[Token], index: int, options: OptionsDict, env: Any
    ) -> str:
        """Close it."""
        return self.renderToken(tokens, index, options, env) + "</div>"


def _make_boxes(state: StateCore) -> None:
    """Make an item that opens with a box one to tick; it is known by its words, not its place."""
    for item, _, inline in zip(state.tokens, state.tokens[1:], state.tokens[2:], strict=False):
        if item.type != "list_item_open" or not inline.content.startswith(BOX):
            continue
        item.attrSet("class", "box")
        words = inline.children or []
        words[0].content = words[0].content.removeprefix(BOX).lstrip()
        name = hashlib.sha256(inline.content.encode()).hexdigest()[:_BOX_NAME]
        box = Token("html_inline", "", 0, content=f'<label><input type="checkbox" value="{name}"> ')
        inline.children = [box, *words, Token("html_inline", "", 0, content="</label>")]


def _make_calls(state: StateCore) -> None:
    """Make each number to call one that a tap calls: in danger nobody copies it."""
    for token in state.tokens:
        words = token.children or []
        if token.type == "inline":
            token.children = [
                made
                for at, word in enumerate(words)
                for made in (_linked(word.content) if _is_call(words, at) else (word,))
            ]


def _is_call(words: Sequence[Token], at: int) -> bool:
    """Say whether one of the words of a line is a number to call: in bold, and in no link."""
    bold = at > 0 and words[at - 1].type == "strong_open"
    behind = words[at + 2].content if at + 2 < len(words) else ""
    linked = sum(word.nesting for word in words[:at] if word.type.startswith("link_"))
    told = bold and _CALL.fullmatch(words[at].content) is not None
    return told and not linked and _OTHER.match(behind) is None


def _linked(words: str) -> Iterator[Token]:
    for at, piece in enumerate(re.split(f"({_NUMBER})", words)):
        text = Token("text", "", 0, content=piece)
        if at % 2:  # a number, and between two of them what is none
            number = re.sub(r"\D", "", piece)
            opens = Token("link_open", "a", 1, attrs={"href": f"tel:{number}"})
            yield from (opens, text, Token("link_close", "a", -1))
        elif piece:
            yield text


_MARKDOWN = MarkdownIt("commonmark", {"html": False}, renderer_cls=_Renderer).enable("table")
_MARKDOWN.core.ruler.push("boxes", _make_boxes)
_MARKDOWN.core.ruler.push("calls", _make_calls)


def markdown_html(text: str) -> Markup:
    """Return Markdown as HTML."""
    return Markup(_MARKDOWN.render(text))  # noqa: S704  # because the renderer escapes: HTML is off


def markdown_line(text: str) -> Markup:
    """Return one line of Markdown as HTML without a paragraph around it."""
    return Markup(_MARKDOWN.renderInline(text))  # noqa: S704  # because the renderer escapes: HTML is off
