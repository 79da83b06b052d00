"""The tables. Every time is UTC."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Index, String, Text, TypeDecorator, UniqueConstraint
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, mapped_column


class Utc(TypeDecorator[datetime]):
    """A time that goes in and comes out aware, in UTC, on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store UTC."""
        del dialect
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        """Give back a time in UTC."""
        del dialect
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


class Base(MappedAsDataclass, DeclarativeBase, kw_only=True):
    """Base of all tables."""


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
    offered: Mapped[list[str]] = mapped_column(JSON, default_factory=list)
    """The articles that were asked back about, when that was the last thing said."""


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
    articles: Mapped[list[str]] = mapped_column(JSON)
    hashes: Mapped[list[str]] = mapped_column(JSON)
    """The hash of each article that answered, in the same order."""
    confidence: Mapped[float]
    degraded: Mapped[bool]
    ms: Mapped[int]
    beside: Mapped[str | None] = mapped_column(String(64), default=None)
    """The article that was open when it was read."""
    offered: Mapped[list[str]] = mapped_column(JSON, default_factory=list)
    """The articles that were asked back about."""


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


class SeenUpdate(Base):
    """An update that was answered: the channel may deliver it again, it is not answered again."""

    __tablename__ = "seen_update"

    channel: Mapped[str] = mapped_column(String(16), primary_key=True)
    update: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime] = mapped_column(Utc)


class DailyCount(Base):
    """What is left of turns that grew old: how many, by day, channel, outcome and article.

    Old verdicts are counted beside them, under the outcomes `useful` and `unhelpful`.
    """

    __tablename__ = "daily_count"

    day: Mapped[date] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(16), primary_key=True)
    outcome: Mapped[str] = mapped_column(String(16), primary_key=True)
    article: Mapped[str] = mapped_column(String(64), primary_key=True)
    turns: Mapped[int]
