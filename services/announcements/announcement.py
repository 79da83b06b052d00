"""An announcement: the fields that its author fills in, and what each of its states allows.

`AnnouncementForm` is the one list of fields. What a file may say, what is asked in a chat, what is
kept, approved, copied, shown and may be named in the text all follow it; CONTRIBUTING tells what
else a new field takes.
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.fields import FieldInfo

from services.announcements.attachments import Attachment
from services.announcements.audience import Audience
from services.conversation.plain import folded, visible
from services.storage.models import Announcement

BEFORE = ("draft", "approved")
"""States in which the text may still change."""
GOING = ("queued", "sending")
"""States in which it is on its way."""
UNDER_WAY = (*GOING, "paused")
"""States in which there is something to follow."""
UNENDED = (*BEFORE, *UNDER_WAY, "failed")
"""States in which something may still be given up."""
ENDED = ("done", "cancelled", "failed")
DELETED = "deleted"
"""The state of a draft that was deleted: its number is never another's, its text is gone."""
STATES = (*BEFORE, *UNDER_WAY, *ENDED, DELETED)


def _line(value: Any) -> Any:
    """Take numbers and days for words, nothing for none, and write all on one line."""
    if value is None:
        return ""
    if isinstance(value, str | date) or type(value) in (int, float):
        return " ".join(visible(str(value)).split())
    return value


def _text(value: Any) -> Any:
    return visible(value) if isinstance(value, str) else value


def _yes(value: Any) -> Any:
    """Take the words for yes and no that people write."""
    return _YES.get(folded(value), value) if isinstance(value, str) else value


_YES = {"co": True, "khan": True, "yes": True, "khong": False, "no": False, "": False}
Line = Annotated[str, BeforeValidator(_line)]


class AnnouncementForm(BaseModel):
    """What an author fills in; each field is empty until it was."""

    model_config = ConfigDict(frozen=True)

    body: Annotated[str, BeforeValidator(_text)] = ""
    """Markdown with placeholders."""
    title: Line = Field("", max_length=200)
    topic: Line = Field("", max_length=200)
    """A topic's name."""
    audience: dict[str, Any] | None = None
    """The rule as `Audience` reads it. None is nobody: everybody is said in so many words."""
    attachments: tuple[Attachment, ...] = ()
    """Kept already."""
    valid_until: date | None = None
    source: Line = Field("", max_length=300)
    contact: Line = Field("", max_length=200)
    """Whom to call or visit about it."""
    urgent: Annotated[bool, BeforeValidator(_yes)] = False
    """Whether it goes at night too, and to who turned its topic off; another must say so too."""

    @classmethod
    def of(cls, announcement: Announcement) -> "AnnouncementForm":
        """Return what an announcement says."""
        return cls.model_validate(announcement, from_attributes=True)

    def with_(self, **fields: Any) -> "AnnouncementForm":
        """Return it with some fields changed."""
        return self.model_copy(update=fields)

    def row(self) -> dict[str, Any]:
        """Return it as it is stored while it is being written."""
        return self.model_dump(mode="json", exclude_defaults=True)

    def columns(self) -> dict[str, Any]:
        """Return it as the columns of an announcement; nobody chosen is kept as a fault."""
        kept = {name: getattr(self, name) for name in FIELDS}
        kept["audience"] = Audience.stored(self.audience).row()
        kept["attachments"] = [file.as_row() for file in self.attachments]
        return kept


FIELDS: Mapping[str, FieldInfo] = AnnouncementForm.model_fields
OPTIONAL = tuple(
    name
    for name in FIELDS
    if name not in ("body", "title", "topic", "audience", "attachments", "urgent")
)
"""Fields that may be left out, in the order in which they are asked: lines and days."""
DAYS = frozenset(name for name in OPTIONAL if FIELDS[name].annotation == date | None)


def longest(name: str) -> int:
    """Return how many characters a field takes that is one line."""
    [most] = (rule.max_length for rule in FIELDS[name].metadata if hasattr(rule, "max_length"))
    return int(most)
