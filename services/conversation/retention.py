"""Turns and verdicts older than the days they are kept become counts; words and keys are gone."""

from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.storage.models import Conversation, DailyCount, Feedback, SeenUpdate, Turn

Row = TypeVar("Row", Turn, Feedback)

_BATCH = 1000


async def reduce_old(session: AsyncSession, now: datetime, keep_days: int) -> int:
    """Count and erase turns and verdicts older than `keep_days`; return how many turns.

    Why an answer was of no use is not counted: by then it was mended or not.
    """
    limit = now - timedelta(days=keep_days)
    gone = await _reduce(session, Turn, limit)
    await _reduce(session, Feedback, limit)
    await session.execute(delete(Conversation).where(Conversation.updated_at < limit))
    await session.execute(delete(SeenUpdate).where(SeenUpdate.at < limit))
    return gone


async def _reduce(session: AsyncSession, table: type[Row], limit: datetime) -> int:
    """Take old rows out and count them: of two processes that do so, only one gets a row."""
    oldest = select(table.id).where(table.at < limit).order_by(table.id).limit(_BATCH)
    take = delete(table).where(table.id.in_(oldest)).returning(table)
    unread = {"synchronize_session": False}
    gone = 0
    while old := list(await session.scalars(take, execution_options=unread)):
        for row in old:
            await _count(session, row)
        gone += len(old)
    return gone


async def _count(session: AsyncSession, row: Turn | Feedback) -> None:
    key = (row.at.date(), row.channel, *_counted_as(row))
    kept = await session.get(DailyCount, key)
    if kept is None:
        day, channel, outcome, article = key
        kept = DailyCount(day=day, channel=channel, outcome=outcome, article=article, turns=0)
        session.add(kept)
    kept.turns += 1


def _counted_as(row: Turn | Feedback) -> tuple[str, str]:
    """Return the outcome and the article that a row counts for."""
    if isinstance(row, Feedback):
        return "useful" if row.useful else "unhelpful", row.article
    return row.outcome, row.articles[0] if row.articles else ""
