"""Dossiers: one's own procedures for a cooperative; of each what is in hand, done, dated."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from services.storage.models.base import Base, Utc


class Dossier(Base):
    """A procedure that one conversation goes through for one cooperative.

    Of links to it only hashes are kept: who reads the database opens none.
    """

    __tablename__ = "dossier"
    __table_args__ = (
        Index("ix_dossier_chat", "channel", "key"),
        Index("ix_dossier_until", "until"),
        {"sqlite_autoincrement": True},  # old buttons name it by number: none is given twice
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    channel: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(String(128))
    """The channel's own name of the conversation."""
    procedure: Mapped[str] = mapped_column(String(64))
    cooperative: Mapped[str] = mapped_column(String(80))
    """Its name as it was typed; empty where none was."""
    began: Mapped[date]
    """The day on which it was begun, in Việt Nam."""
    updated_at: Mapped[datetime] = mapped_column(Utc)
    until: Mapped[datetime] = mapped_column(Utc)
    """When it goes, unless something is done with it before."""
    shown_hash: Mapped[str | None] = mapped_column(String(64), default=None)
    """Of the secret in the link by which others look at it."""
    shown_until: Mapped[datetime | None] = mapped_column(Utc, default=None)
    given_hash: Mapped[str | None] = mapped_column(String(64), default=None)
    """Of the secret in the link by which another takes it, once."""
    given_until: Mapped[datetime | None] = mapped_column(Utc, default=None)


class DossierMark(Base):
    """One thing that was marked in a dossier: a row of its own, so that two at a time lose none."""

    __tablename__ = "dossier_mark"

    dossier_id: Mapped[int] = mapped_column(
        ForeignKey("dossier.id", ondelete="CASCADE"), primary_key=True
    )
    item: Mapped[str] = mapped_column(String(64), primary_key=True)
    """A kind and an id of the content: `p.` a paper, `s.` a step, `d.` a deadline."""
    day: Mapped[date]
    """When it was marked; of a deadline the day from which it counts."""
