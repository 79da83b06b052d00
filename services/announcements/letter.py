"""A letter: what one recipient is told, the same for every channel until a renderer shows it.

Its wording is the announcement's text as the author wrote it: fields to fill in, and blanks. A text
may name fields, filters after them, and ask whether a field is there. That is little on purpose: a
text that could compute could also fail for one recipient in a hundred thousand.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Self

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from services.announcements.announcement import DAYS, OPTIONAL
from services.announcements.attachments import Attachment
from services.clock import write_day
from services.conversation.plain import literal
from services.conversation.reply import Button, Payload
from services.errors import AnnouncementError
from services.knowledge.phrases import Phrases
from services.people.person import ROLES
from services.people.places import places
from services.people.subscription import BUTTONS
from services.storage.models import Announcement

PLACEHOLDERS = ("name", "place", "role", "title", "topic", *OPTIONAL)
"""What a text may name within double braces."""
_UNKNOWN = {
    "name": "announcement_nobody",
    "place": "announcement_nowhere",
    "role": "role_none",
}
"""Phrases that stand for what is not known of a recipient."""
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
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""Controls, halves of signs, and what would turn the rest of a line around."""


@dataclass(frozen=True)
class Reader:
    """What a letter may name of the person it is for."""

    name: str = ""
    place: str | None = None
    role: str | None = None


@dataclass(frozen=True)
class Letter:
    """What one recipient is told: words that are the same for all, and what is theirs alone."""

    wording: str
    """Markdown of the content's kind, with a mark for each field that is the recipient's own."""
    buttons: tuple[Button, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    """What stands for the marks, as plain text: no channel takes it for anything else."""


@dataclass(frozen=True)
class Writer:
    """Writes the letters of one announcement; what is the same for all is put together once."""

    announcement: Announcement
    phrases: Phrases
    topics: Mapping[str, str]
    """Labels of topics, by name."""

    def __post_init__(self) -> None:
        """Check the text.

        Raises:
            AnnouncementError: it is no template of ours, or names an unknown field.

        """
        self.named  # noqa: B018  # because reading it checks the text

    @cached_property
    def named(self) -> frozenset[str]:
        """The fields that the text names."""
        return names_in(self.announcement.body)

    def letter(self, reader: Reader) -> Letter:
        """Write the letter of one recipient."""
        theirs = {name: self._value(reader, name) for name in self._theirs}
        known = frozenset(name for name, value in theirs.items() if value)
        values = {name: value or self._instead(name) for name, value in theirs.items()}
        return Letter(self._worded(known), self._buttons, self._attachments, values)

    def _value(self, reader: Reader, name: str) -> str:
        """Return what is known of a recipient, nothing where that is nothing."""
        match name:
            case "name":
                return _line(reader.name)
            case "place":
                place = places().get(reader.place or "")
                return place.name if place else ""
            case _:
                return self.phrases.say(f"role_{reader.role}") if reader.role in ROLES else ""

    def _instead(self, name: str) -> str:
        """Return how those are addressed of whom it is not known."""
        return self.phrases.say(_UNKNOWN[name])

    @cached_property
    def _theirs(self) -> frozenset[str]:
        """The fields that differ from one recipient to another."""
        return self.named.difference(self._common)

    @cached_property
    def _common(self) -> dict[str, str]:
        """What is the same for all."""
        announcement = self.announcement
        optional = {name: getattr(announcement, name) for name in OPTIONAL}
        return {
            "title": _escaped(announcement.title),
            "topic": _escaped(self.topics.get(announcement.topic, announcement.topic)),
            **{
                name: write_day(value) if name in DAYS else _escaped(value)
                for name, value in optional.items()
            },
        }

    @cached_property
    def _attachments(self) -> tuple[Attachment, ...]:
        return tuple(Attachment(**row) for row in self.announcement.attachments)

    @cached_property
    def _buttons(self) -> tuple[Button, ...]:
        name = str(self.announcement.id or 0)
        return tuple(
            Button(
                self.phrases.say(f"announcement_button_{button}"), str(Payload("x", name, place))
            )
            for place, button in enumerate(BUTTONS)
        )

    def _worded(self, known: frozenset[str]) -> str:
        """Return the words for all of whom the same fields are known, put together once."""
        if known not in self._wordings:
            marks = {name: _Mark(name, has=name in known) for name in self._theirs}
            body = _ENVIRONMENT.from_string(self.announcement.body).render(**self._common, **marks)
            self._wordings[known] = self.phrases.say(
                "announcement",
                body=body.strip(),
                urgent=self.announcement.urgent,
                **self._common,
            )
        return self._wordings[known]

    @cached_property
    def _wordings(self) -> dict[frozenset[str], str]:
        return {}


def names_in(text: str) -> frozenset[str]:
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
    unknown = sorted(named.difference(PLACEHOLDERS))
    if unknown:
        msg = f"Chỗ điền {{{{ {unknown[0]} }}}} không có; chỉ dùng được: {', '.join(PLACEHOLDERS)}."
        raise AnnouncementError(msg)
    return named


def blanks(text: str) -> list[str]:
    """Return what is still to be filled in by the author: in brackets, in small letters."""
    found = dict.fromkeys(_BRACKETED.findall(text))
    return [f"[{words}]" for words in found if words[0].islower()]


def filled(text: str, values: Mapping[str, str], escape: Callable[[str], str] = str) -> str:
    """Return a text with its marks replaced, each value escaped as the text needs it."""

    def value(found: re.Match[str]) -> str:
        """Return what stands for one mark."""
        text = values.get(found[1], "")
        for name in found[2].split("|")[1:]:
            text = _FILTERS[name](text) if name in _FILTERS else text
        return escape(text)

    return _MARK.sub(value, text)


def _parsed(text: str) -> nodes.Template:
    try:
        return _ENVIRONMENT.parse(text)
    except TemplateSyntaxError as error:
        msg = (
            f"Chỗ điền ở dòng {error.lineno} của nội dung viết sai; viết đúng dạng {{{{ name }}}}."
        )
        raise AnnouncementError(msg) from None


class _Mark(str):
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


def _later(name: str, value: str) -> str:
    """Filter a value now, or note at its mark that it is to be filtered."""
    if isinstance(value, _Mark):
        return _Mark(value.strip("\ue000\ue001"), name, has=value.has)
    return _FILTERS[name](value)


_ENVIRONMENT.filters |= {name: partial(_later, name) for name in _FILTERS}


def _escaped(value: str) -> str:
    """Return a value on one line that Markdown takes for plain text."""
    return literal(_line(value))


def _line(value: str) -> str:
    words = (_UNSEEN.sub("", word) for word in value.split())
    return " ".join(word for word in words if word)
