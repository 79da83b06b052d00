"""What a channel was told we have, until it is answered."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.storage.models.base import Base, Utc

_JSON = JSON(none_as_null=True)


class Received(Base):
    """A message that was taken: written down before its channel is told so.

    Once it is answered nothing of it is left but its number, by which it is known again.
    """

    __tablename__ = "inbox"
    __table_args__ = (UniqueConstraint("channel", "update"), Index("ix_inbox_until", "until"))

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    channel: Mapped[str] = mapped_column(String(16))
    update: Mapped[str] = mapped_column(String(64))
    """The channel's own number of the message."""
    at: Mapped[datetime] = mapped_column(Utc)
    conversation: Mapped[str] = mapped_column(String(128), default="")
    content: Mapped[dict[str, Any] | None] = mapped_column(_JSON, default=None)
    """What came, until the reaction to it is kept."""
    reaction: Mapped[dict[str, Any] | None] = mapped_column(_JSON, default=None)
    """What is to be said, from then until it was said."""
    worker: Mapped[str] = mapped_column(String(32), default="")
    """Which process is at it."""
    until: Mapped[datetime | None] = mapped_column(Utc, default=None)
    """How long that process has it, unless it says that it lives; None once it is answered."""
    tries: Mapped[int] = mapped_column(default=0)
    """How many processes were at it before this one, not counting those where it only waited."""
