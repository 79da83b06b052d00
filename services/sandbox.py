"""The sandbox in which content is rendered: whoever may write a text may not write a program.

Jinja's own sandbox keeps a template from Python's insides, and knows of things inside by a list of
what is forbidden. Here what is allowed is listed instead: to name a value or a part of one, to ask,
to go through a list, and to write that down. Nothing is called but what `_CALLS` names, nothing is
multiplied or repeated within itself, so that no text fills the memory either. What asks for more
is refused when it is read, by its line, as any template that is wrongly written.
"""

from collections.abc import Iterator
from typing import Any

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

_TELLS: tuple[type[nodes.Node], ...] = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Getattr,
)
"""What a body is made of: words, and places to be filled."""
_ASKS: tuple[type[nodes.Node], ...] = (
    nodes.If,
    nodes.For,
    nodes.CondExpr,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Const,
    nodes.Dict,
    nodes.Pair,
    nodes.List,
    nodes.Tuple,
    nodes.Getitem,
    nodes.Slice,
    nodes.Div,
    nodes.FloorDiv,
    nodes.Mod,
    nodes.Sub,
    nodes.Test,
    nodes.Filter,
    nodes.Call,
    nodes.Keyword,
)
"""What a phrase may do beside that."""
_FILTERS = frozenset(
    ("capitalize", "day", "default", "int", "join", "length", "lower", "round", "select", "upper")
)
_CALLS = frozenset(("get", "strftime"))
"""Methods that a text may call: of a table and of a day."""
_WRITERS = frozenset(("by", "day", "number", "sum", "when"))
"""What the sentence of a rule writes its figures with (services/conversation/computed.py)."""
_TESTS = frozenset(("none",))
_REFUSED = "chỉ dùng được chỗ điền {{ tên }}, không viết chương trình"


class Sandbox(ImmutableSandboxedEnvironment):
    """An environment that takes plain texts only; without `asks` only places to be filled."""

    def __init__(self, *, asks: bool = True, autoescape: bool = False, **options: Any) -> None:
        """Make it; nothing of Jinja's own is at hand, and what is not known is an error.

        Texts are plain or Markdown, which the renderer of each channel escapes; only what is
        written as a file is escaped here.
        """
        super().__init__(undefined=StrictUndefined, autoescape=autoescape, **options)
        self.globals.clear()
        self.tests = {name: holds for name, holds in self.tests.items() if name in _TESTS}
        self.filters = {name: done for name, done in self.filters.items() if name in _FILTERS}
        self._allowed = (*_TELLS, *_ASKS) if asks else _TELLS

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """Take a text apart.

        Raises:
            TemplateSyntaxError: it is wrongly written, or asks for more than a text may.

        """
        tree = super()._parse(source, name, filename)
        for node in tree.find_all(nodes.Node):
            if not isinstance(node, self._allowed) or any(_forbidden(node)):
                raise TemplateSyntaxError(_REFUSED, node.lineno, name, filename)
        return tree


def _forbidden(node: nodes.Node) -> Iterator[bool]:
    """Yield whether what is allowed in general is not as it stands here."""
    match node:
        case nodes.Getattr():
            yield node.attr.startswith("_")
        case nodes.Getitem():
            yield any("__" in str(const.value) for const in node.arg.find_all(nodes.Const))
            yield isinstance(node.arg, nodes.Const) and "__" in str(node.arg.value)
        case nodes.Filter():
            yield node.name not in _FILTERS
        case nodes.Test():
            yield node.name not in _TESTS
        case nodes.Call():
            called = node.node
            method = isinstance(called, nodes.Getattr) and called.attr in _CALLS
            yield not (method or (isinstance(called, nodes.Name) and called.name in _WRITERS))
        case nodes.For():
            yield node.recursive or not isinstance(node.iter, nodes.Name | nodes.Getitem)
            yield any(inner.find(nodes.For) or isinstance(inner, nodes.For) for inner in node.body)
        case nodes.Mod():  # of a text it is a format, which may be as wide as the memory
            yield any(isinstance(c.value, str) for c in node.left.find_all(nodes.Const))
            yield isinstance(node.left, nodes.Const) and isinstance(node.left.value, str)
