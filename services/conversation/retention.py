"""Turns older than the days they are kept become counts; what people wrote is gone."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.storage.models import Conversation, DailyCount, SeenUpdate, Turn

_BATCH = 1000


async def reduce_old(session: AsyncSession, now: datetime, keep_days: int) -> int:
    """Count and erase the turns that are older than `keep_days`; return how many."""
    limit = now - timedelta(days=keep_days)
    gone = 0
    while old := list(await session.scalars(select(Turn).where(Turn.at < limit).limit(_BATCH))):
        for turn in old:
            await _count(session, turn)
            await session.delete(turn)
        await session.flush()
        gone += len(old)
    await session.execute(delete(Conversation).where(Conversation.updated_at < limit))
    await session.execute(delete(SeenUpdate).where(SeenUpdate.at < limit))
    return gone


async def _count(session: AsyncSession, turn: Turn) -> None:
    article = turn.articles[0] if turn.articles else ""
    key = (turn.at.date(), turn.channel, turn.outcome, article)
    kept = await session.get(DailyCount, key)
    if kept is None:
        day, channel, outcome, article = key
        kept = DailyCount(day=day, channel=channel, outcome=outcome, article=article, turns=0)
        session.add(kept)
    kept.turns += 1
