"""What is kept of talks: conversations, turns, verdicts, and counts of those that grew old."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.storage.models.base import Base, Utc


class Conversation(Base):
    """The turns of one person on one channel, and the article that is open."""

    __tablename__ = "conversation"
    __table_args__ = (UniqueConstraint("channel", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    channel: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(String(128))
    updated_at: Mapped[datetime] = mapped_column(Utc)
    article: Mapped[str | None] = mapped_column(String(64), default=None)
    """The article that answered last: what a follow-up leans on."""
    question: Mapped[str] = mapped_column(Text, default="")
    """What was asked last, masked: a correction is read together with it."""


class Pending(Base):
    """What a chat was asked last: while `until` lies ahead, what comes next may answer it."""

    __tablename__ = "pending"

    channel: Mapped[str] = mapped_column(String(16), primary_key=True)
    key: Mapped[str] = mapped_column(String(128), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    asked: Mapped[dict[str, Any]] = mapped_column(JSON)
    until: Mapped[datetime] = mapped_column(Utc)


class Turn(Base):
    """One question and its reply, as logged; `text` is masked, and gone after a while."""

    __tablename__ = "turn"
    __table_args__ = (Index("ix_turn_conversation", "channel", "key"), Index("ix_turn_at", "at"))

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    channel: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(String(128))
    at: Mapped[datetime] = mapped_column(Utc)
    text: Mapped[str] = mapped_column(Text)
    payload: Mapped[str] = mapped_column(String(64))
    outcome: Mapped[str] = mapped_column(String(16))
    confidence: Mapped[float]
    degraded: Mapped[bool]
    ms: Mapped[int]
    open_article: Mapped[str | None] = mapped_column(String(64), default=None)
    """The article that was open when it was read."""
    offered: Mapped[list[str]] = mapped_column(JSON, default_factory=list)
    """The articles that were asked back about."""
    answered_by: Mapped[list["TurnArticle"]] = relationship(
        default_factory=list,
        lazy="selectin",
        order_by="TurnArticle.place",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )
    """The articles that answered, in the order of the reply."""

    @property
    def articles(self) -> list[str]:
        """The articles that answered."""
        return [told.article for told in self.answered_by]

    @property
    def hashes(self) -> list[str]:
        """The version of each article that answered, in the same order."""
        return [told.hash for told in self.answered_by]


class TurnArticle(Base):
    """An article of a reply, in the version that was told."""

    __tablename__ = "turn_article"
    __table_args__ = (
        Index("ix_turn_article_hash", "hash"),
        Index("ix_turn_article_article", "article"),
    )

    turn_id: Mapped[int] = mapped_column(
        ForeignKey("turn.id", ondelete="CASCADE"), primary_key=True, init=False
    )
    place: Mapped[int] = mapped_column(primary_key=True)
    """Where it stands in the reply, from nought."""
    article: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(16))


def in_order(told: Iterable[tuple[str, str]]) -> list[TurnArticle]:
    """Return the rows of a reply's articles, given as name and version in its order."""
    places = enumerate(told)
    return [TurnArticle(place=place, article=name, hash=kept) for place, (name, kept) in places]


class Feedback(Base):
    """What one conversation thinks of one version of an article: its last verdict."""

    __tablename__ = "feedback"
    __table_args__ = (UniqueConstraint("channel", "key", "hash"), Index("ix_feedback_at", "at"))

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    channel: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(String(128))
    at: Mapped[datetime] = mapped_column(Utc)
    article: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(16))
    """The version that was shown."""
    useful: Mapped[bool]
    reason: Mapped[str | None] = mapped_column(String(16), default=None)
    """Why it was of no use, if that was said."""


class ArticleVersion(Base):
    """What an article said while it had this hash."""

    __tablename__ = "article_version"

    hash: Mapped[str] = mapped_column(String(16), primary_key=True)
    article: Mapped[str] = mapped_column(String(64))
    since: Mapped[datetime] = mapped_column(Utc)
    """When it was first served."""
    content: Mapped[dict[str, Any]] = mapped_column(JSON)


class DailyCount(Base):
    """What is left of turns that grew old: how many, by day, channel, outcome and article.

    A day is Việt Nam's. A turn that several articles answered counts for each of them; one that
    none answered stands under an empty name. Old verdicts are counted beside them, under the
    outcomes `useful` and `unhelpful`.
    """

    __tablename__ = "daily_count"

    day: Mapped[date] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(16), primary_key=True)
    outcome: Mapped[str] = mapped_column(String(16), primary_key=True)
    article: Mapped[str] = mapped_column(String(64), primary_key=True)
    turns: Mapped[int]
