"""Proposals: what staff write in an article's place, and what others said to it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from services.storage.models.base import Base, Utc

_OPEN = text("closed_at IS NULL")


class Proposal(Base):
    """A new text of an article, on its way to the file; one of an article is open at a time."""

    __tablename__ = "proposal"
    __table_args__ = (
        Index(
            "ix_proposal_open", "article", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN
        ),
        Index("ix_proposal_article", "article", "closed_at"),
        Index("ix_proposal_state", "state", "changed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    article: Mapped[str] = mapped_column(String(64))
    base: Mapped[str] = mapped_column(Text)
    """The file that it takes the place of, whole; empty where there is none yet."""
    text: Mapped[str] = mapped_column(Text)
    """The file as it shall be."""
    hash: Mapped[str] = mapped_column(String(64))
    """Of both texts: what an approval is of."""
    begun_by: Mapped[str] = mapped_column(String(64))
    begun_at: Mapped[datetime] = mapped_column(Utc)
    changed_at: Mapped[datetime] = mapped_column(Utc)
    state: Mapped[str] = mapped_column(String(16), default="draft")
    """`draft`, `submitted`, `returned`, `published` or `withdrawn`."""
    why: Mapped[str] = mapped_column(Text, default="")
    """Why it shall be so, in the words of whoever submitted it."""
    findings: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default_factory=list)
    """What the checks found when it was saved last."""
    closed_at: Mapped[datetime | None] = mapped_column(Utc, default=None)
    learning: Mapped[str] = mapped_column(String(16), default="", server_default="")
    """`asked`, `running`, or nothing."""
    learning_at: Mapped[datetime | None] = mapped_column(Utc, default=None)
    learnt: Mapped[dict[str, Any] | None] = mapped_column(JSON, default=None)
    """What learning showed last, of the text whose hash it bears."""


class ProposalText(Base):
    """A text of a proposal as somebody saved it: who wrote any of them approves none."""

    __tablename__ = "proposal_text"
    __table_args__ = (Index("ix_proposal_text_proposal", "proposal_id"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"))
    by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Utc)
    text: Mapped[str] = mapped_column(Text)


class ProposalVerdict(Base):
    """Another's yes to exactly one text in place of exactly one file, or why not."""

    __tablename__ = "proposal_verdict"
    __table_args__ = (Index("ix_proposal_verdict_proposal", "proposal_id"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"))
    by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Utc)
    hash: Mapped[str] = mapped_column(String(64))
    approved: Mapped[bool]
    comment: Mapped[str] = mapped_column(Text, default="")
