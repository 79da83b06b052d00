"""A sketch: what was said so far of an announcement that is being written in a chat."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from services.announcements.attachment import Attachment
from services.announcements.audience import Audience
from services.announcements.draft import Draft, Head
from services.storage.models import Announcement


class Sketch(BaseModel):
    """An announcement as far as it is known; each field is empty until it was said."""

    model_config = ConfigDict(frozen=True)

    body: str = ""
    """Markdown with placeholders."""
    title: str = ""
    topic: str = ""
    audience: dict[str, Any] | None = None
    """The rule as an announcement keeps it; without any list it is everybody."""
    valid_until: date | None = None
    source: str = ""
    attachments: tuple[Attachment, ...] = ()
    """Kept already."""
    album: str = ""
    """The channel's own name of the pictures that came together last."""

    @classmethod
    def of(cls, said: Announcement) -> "Sketch":
        """Return what a draft says."""
        return cls.model_validate(said, from_attributes=True)

    def with_(self, **fields: Any) -> "Sketch":
        """Return it with some fields changed."""
        return self.model_copy(update=fields)

    def row(self) -> dict[str, Any]:
        """Return it as it is stored."""
        return self.model_dump(mode="json", exclude_defaults=True)

    def draft(self) -> Draft:
        """Return it as an announcer takes it; title and topic must be known."""
        head = Head(
            title=self.title,
            topic=self.topic,
            audience=Audience.model_validate(self.audience or {}),
            valid_until=self.valid_until,
            source=self.source,
        )
        return Draft(head, self.body, kept=self.attachments)

    def announcement(self, now: datetime) -> Announcement:
        """Return it as an announcement that is kept nowhere, to be counted."""
        return Announcement(
            title=self.title,
            topic=self.topic,
            body=self.body,
            audience=self.audience or {},
            author="",
            created_at=now,
        )
