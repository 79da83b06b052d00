"""A Word template: the names that it prints, its own words, and how it is filled in.

Templates are content: they are rendered in the sandbox in which phrases are, and what people write
is escaped, or Word would not open the file. A template prints names, asks (`{%p if … %}`) and goes
through lists (`{%tr for row in members %}`); docxtpl gathers what Word has split over runs.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Any
from zipfile import BadZipFile

from docx import Document
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from docxtpl import DocxTemplate  # type: ignore[import-untyped]  # because it has no types
from jinja2 import TemplateError, TemplateSyntaxError, nodes

from services.errors import ToolError
from services.sandbox import Sandbox

_ENVIRONMENT = Sandbox(autoescape=True)
_LOOP = "loop"
_TWO_STOPS = re.compile(r'(?<![.…])\.\.(?=\s|$|[)”"])')
_UNREADABLE = (OpcError, BadZipFile, KeyError, ValueError, TemplateError, SyntaxError)
"""What the libraries raise for a file that is none, or whose `{{ … }}` are wrongly written.

Of what is no XML lxml says so by a SyntaxError."""


@dataclass(frozen=True)
class WordTemplate:
    """What a template holds."""

    names: frozenset[str]
    """What it prints; of a list's rows as `members.name`."""
    words: str
    """All that it says itself, in one line."""


@lru_cache(maxsize=64)
def read_template(data: bytes) -> WordTemplate:
    """Read what a template prints and says.

    Raises:
        ToolError: it is no Word file, or a placeholder is wrongly written; `why` says which.

    """
    try:
        names = frozenset(_names(_ENVIRONMENT.parse(_source(data))))
        return WordTemplate(names, text_of(data))
    except _UNREADABLE as error:
        raise ToolError("paper_template", why=_why(error)) from None


def fill_template(data: bytes, values: Mapping[str, Any]) -> bytes:
    """Return the template as a Word file with its names filled in.

    Raises:
        ToolError: it is no Word file, or prints a name that is not among the values.

    """
    try:
        template = DocxTemplate(BytesIO(data))
        template.render(dict(values), _ENVIRONMENT)
        _end_once(template.docx.element.body)
        filled = BytesIO()
        template.save(filled)
    except _UNREADABLE as error:
        raise ToolError("paper_template", why=_why(error)) from None
    return filled.getvalue()


def text_of(data: bytes) -> str:
    """Return all text of a Word file in one line, that of its tables, heads and feet too."""
    document = Document(BytesIO(data))
    margins = [part for one in document.sections for part in (one.header, one.footer)]
    elements = (document.element.body, *(part._element for part in margins))  # noqa: SLF001  # because python-docx has no other way to the tables of a foot
    paragraphs = (node for one in elements for node in one.iter(qn("w:p")))
    texts = ("".join(part.text or "" for part in node.iter(qn("w:t"))) for node in paragraphs)
    return " ".join(" ".join(texts).split())


def _end_once(body: Any) -> None:
    """Leave one full stop where an entry ends its sentence and the template does too.

    Two stops inside an entry ("Tổ 1..3") are its own.
    """
    for node in body.iter(qn("w:t")):
        node.text = _TWO_STOPS.sub(".", node.text or "")


def _source(data: bytes) -> str:
    """Return the template's XML, that of its heads and feet too, as Jinja reads it."""
    template = DocxTemplate(BytesIO(data))
    template.init_docx()
    parts = [template.get_xml()]
    for uri in (template.HEADER_URI, template.FOOTER_URI):
        parts += (template.get_part_xml(part) for _, part in template.get_headers_footers(uri))
    return "\n".join(template.patch_xml(part) for part in parts)


def _names(tree: nodes.Template) -> Iterator[str]:
    rows = {}
    for loop in tree.find_all(nodes.For):
        if isinstance(loop.target, nodes.Name) and isinstance(loop.iter, nodes.Name):
            rows[loop.target.name] = loop.iter.name
            for part in loop.find_all(nodes.Getattr):
                if isinstance(part.node, nodes.Name) and part.node.name == loop.target.name:
                    yield f"{loop.iter.name}.{part.attr}"
    for name in tree.find_all(nodes.Name):
        if name.name not in rows and name.name != _LOOP:
            yield name.name


def _why(error: Exception) -> str:
    told = getattr(error, "message", None) or str(error) or type(error).__name__
    if isinstance(error, TemplateSyntaxError):
        return f"thẻ viết sai, hoặc thẻ mở thiếu thẻ đóng; máy báo: {told}"
    return told
