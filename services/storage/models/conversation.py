"""What is kept of talks: turns, verdicts, counts of old ones, and messages until answered."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.storage.models.base import Base, Utc

_JSON = JSON(none_as_null=True)


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
    choices: Mapped[list[str]] = mapped_column(JSON, default_factory=list)
    """What the buttons shown last carry."""
    trail: Mapped[list[str]] = mapped_column(JSON, default_factory=list)
    """What was shown, as codes: what a talk comes back to."""
    declines: Mapped[int] = mapped_column(default=0)
    """How many replies in a row told nothing."""
    cared: Mapped[int] = mapped_column(default=0)
    """How often somebody in distress was spoken to."""
    danger: Mapped[str] = mapped_column(String(16), default="")
    """What kind of emergency was told of last, as one name."""
    known: Mapped[dict[str, Any]] = mapped_column(JSON, default_factory=dict)
    """What somebody told of their own figures, as numbers by name, for some turns."""
    told_last: Mapped[str] = mapped_column(String(16), default="")
    """A hash of the words that were told last."""


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
    step: Mapped[str] = mapped_column(Text, default="")
    """What it showed, as a code that brings it again; empty where it showed nothing of its own."""
    told: Mapped[list[str]] = mapped_column(JSON, default_factory=list)
    """The parts of the article that were told, in their order."""
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
    part: Mapped[str] = mapped_column(String(12), default="")
    """The part of the article that was judged; empty for what it says first, or all of it."""


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


class DayUsage(Base):
    """The numbers of one day that is over in Việt Nam; nobody stands in them."""

    __tablename__ = "day_usage"

    day: Mapped[date] = mapped_column(primary_key=True)
    counts: Mapped[dict[str, dict[str, int]]] = mapped_column(JSON)
    """By what is counted (hours, channels, outcomes, articles …) how often each was met."""
    talks: Mapped[dict[str, Any]] = mapped_column(JSON, default_factory=dict)
    """Of the month up to this day: its conversations, those of the month before, and how many of
    these came back; empty where that was not counted."""


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
