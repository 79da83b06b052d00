"""A letter: what one recipient is told, the same for every channel until a renderer shows it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from jinja2 import StrictUndefined, TemplateError, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment

from services.announcements.attachment import Attachment
from services.conversation.payloads import Payload
from services.conversation.reply import Button
from services.errors import AnnouncementError
from services.knowledge.phrases import Phrases
from services.people.places import places
from services.storage.models import Announcement

FIELDS = ("name", "place", "role", "title", "topic", "source", "valid_until")
"""What a text may name within double braces."""
BUTTONS = ("read", "ask", "stop")
"""The buttons under a letter; a payload names one by its place here."""

_ENVIRONMENT = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~])")


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
    _written: dict[tuple[str, ...], Letter] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        """Check the text.

        Raises:
            AnnouncementError: it is no template, or names an unknown field.

        """
        unknown = sorted(self._named() - set(FIELDS))
        if unknown:
            msg = f"Chỗ điền {{{{ {unknown[0]} }}}} không có; chỉ dùng được: {', '.join(FIELDS)}."
            raise AnnouncementError(msg)

    def letter(self, reader: Reader) -> Letter:
        """Write the letter of one recipient.

        Raises:
            AnnouncementError: the text can't be filled in.

        """
        values = self._values(reader)
        key = tuple(values.values())
        if key not in self._written:
            self._written[key] = self._write(values)
        return self._written[key]

    def _named(self) -> set[str]:
        try:
            return meta.find_undeclared_variables(_ENVIRONMENT.parse(self.announcement.body))
        except TemplateError as error:
            msg = f"Chỗ điền trong thông báo viết sai ({error.message}); xem lại dấu {{{{ }}}}."
            raise AnnouncementError(msg) from None

    def _values(self, reader: Reader) -> dict[str, str]:
        """Return what the fields that the text names stand for."""
        said, place = self.announcement, places().get(reader.place or "")
        known = {
            "name": reader.name or self.phrases.say("announcement_nobody"),
            "place": place.name if place else self.phrases.say("announcement_nowhere"),
            "role": self.phrases.say(f"role_{reader.role or 'none'}"),
            "title": said.title,
            "topic": self.topics.get(said.topic, said.topic),
            "source": said.source,
            "valid_until": day(said.valid_until),
        }
        named = self._named()
        return {name: _escaped(value) for name, value in known.items() if name in named}

    def _write(self, values: dict[str, str]) -> Letter:
        try:
            body = _ENVIRONMENT.from_string(self.announcement.body).render(**values)
        except TemplateError as error:
            msg = f"Không điền được thông báo ({error.message}); xem lại chỗ điền."
            raise AnnouncementError(msg) from None
        said = self.announcement
        text = self.phrases.say(
            "announcement",
            title=_escaped(said.title),
            body=body.strip(),
            source=_escaped(said.source),
            valid_until=day(said.valid_until),
        )
        attachments = tuple(Attachment(**row) for row in said.attachments)
        return Letter(text, self._buttons(), attachments)

    def _buttons(self) -> tuple[Button, ...]:
        name = str(self.announcement.id or 0)
        return tuple(
            Button(
                self.phrases.say(f"announcement_button_{button}"), str(Payload("x", name, place))
            )
            for place, button in enumerate(BUTTONS)
        )


def day(value: date | None) -> str:
    """Write a day as people do; nothing for none."""
    return f"{value:%d/%m/%Y}" if value else ""


def _escaped(value: str) -> str:
    """Return a value that Markdown takes for plain text."""
    return _MARKDOWN.sub(r"\\\1", " ".join(value.split()))
