"""Turns as kept: the open article, the log, erasing one's own, and what is left after a while."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.conversation.question import Channel, Question
from services.storage.models import Conversation, Feedback, SeenUpdate, Turn

Kept = Turn | Feedback | Conversation
STAYS_OPEN = timedelta(hours=6)


async def find(session: AsyncSession, question: Question) -> Conversation | None:
    """Return the conversation that a question belongs to, if it was kept."""
    mine = _mine(Conversation, question.channel, question.conversation)
    return (await session.execute(select(Conversation).where(mine))).scalar_one_or_none()


def open_article(found: Conversation | None, now: datetime) -> str | None:
    """Return the article that a conversation is on, unless it was left too long ago."""
    if found is None or now - found.updated_at > STAYS_OPEN:
        return None
    return found.article


def keep_open(
    session: AsyncSession,
    question: Question,
    found: Conversation | None,
    article: str,
    now: datetime,
) -> None:
    """Keep the article that the conversation is on now; `found` is what `find` returned."""
    if found is None:
        found = Conversation(channel=question.channel, key=question.conversation, updated_at=now)
        session.add(found)
    found.article, found.updated_at = article, now


async def erase(session: AsyncSession, channel: Channel, key: str) -> int:
    """Erase all that was kept of a conversation; return how many turns that were."""
    gone = await session.execute(delete(Turn).where(_mine(Turn, channel, key)).returning(Turn.id))
    for table in (Feedback, Conversation):
        await session.execute(delete(table).where(_mine(table, channel, key)))
    return len(gone.all())


async def was_seen(session: AsyncSession, channel: Channel, update: str) -> bool:
    """Say whether an update was answered before."""
    return await session.get(SeenUpdate, (channel, update)) is not None


def mark_seen(session: AsyncSession, channel: Channel, update: str, now: datetime) -> None:
    """Note that an update was answered."""
    session.add(SeenUpdate(channel=channel, update=update, at=now))


def _mine(table: type[Kept], channel: str, key: str) -> ColumnElement[bool]:
    return and_(table.channel == channel, table.key == key)
