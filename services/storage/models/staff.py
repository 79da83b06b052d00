"""Who works with the product, and what they did."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from services.storage.models.base import Base, Utc


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
