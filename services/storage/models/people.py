"""Who meets the product: people, what they agreed to and chose; staff, and what they did."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.storage.models.base import Base, Utc


class Person(Base):
    """Someone on a channel. Erasing a person deletes this row and all that hang on it."""

    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("channel", "chat"), Index("ix_person_place", "place"))

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    channel: Mapped[str] = mapped_column(String(16))
    chat: Mapped[str] = mapped_column(String(64))
    """The channel's own name of the person's chat."""
    who: Mapped[str] = mapped_column(String(64), unique=True)
    """The keyed hash of channel and chat: all that is left of a person who was erased."""
    created_at: Mapped[datetime] = mapped_column(Utc)
    name: Mapped[str] = mapped_column(String(200), default="")
    role: Mapped[str | None] = mapped_column(String(16), default=None)
    place: Mapped[str | None] = mapped_column(String(16), default=None)
    """The code of a ward or commune."""
    agreed: Mapped[bool] = mapped_column(default=False)
    """Whether the person agrees to announcements: what the last `Consent` says."""
    stopped: Mapped[str | None] = mapped_column(String(16), default=None)
    """Why nothing reaches the person: blocked, deactivated, not_found."""
    stopped_at: Mapped[datetime | None] = mapped_column(Utc, default=None)
    seen_at: Mapped[datetime | None] = mapped_column(Utc, default=None)
    """When the person last wrote, give or take an hour; None for one who was only imported."""


class Consent(Base):
    """One yes or no of a person to one purpose. Rows are added, never changed."""

    __tablename__ = "consent"
    __table_args__ = (Index("ix_consent_person", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    purpose: Mapped[str] = mapped_column(String(16))
    given: Mapped[bool]
    at: Mapped[datetime] = mapped_column(Utc)
    wording: Mapped[str] = mapped_column(Text)
    """What the person was asked, or where staff say the yes comes from."""
    source: Mapped[str] = mapped_column(String(16))
    """Who said it: `self` or `import`."""


class TopicChoice(Base):
    """What a person chose of one topic: to be told, or to be left alone."""

    __tablename__ = "topic_choice"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    topic: Mapped[str] = mapped_column(String(32), primary_key=True)
    wanted: Mapped[bool] = mapped_column(default=True)


class GroupMember(Base):
    """A person's place in a saved group."""

    __tablename__ = "group_member"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    """The group's name."""
    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )


class Event(Base):
    """An event that staff made: whoever comes by its link is in its group."""

    __tablename__ = "event"

    name: Mapped[str] = mapped_column(String(56), primary_key=True)
    """As it stands in the link; its group is called `event-` and this."""
    at: Mapped[datetime] = mapped_column(Utc)
    """When it was made."""


class Suppression(Base):
    """Someone who was erased: no list brings them back until they start the bot themselves."""

    __tablename__ = "suppression"

    who: Mapped[str] = mapped_column(String(64), primary_key=True)
    """The keyed hash of channel and chat, which opens nothing."""
    at: Mapped[datetime] = mapped_column(Utc)


class Forgotten(Base):
    """Up to where the database knows who was erased: one row, kept by `services.people.forgotten`.

    A backup that is put in its place knows less than what is written down beside it.
    """

    __tablename__ = "forgotten"

    id: Mapped[int] = mapped_column(primary_key=True)
    until: Mapped[datetime] = mapped_column(Utc)
    """The time of the last line that is done."""


class Staff(Base):
    """Someone who writes, approves or keeps the content right."""

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    role: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(Utc)
    disabled: Mapped[bool] = mapped_column(default=False)
    chat: Mapped[str | None] = mapped_column(String(64), unique=True, default=None)
    """The chat of the one Telegram account that was linked."""
    link: Mapped[str | None] = mapped_column(String(64), unique=True, default=None)
    """The hash of a one-time link that nobody has used yet."""
    link_until: Mapped[datetime | None] = mapped_column(Utc, default=None)
    link_code: Mapped[str | None] = mapped_column(String(64), default=None)
    """The hash of the code that is asked of whoever opens it."""
    link_tries: Mapped[int] = mapped_column(default=0)
    """How many wrong codes were given."""
    linked_at: Mapped[datetime | None] = mapped_column(Utc, default=None)
    """Since when the chat is linked."""


class Stopped(Base):
    """Something that goes on for nobody while its row stands: automatic answers, sending."""

    __tablename__ = "stopped"

    what: Mapped[str] = mapped_column(String(16), primary_key=True)
    by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Utc)
    sentence: Mapped[str] = mapped_column(Text, default="")
    """What citizens are told meanwhile."""


class Authoring(Base):
    """What a member of staff is writing in Telegram."""

    __tablename__ = "authoring"

    staff_id: Mapped[int] = mapped_column(
        ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True
    )
    step: Mapped[str] = mapped_column(String(16), default="")
    """The question that is open; empty while nothing is being written."""
    announcement_id: Mapped[int | None] = mapped_column(ForeignKey("announcement.id"), default=None)
    """The draft that is being changed; None for one that was not kept yet."""
    fields: Mapped[dict[str, Any]] = mapped_column(JSON, default_factory=dict)
    """What was said of it, as `AnnouncementForm` reads it."""


class Audit(Base):
    """Who did what, and when. The database itself refuses to change or delete a row."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_about", "about"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    at: Mapped[datetime] = mapped_column(Utc)
    who: Mapped[str] = mapped_column(String(64))
    """The name of a member of staff, or `system`."""
    did: Mapped[str] = mapped_column(String(32))
    about: Mapped[str] = mapped_column(String(64), default="")
    """What it was done to, as kind and number: `announcement 3`; never a citizen."""
    note: Mapped[dict[str, Any]] = mapped_column(JSON, default_factory=dict)
    """Numbers and hashes; never a citizen's name, text or chat."""
