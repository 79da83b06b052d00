"""Gaps that are kept: kinds of questions not answered well, what was asked, who awaits word."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.storage.models.base import Base, Utc


class KeptGap(Base):
    """One kind of question, as staff work on it. No word of a citizen stands in it.

    `open` until it is `linked` to an article that is to answer it, and `told` once that is served
    and whoever awaited it is told; or `dismissed`; or `merged` into another.
    """

    __tablename__ = "gap"
    __table_args__ = (Index("ix_gap_state", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    created_at: Mapped[datetime] = mapped_column(Utc)
    state: Mapped[str] = mapped_column(String(16), default="open")
    reason: Mapped[str] = mapped_column(String(400), default="")
    """Why it was dismissed, in the words of staff."""
    nearest: Mapped[str | None] = mapped_column(String(64), default=None)
    """The article that was blamed, or shares its words."""
    article: Mapped[str | None] = mapped_column(String(64), default=None)
    """The article that is to answer it."""
    before: Mapped[str] = mapped_column(String(16), default="")
    """What that article told when it was linked, as its hash; empty where there was none."""
    merged_into: Mapped[int | None] = mapped_column(
        ForeignKey("gap.id", ondelete="SET NULL"), default=None
    )
    changed_at: Mapped[datetime | None] = mapped_column(Utc, default=None)
    told: Mapped[int] = mapped_column(default=0)
    """How many were told that it is answered."""


class GapQuestion(Base):
    """One question that was not answered well, masked, in the gap where it belongs."""

    __tablename__ = "gap_question"
    __table_args__ = (
        UniqueConstraint("source"),
        Index("ix_gap_question_gap", "gap_id", "at"),
        Index("ix_gap_question_chat", "channel", "key"),
        Index("ix_gap_question_at", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    gap_id: Mapped[int] = mapped_column(ForeignKey("gap.id", ondelete="CASCADE"))
    source: Mapped[str] = mapped_column(String(32))
    """The row of the log that it comes from: `turn 12`, `verdict 3`."""
    channel: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(String(128))
    at: Mapped[datetime] = mapped_column(Utc)
    text: Mapped[str] = mapped_column(Text)
    asked: Mapped[str] = mapped_column(String(16))
    """By what the question is known again, as `Awaited` has it."""
    kind: Mapped[str] = mapped_column(String(16))
    """declined, left or unhelpful."""
    article: Mapped[str | None] = mapped_column(String(64), default=None)
    reason: Mapped[str | None] = mapped_column(String(16), default=None)
    vector: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)
    """What it means, as the NLU has it; None where that could not be asked."""


class Awaited(Base):
    """One question of which a chat wants to hear when it is answered."""

    __tablename__ = "awaited"

    channel: Mapped[str] = mapped_column(String(16), primary_key=True)
    key: Mapped[str] = mapped_column(String(128), primary_key=True)
    asked: Mapped[str] = mapped_column(String(16), primary_key=True)
    """By what the question is known again: the beginning of its hash."""
    text: Mapped[str] = mapped_column(Text)
    """The question, masked: what is told begins with it."""
    at: Mapped[datetime] = mapped_column(Utc)
    told_at: Mapped[datetime | None] = mapped_column(Utc, default=None)
