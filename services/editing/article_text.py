"""An article's file by its fields: one is changed, the others stay letter for letter."""

import contextlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from textwrap import indent
from typing import Any, Self

import yaml

from services.errors import ProposalError
from services.knowledge.article_draft import yaml_of

_KEY = re.compile(r"^([A-Za-z_]+):", re.MULTILINE)
_ORDER = (
    *("title", "label", "subject", "readers", "condition", "plain", "questions", "citations"),
    *("covers", "procedure", "main", "as_of", "verification", "scope", "related", "next_step"),
    *("beliefs", "followups", "parts"),
)
"""Where a field that a file lacks is put."""
_ON_A_LINE = frozenset({"readers", "covers", "related"})


@dataclass(frozen=True)
class ArticleText:
    """A file, taken apart: what opens its front matter, each field as it is written, the body."""

    opening: str
    fields: Mapping[str, str]
    body: str

    @classmethod
    def read(cls, text: str) -> Self:
        """Take a file apart.

        Raises:
            ProposalError: its front matter can't be told from its body, or is no YAML.

        """
        text = text.replace("\r\n", "\n")
        begun, opened, rest = text.partition("---\n")
        front, closed, body = rest.partition("\n---\n")
        if begun or not opened or not closed:
            raise ProposalError("article_front_lost")
        opening, *found = _KEY.split(f"{front}\n")
        blocks = {
            name: f"{name}:{told}" for name, told in zip(found[::2], found[1::2], strict=True)
        }
        read = cls(opening, blocks, body.strip("\n"))
        for name in blocks:
            read.value(name)
        return read

    def value(self, name: str) -> Any:
        """Return what a field holds; None where the file lacks it.

        Raises:
            ProposalError: it is no YAML.

        """
        try:
            read = yaml.safe_load(self.fields.get(name, "")) or {}
        except (yaml.YAMLError, ValueError):
            raise ProposalError("article_field_unread", field=name) from None
        return read.get(name)

    def listed(self, name: str) -> list[str]:
        """Return the items of a field that is a list, as text; none where it is no list."""
        value = self.value(name)
        return [str(item) for item in value] if isinstance(value, list) else []

    def told(self, name: str) -> str:
        """Return a field's value as one types it; a day as in Việt Nam, nothing where it lacks."""
        value = self.value(name)
        if isinstance(value, date):
            return f"{value:%d/%m/%Y}"
        return "" if value is None else str(value)

    def with_(self, values: Mapping[str, Any], body: str) -> Self:
        """Return the file with other values; what is empty goes, what is the same stays as it is.

        A field that the file lacked is put before the first that usually follows it.
        """
        fields = dict(self.fields)
        for name, value in values.items():
            if not value:
                fields.pop(name, None)
            elif value != self.value(name):
                told = yaml_of({name: value}, flow=None if name in _ON_A_LINE else False)
                fields = _put(fields, name, told)
        return type(self)(self.opening, fields, body.strip("\n"))

    @property
    def parts(self) -> dict[str, Any]:
        """What the front matter says of each part, by its id."""
        read = self.value("parts")
        return {str(name): held or {} for name, held in read.items()} if _is_dict(read) else {}

    def with_part(self, name: str, values: Mapping[str, Any]) -> Self:
        """Return the file with other values of a part; a new part that says nothing is empty."""
        held = self.parts.get(name, {})
        wanted = {**self.parts, name: {k: v for k, v in {**held, **values}.items() if v}}
        opening, parts = _taken(self.fields.get("parts", "parts:\n"), 2)
        _, told = _taken(parts.get(name, ""), 4)
        for field in (field for field in _OF_PART if values.get(field) != held.get(field)):
            told.pop(field, None)
            if values.get(field):
                told[field] = indent(yaml_of({field: values[field]}), " " * 4)
        kept = "".join(told[field] for field in sorted(told, key=_place_in_part))
        parts[name] = f"  {name}:\n{kept}" if kept else f"  {name}: {{}}\n"
        return self._with_parts(opening + "".join(parts.values()), wanted)

    def without_part(self, name: str) -> Self:
        """Return the file without what its front matter says of a part."""
        wanted = {other: held for other, held in self.parts.items() if other != name}
        opening, parts = _taken(self.fields.get("parts", ""), 2)
        parts.pop(name, None)
        return self._with_parts(opening + "".join(parts.values()), wanted)

    def _with_parts(self, told: str, wanted: Mapping[str, Any]) -> Self:
        """Put the parts in place as they were told, if that is what is wanted; else write anew.

        Somebody may have written them in a way that is not taken apart here.
        """
        fields = {name: block for name, block in self.fields.items() if name != "parts" or wanted}
        made = type(self)(self.opening, _put(fields, "parts", told), self.body)
        if not wanted:
            return type(self)(self.opening, fields, self.body)
        with contextlib.suppress(ProposalError):
            if made.parts == wanted:
                return made
        told = yaml_of({"parts": dict(wanted)})
        return type(self)(self.opening, _put(fields, "parts", told), self.body)

    def with_written(self, written: Mapping[str, str]) -> Self:
        """Return the file with fields as somebody wrote them out below their names."""
        fields = dict(self.fields)
        for name, told in written.items():
            lines = "".join(f"  {line}".rstrip() + "\n" for line in told.strip("\n").split("\n"))
            if not told.strip():
                fields.pop(name, None)
            elif lines != fields.get(name, "").partition("\n")[2]:
                fields = _put(fields, name, f"{name}:\n{lines}")
        return type(self)(self.opening, fields, self.body)

    @property
    def text(self) -> str:
        """The whole file."""
        return f"---\n{self.opening}{''.join(self.fields.values())}---\n{self.body}\n"


def title_in(text: str) -> str:
    """Return the title that an article's file bears; nothing where it can't be read."""
    try:
        return ArticleText.read(text).told("title")
    except ProposalError:
        return ""


_OF_PART = ("kind", "citations", "questions", "followups")


def _place_in_part(field: str) -> int:
    return _OF_PART.index(field) if field in _OF_PART else -1


def _is_dict(read: object) -> bool:
    return isinstance(read, dict)


def _taken(block: str, depth: int) -> tuple[str, dict[str, str]]:
    """Take what is written below a name apart: what opens it, and each entry at this depth."""
    key = re.compile(rf"^ {{{depth}}}([A-Za-z0-9_-]+):", re.MULTILINE)
    opening, *found = key.split(block)
    entries = zip(found[::2], found[1::2], strict=True)
    return opening, {name: f"{' ' * depth}{name}:{told}" for name, told in entries}


def _put(fields: Mapping[str, str], name: str, told: str) -> dict[str, str]:
    if name in fields:
        return {**fields, name: told}
    later = set(_ORDER[_ORDER.index(name) + 1 :])
    known = [*fields]
    at = next((place for place, other in enumerate(known) if other in later), len(known))
    return {
        **{other: fields[other] for other in known[:at]},
        name: told,
        **{other: fields[other] for other in known[at:]},
    }
