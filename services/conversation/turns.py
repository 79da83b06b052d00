"""Turns as kept: the open article, the log, erasing one's own, and what is left after a while."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.conversation.listener import Standing
from services.conversation.question import Channel, Question
from services.conversation.reply import Reply
from services.storage.models import Conversation, Feedback, SeenUpdate, Turn

Kept = Turn | Feedback | Conversation
STAYS_OPEN = timedelta(hours=6)
_FIND = select(Conversation).where(
    Conversation.channel == bindparam("channel"), Conversation.key == bindparam("key")
)


async def find(session: AsyncSession, question: Question) -> Conversation | None:
    """Return the conversation that a question belongs to, if it was kept."""
    mine = {"channel": question.channel, "key": question.conversation}
    return await session.scalar(_FIND, mine)


async def standing(session: AsyncSession, found: Conversation | None, now: datetime) -> Standing:
    """Return where a conversation stands, from nothing when it was left too long ago."""
    if found is None or now - found.updated_at > STAYS_OPEN:
        return Standing()
    offered = tuple(found.offered)
    opened = offered[0] if offered else found.article
    return Standing(opened, offered, await _question_before(session, found))


def keep_open(
    session: AsyncSession,
    question: Question,
    found: Conversation | None,
    reply: Reply,
    now: datetime,
) -> None:
    """Keep what the conversation is on after a reply; `found` is what `find` returned."""
    if found is None:
        found = Conversation(channel=question.channel, key=question.conversation, updated_at=now)
        session.add(found)
    found.updated_at, found.offered = now, list(reply.offered)
    found.article = reply.articles[-1] if reply.articles else found.article


async def erase(session: AsyncSession, channel: str, key: str) -> int:
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


async def _question_before(session: AsyncSession, found: Conversation) -> str:
    mine = _mine(Turn, found.channel, found.key)
    query = select(Turn.text).where(mine, Turn.text != "").order_by(Turn.id.desc()).limit(1)
    return await session.scalar(query) or ""


def _mine(table: type[Kept], channel: str, key: str) -> ColumnElement[bool]:
    return and_(table.channel == channel, table.key == key)
