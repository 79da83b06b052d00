"""What single people are told later than they asked, and what they agreed to be told."""

from datetime import date, datetime

from sqlalchemy import JSON, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.storage.models.base import Base, Utc


class Notice(Base):
    """One thing that one chat is told once, for one cause.

    `pending` until its turn, `sending` from just before a call until its answer is written, then
    `pending` again where nothing was taken, else `sent`, `failed`, `stopped`, or `uncertain` when
    nobody knows what became of it. The page has it `sent` once it was given to a browser.
    """

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("cause", "channel", "key"),
        Index("ix_notice_chat", "channel", "key"),
        Index("ix_notice_due", "state", "channel", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    channel: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(String(128))
    """The channel's own name of the conversation."""
    cause: Mapped[str] = mapped_column(String(64))
    """Why, as kind and number: `gap 12`; nobody is told twice for one."""
    text: Mapped[str] = mapped_column(Text)
    """Markdown of the content's kind; it bears who speaks."""
    created_at: Mapped[datetime] = mapped_column(Utc)
    due_at: Mapped[datetime] = mapped_column(Utc)
    """From when on it may be sent."""
    buttons: Mapped[list[list[str]]] = mapped_column(JSON, default_factory=list)
    """What stands below: a label and a payload each."""
    purpose: Mapped[str | None] = mapped_column(String(16), default=None)
    """The agreement that must hold when it is sent; None for what the person asked for."""
    urgent: Mapped[bool] = mapped_column(default=False)
    """Whether quiet hours do not hold it: somebody waits for it."""
    state: Mapped[str] = mapped_column(String(16), default="pending")
    reason: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime | None] = mapped_column(Utc, default=None)
    """When its state became what it is."""
    parts_sent: Mapped[int] = mapped_column(default=0)
    """How many of its messages are known to have arrived; these are never sent again."""


class NoticeConsent(Base):
    """What one chat last said to notices of one purpose, and in which words it was asked."""

    __tablename__ = "notice_consent"

    channel: Mapped[str] = mapped_column(String(16), primary_key=True)
    key: Mapped[str] = mapped_column(String(128), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(16), primary_key=True)
    given: Mapped[bool]
    at: Mapped[datetime] = mapped_column(Utc)
    wording: Mapped[str] = mapped_column(Text)


class Reminder(Base):
    """A deadline of which one chat wants to be told some days before.

    It holds by what the deadline is known; what is told is written out of the content of that day.
    """

    __tablename__ = "reminder"
    __table_args__ = (
        UniqueConstraint("channel", "key", "name", "deadline", "event"),
        Index("ix_reminder_due", "channel", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    channel: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(String(128))
    """The channel's own name of the conversation."""
    name: Mapped[str] = mapped_column(String(40))
    """Of what it is a deadline."""
    deadline: Mapped[str] = mapped_column(String(40))
    event: Mapped[date]
    """The day from which it is counted."""
    day: Mapped[date]
    """The deadline's own day, as the content had it last."""
    what: Mapped[str] = mapped_column(Text)
    """What is to be done by then, as the content had it last: for when it has it no more."""
    before: Mapped[list[int]] = mapped_column(JSON)
    """So many days before it is told, each time once."""
    created_at: Mapped[datetime] = mapped_column(Utc)
    due_at: Mapped[datetime | None] = mapped_column(Utc, default=None)
    """When it is told next; None where nothing is left to tell of this day."""
