"""A letter: what one recipient is told, the same for every channel until a renderer shows it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from cachetools import LRUCache
from jinja2 import Template

from services.announcements.attachment import Attachment
from services.announcements.wording import compiled, names_in
from services.conversation.payloads import Payload
from services.conversation.reply import Button
from services.knowledge.phrases import Phrases
from services.people.person import ROLES
from services.people.places import places
from services.storage.models import Announcement

FIELDS = ("name", "place", "role", "title", "topic", "source", "valid_until")
"""What a text may name within double braces."""
BUTTONS = ("read", "ask", "stop")
"""The buttons under a letter; a payload names one by its place here."""

_SIGNS = re.compile(r"([!-/:-@\[-`{-~])")
"""All that Markdown may take for more than itself
(https://spec.commonmark.org/0.31.2/#backslash-escapes)."""
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""Controls, halves of signs, and what would turn the rest of a line around."""
_KEPT = 256
"""Letters that are kept, should the next recipient be told the same words."""


@dataclass(frozen=True)
class Reader:
    """What a letter may name of the person it is for."""

    name: str = ""
    place: str | None = None
    role: str | None = None


@dataclass(frozen=True)
class Letter:
    """Markdown of the content's kind, buttons, attachments."""

    text: str
    buttons: tuple[Button, ...] = ()
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True)
class Writer:
    """Writes the letters of one announcement; the same words are put together once."""

    announcement: Announcement
    phrases: Phrases
    topics: Mapping[str, str]
    """Labels of topics, by name."""
    _written: LRUCache[tuple[str, ...], Letter] = field(
        default_factory=lambda: LRUCache(_KEPT), init=False
    )

    def __post_init__(self) -> None:
        """Check the text.

        Raises:
            AnnouncementError: it is no template of ours, or names an unknown field.

        """
        self.named  # noqa: B018  # because reading it checks the text

    @cached_property
    def named(self) -> frozenset[str]:
        """The fields that the text names."""
        return names_in(self.announcement.body, FIELDS)

    def letter(self, reader: Reader) -> Letter:
        """Write the letter of one recipient."""
        values = self._values(reader)
        key = tuple(values.values())
        if key not in self._written:
            self._written[key] = Letter(self._text(values), self._buttons, self._attachments)
        return self._written[key]

    def _values(self, reader: Reader) -> dict[str, str]:
        """Return what the fields that the text names stand for."""
        theirs = self.named.difference(self._common)
        return self._common | {name: self._theirs(reader, name) for name in theirs}

    def _theirs(self, reader: Reader, name: str) -> str:
        match name:
            case "name":
                said = _line(reader.name) or self.phrases.say("announcement_nobody")
            case "place":
                place = places().get(reader.place or "")
                said = place.name if place else self.phrases.say("announcement_nowhere")
            case _:
                role = reader.role if reader.role in ROLES else "none"
                said = self.phrases.say(f"role_{role}")
        return _escaped(said)

    @cached_property
    def _common(self) -> dict[str, str]:
        """What is the same for all."""
        said = self.announcement
        return {
            "title": _escaped(said.title),
            "topic": _escaped(self.topics.get(said.topic, said.topic)),
            "source": _escaped(said.source),
            "valid_until": day(said.valid_until),
        }

    @cached_property
    def _template(self) -> Template:
        return compiled(self.announcement.body)

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

    def _text(self, values: dict[str, str]) -> str:
        return self.phrases.say(
            "announcement",
            title=self._common["title"],
            body=self._template.render(**values).strip(),
            source=self._common["source"],
            valid_until=self._common["valid_until"],
        )


def day(value: date | None) -> str:
    """Write a day as people do; nothing for none."""
    return f"{value:%d/%m/%Y}" if value else ""


def _escaped(value: str) -> str:
    """Return a value on one line that Markdown takes for plain text."""
    return _SIGNS.sub(r"\\\1", _line(value))


def _line(value: str) -> str:
    words = (_UNSEEN.sub("", word) for word in value.split())
    return " ".join(word for word in words if word)
