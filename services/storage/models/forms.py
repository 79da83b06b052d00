"""Forms of tools that people fill in: their answers, and nothing that is computed from them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from services.storage.models.base import Base, Utc


class FormRun(Base):
    """One form as one conversation fills it in; one is open of each form at a time.

    Each save raises `version`; whoever has seen another one is told, and nothing is mixed.
    """

    __tablename__ = "form_run"
    __table_args__ = (
        Index("ix_form_run_chat", "channel", "key"),
        Index("ix_form_run_until", "until"),
        {"sqlite_autoincrement": True},  # open pages name it by number: none is given twice
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    channel: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(String(128))
    """The channel's own name of the conversation."""
    form: Mapped[str] = mapped_column(String(40))
    form_hash: Mapped[str] = mapped_column(String(16))
    """What the form was when it was saved last, as the beginning of a hash."""
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    """By a question's id, those off the path too."""
    created_at: Mapped[datetime] = mapped_column(Utc)
    updated_at: Mapped[datetime] = mapped_column(Utc)
    until: Mapped[datetime] = mapped_column(Utc)
    """When it goes."""
    keep_days: Mapped[int | None] = mapped_column(default=None)
    """For how many days after the last save its owner wants it kept; None as the form says."""
    cursor: Mapped[str] = mapped_column(String(40), default="")
    """The question that was asked last."""
    version: Mapped[int] = mapped_column(default=0)
    saved_by: Mapped[str] = mapped_column(String(40), default="", server_default="")
    """What tells the page that saved it last from another that stands open; empty in a chat."""
    ended_at: Mapped[datetime | None] = mapped_column(Utc, default=None)
    """When it was filled in."""
    link_hash: Mapped[str | None] = mapped_column(String(64), default=None)
    """Of the secret in a link that takes it to another face, once."""
    link_until: Mapped[datetime | None] = mapped_column(Utc, default=None)
