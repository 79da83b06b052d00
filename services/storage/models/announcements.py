"""Announcements, who stood behind them, and one delivery per recipient."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.storage.models.base import Base, Utc


class Announcement(Base):
    """One text for an audience, from draft to report."""

    __tablename__ = "announcement"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    title: Mapped[str] = mapped_column(String(200))
    topic: Mapped[str] = mapped_column(String(32))
    body: Mapped[str] = mapped_column(Text)
    """Markdown with placeholders."""
    audience: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The rule, as `services.announcements.audience.Audience` reads it."""
    author: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(Utc)
    valid_until: Mapped[date | None] = mapped_column(default=None)
    source: Mapped[str] = mapped_column(Text, default="")
    contact: Mapped[str] = mapped_column(Text, default="")
    attachments: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default_factory=list)
    """Of each: name, kind (photo, document), sha256, size in bytes."""
    file: Mapped[str] = mapped_column(Text, default="")
    """The file it was drafted from, as an absolute path."""
    file_hash: Mapped[str] = mapped_column(String(64), default="")
    state: Mapped[str] = mapped_column(String(16), default="draft")
    """draft, approved, queued, sending, paused, done, cancelled or failed."""
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why it is paused or failed, in a sentence for staff."""
    asked: Mapped[str] = mapped_column(String(64), default="")
    """The hash for which approval was last asked; empty once that was refused."""
    starts_at: Mapped[datetime | None] = mapped_column(Utc, default=None)
    queued_at: Mapped[datetime | None] = mapped_column(Utc, default=None)
    finished_at: Mapped[datetime | None] = mapped_column(Utc, default=None)
    left_out: Mapped[dict[str, int]] = mapped_column(JSON, default_factory=dict)
    """How many of those meant got no delivery, by reason, when the deliveries were made."""
    edition: Mapped[str] = mapped_column(String(64), default="")
    """The fingerprint of the content in whose frame it was approved; empty before any approval."""
    urgent: Mapped[bool] = mapped_column(default=False)
    """Whether it goes at night too, and to who turned its topic off."""
    progress: Mapped[list[str]] = mapped_column(JSON, default_factory=list)
    """The chat and the message in Telegram that tell how far it is; the message is empty until
    it was sent, both are left out while nobody follows."""


class Approval(Base):
    """One person's yes to one exact announcement and the number of people it was for."""

    __tablename__ = "approval"
    __table_args__ = (Index("ix_approval_announcement", "announcement_id"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    announcement_id: Mapped[int] = mapped_column(ForeignKey("announcement.id"))
    hash: Mapped[str] = mapped_column(String(64))
    """The hash of text, audience rule and attachments that was approved."""
    by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Utc)
    count: Mapped[int]
    """How many would have received it at that moment."""
    taken_back_at: Mapped[datetime | None] = mapped_column(Utc, default=None)
    """When somebody who may approve refused the announcement after that."""


class Delivery(Base):
    """The truth about one recipient of one announcement.

    `pending` until its turn, `sending` from just before a call until its answer is written, then
    `pending` again where more messages of the letter follow or nothing was taken, else `sent`,
    `failed`, `stopped`, `cancelled`, or `uncertain` when nobody knows what became of a message.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("announcement_id", "who"),
        Index("ix_delivery_state", "announcement_id", "state", "batch"),
        Index("ix_delivery_person", "person_id"),
        Index("ix_delivery_who", "who"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    announcement_id: Mapped[int] = mapped_column(ForeignKey("announcement.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    """None once the person was erased."""
    who: Mapped[str] = mapped_column(String(64))
    """The keyed hash of channel and chat; it bars a second send and opens nothing."""
    batch: Mapped[int]
    state: Mapped[str] = mapped_column(String(16), default="pending")
    reason: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime | None] = mapped_column(Utc, default=None)
    parts_sent: Mapped[int] = mapped_column(default=0)
    """How many messages of the letter are known to have arrived; these are never sent again."""


class Press(Base):
    """A button of an announcement that a recipient pressed, counted once."""

    __tablename__ = "press"
    __table_args__ = (Index("ix_press_who", "who"),)

    announcement_id: Mapped[int] = mapped_column(ForeignKey("announcement.id"), primary_key=True)
    who: Mapped[str] = mapped_column(String(64), primary_key=True)
    button: Mapped[str] = mapped_column(String(16), primary_key=True)
    at: Mapped[datetime] = mapped_column(Utc)


class RateLane(Base):
    """When a lane is free again: what keeps several workers below one rate."""

    __tablename__ = "rate_lane"

    lane: Mapped[str] = mapped_column(String(16), primary_key=True)
    free_at: Mapped[float]
    """Seconds since 1970."""


class Upload(Base):
    """An attachment that a channel holds already, under the channel's own name for it."""

    __tablename__ = "upload"

    channel: Mapped[str] = mapped_column(String(16), primary_key=True)
    bot: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    """Whose name it is: another bot can't use it."""
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    file: Mapped[str] = mapped_column(String(200))
