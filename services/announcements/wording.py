"""Wording: the text of an announcement as its author wrote it: fields to fill in, and blanks.

A text may name fields, filters after them, and ask whether a field is there. That is little on
purpose: a text that could compute could also fail for one recipient in a hundred thousand.
"""

import re
from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Self

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from services.errors import AnnouncementError

_ENVIRONMENT = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
_MARK = re.compile("\ue000([a-z_]+)((?:[|][a-z]+)*)\ue001")
"""Where a field of the recipient's stands, and the filters after it: signs that nobody types."""
_ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Filter,
    nodes.If,
    nodes.Not,
)
_FILTERS: dict[str, Callable[[str], str]] = {
    "upper": str.upper,
    "lower": str.lower,
    "title": str.title,
    "capitalize": str.capitalize,
    "trim": str.strip,
}
_BRACKETED = re.compile(r"(?<!\\)\[([^\[\]\n]{2,})\](?!\()")
"""What stands in brackets and is no link."""


def compiled(text: str) -> Template:
    """Return a text ready to be filled in."""
    return _ENVIRONMENT.from_string(text)


def names_in(text: str, known: Collection[str]) -> frozenset[str]:
    """Return the fields that a text names.

    Raises:
        AnnouncementError: it is wrongly written, asks for more than fields, or for one unknown.

    """
    tree = _parsed(text)
    for node in tree.find_all(nodes.Node):
        filtered = isinstance(node, nodes.Filter) and (node.name not in _FILTERS or node.args)
        if filtered or not isinstance(node, _ALLOWED):
            msg = (
                f"Chỗ điền ở dòng {node.lineno} của nội dung phức tạp quá; chỉ viết "
                f"{{{{ tên }}}}, {{{{ tên | upper }}}} hoặc {{% if tên %}}…{{% endif %}}."
            )
            raise AnnouncementError(msg)
    named = frozenset(node.name for node in tree.find_all(nodes.Name))
    unknown = sorted(named.difference(known))
    if unknown:
        msg = f"Chỗ điền {{{{ {unknown[0]} }}}} không có; chỉ dùng được: {', '.join(known)}."
        raise AnnouncementError(msg)
    return named


class Mark(str):
    """What stands for a field until the recipient is known.

    The text may ask whether the recipient has such a field: the mark is true where they have.
    """

    __slots__ = ("has",)
    has: bool

    def __new__(cls, field: str, *filters: str, has: bool) -> Self:
        """Write the mark of a field, with the filters that are to follow."""
        made = super().__new__(cls, f"\ue000{'|'.join((field, *filters))}\ue001")
        made.has = has
        return made

    def __bool__(self) -> bool:
        """Say whether the recipient has such a field."""
        return self.has


def filled(text: str, values: Mapping[str, str], escape: Callable[[str], str] = str) -> str:
    """Return a text with its marks replaced, each value escaped as the text needs it."""

    def value(found: re.Match[str]) -> str:
        """Return what stands for one mark."""
        text = values.get(found[1], "")
        for name in found[2].split("|")[1:]:
            text = _FILTERS[name](text) if name in _FILTERS else text
        return escape(text)

    return _MARK.sub(value, text)


def blanks(text: str) -> list[str]:
    """Return what is still to be filled in by the author: in brackets, in small letters."""
    found = dict.fromkeys(_BRACKETED.findall(text))
    return [f"[{words}]" for words in found if words[0].islower()]


def _later(name: str, value: str) -> str:
    """Filter a value now, or note at its mark that it is to be filtered."""
    if isinstance(value, Mark):
        return Mark(value.strip("\ue000\ue001"), name, has=value.has)
    return _FILTERS[name](value)


_ENVIRONMENT.filters |= {name: partial(_later, name) for name in _FILTERS}


def _parsed(text: str) -> nodes.Template:
    try:
        return _ENVIRONMENT.parse(text)
    except TemplateSyntaxError as error:
        msg = (
            f"Chỗ điền ở dòng {error.lineno} của nội dung viết sai; viết đúng dạng {{{{ name }}}}."
        )
        raise AnnouncementError(msg) from None
