"""Tickets: what a person asked of a person, what was said in it, and the files of both."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.storage.models.base import Base, Utc
from services.storage.models.people import Staff

_OPEN = text("closed_at IS NULL")


class Ticket(Base):
    """A wish for a person, from one conversation. A conversation has one open at a time."""

    __tablename__ = "ticket"
    __table_args__ = (
        Index(
            "ix_ticket_open",
            "channel",
            "key",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_ticket_conversation", "channel", "key"),
        Index("ix_ticket_closed_at", "closed_at", "id"),
        {"sqlite_autoincrement": True},  # the audit names them by number: none is given twice
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    channel: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(String(128))
    opened_at: Mapped[datetime] = mapped_column(Utc)
    about: Mapped[str] = mapped_column(Text, default="")
    """What was asked before a person was asked for, masked."""
    subject: Mapped[str] = mapped_column(String(16), default="")
    """The subject of the article that was open; empty where none was."""
    owner_id: Mapped[int | None] = mapped_column(
        ForeignKey("staff.id", ondelete="SET NULL"), default=None
    )
    taken_at: Mapped[datetime | None] = mapped_column(Utc, default=None)
    """When its owner took it."""
    heard_at: Mapped[datetime | None] = mapped_column(Utc, default=None)
    """The last word of its owner, taking it included: for an hour after it the bot is silent."""
    answered_at: Mapped[datetime | None] = mapped_column(Utc, default=None)
    """The first answer of a person."""
    waiting_since: Mapped[datetime | None] = mapped_column(Utc, default=None)
    """Since when somebody waits for an answer; None once it is there."""
    due_at: Mapped[datetime | None] = mapped_column(Utc, default=None)
    """When the one who waits was told to be answered at the latest."""
    closed_at: Mapped[datetime | None] = mapped_column(Utc, default=None)
    reopened: Mapped[int] = mapped_column(default=0)
    """How often it was opened again."""
    phone: Mapped[str] = mapped_column(String(20), default="")
    """A number to call back, which the person gave for this ticket alone; gone when it closes."""
    announcement_id: Mapped[int | None] = mapped_column(default=None)
    """The announcement that it asks about: its author answers too."""
    owner: Mapped[Staff | None] = relationship(init=False, lazy="joined")


class TicketMessage(Base):
    """One thing said in a ticket. What the bot was asked meanwhile stands among the turns."""

    __tablename__ = "ticket_message"
    __table_args__ = (
        UniqueConstraint("ticket_id", "once"),
        Index("ix_ticket_message_at", "ticket_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(Utc)
    kind: Mapped[str] = mapped_column(String(16))
    """citizen, answer (of an agent, to the citizen), note (among agents) or agreed: the words to
    which the citizen said yes by leaving a number."""
    text: Mapped[str] = mapped_column(Text)
    once: Mapped[str | None] = mapped_column(String(32), default=None)
    """By what a form that is sent twice is known; None for what no form sent."""
    staff_id: Mapped[int | None] = mapped_column(
        ForeignKey("staff.id", ondelete="SET NULL"), default=None
    )
    article: Mapped[str] = mapped_column(String(64), default="")
    """The article that was sent with it."""
    staff: Mapped[Staff | None] = relationship(init=False, lazy="joined")
    files: Mapped[list["TicketFile"]] = relationship(
        init=False, lazy="selectin", order_by="TicketFile.id", passive_deletes=True
    )


class TicketFile(Base):
    """A picture or PDF that was sent in a ticket, whole: its bytes go where its ticket goes."""

    __tablename__ = "ticket_file"
    __table_args__ = (Index("ix_ticket_file_message", "message_id"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    message_id: Mapped[int] = mapped_column(
        ForeignKey("ticket_message.id", ondelete="CASCADE"), init=False
    )
    sha256: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(16))
    """image/jpeg, image/png or application/pdf."""
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
