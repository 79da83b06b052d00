"""Turns and verdicts older than the days they are kept become counts; words and keys are gone."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, delete, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services import inbox
from services.notices import notices
from services.storage.dialects import insert, vietnam_day
from services.storage.models import (
    Awaited,
    Conversation,
    DailyCount,
    Dossier,
    Feedback,
    FormRun,
    GapQuestion,
    Pending,
    Reminder,
    Ticket,
    Turn,
    TurnArticle,
)
from services.storage.session import Sessions, claim

BATCH = 1000
"""Rows that one transaction takes out: 10 ms on SQLite, whose one writer others wait for, and up to
a tenth of a second on a machine that is busy."""

_KNOWN_DAYS = 365
"""For how many days after the last save, or choice of how long to keep them, a browser tells whose
its forms are, at least."""
_KEY = ("day", "channel", "outcome", "article")


async def reduce_old(sessions: Sessions, now: datetime, keep_days: int) -> int:
    """Count and erase turns and verdicts older than `keep_days`; return how many turns.

    Each batch is a transaction of its own, so that replies are kept between two of them. Why an
    answer was of no use is not counted: by then it was mended or not.
    """
    limit = now - timedelta(days=keep_days)
    gone = 0
    for table in (Turn, Feedback):
        while taken := await _reduce(sessions, table, limit):
            gone += taken if table is Turn else 0
    async with sessions.begin() as session:
        await session.execute(delete(Conversation).where(Conversation.updated_at < limit))
    async with sessions.begin() as session:
        await session.execute(delete(Pending).where(Pending.until < limit))
    async with sessions.begin() as session:
        await session.execute(delete(GapQuestion).where(GapQuestion.at < limit))
        await session.execute(delete(Awaited).where(Awaited.at < limit))
        await notices.drop_old(session, limit)
        await session.execute(delete(FormRun).where(_gone(now, keep_days)))
        await session.execute(delete(Dossier).where(Dossier.until < now))
        await session.execute(delete(Reminder).where(*_unreachable(limit)))
    async with sessions.begin() as session:
        last = func.coalesce(
            Ticket.closed_at, Ticket.heard_at, Ticket.waiting_since, Ticket.opened_at
        )
        await session.execute(delete(Ticket).where(last < limit))
        await inbox.drop_old(session, now)
    return gone


def _gone(now: datetime, keep_days: int) -> ColumnElement[bool]:
    """Tell the forms whose time is over, and those of pages whose browser is known no more."""
    long_ago = now - timedelta(days=max(keep_days, _KNOWN_DAYS))
    return or_(FormRun.until < now, and_(FormRun.channel == "web", FormRun.updated_at < long_ago))


def _unreachable(limit: datetime) -> tuple[ColumnElement[bool], ...]:
    """Tell the reminders of pages whose browser neither talks nor keeps a dossier any more."""
    talks = exists().where(
        Conversation.channel == Reminder.channel, Conversation.key == Reminder.key
    )
    keeps = exists().where(Dossier.channel == Reminder.channel, Dossier.key == Reminder.key)
    return Reminder.channel == "web", Reminder.created_at < limit, ~talks, ~keeps


async def _reduce(sessions: Sessions, table: type[Turn | Feedback], limit: datetime) -> int:
    """Count and erase one batch; return how many rows.

    Of two processes that do so at once only one gets a row: the second waits for SQLite's writer,
    and passes over rows that the first has locked in PostgreSQL.
    """
    oldest = select(table.id).where(table.at < limit).order_by(table.id).limit(BATCH)
    async with sessions.begin() as session:
        await claim(session)
        ids = list(await session.scalars(oldest.with_for_update(skip_locked=True)))
        if ids:
            await _count(session, _turns(ids) if table is Turn else _verdicts(ids))
            await session.execute(delete(table).where(table.id.in_(ids)))
    return len(ids)


async def _count(session: AsyncSession, counted: Select[*tuple[Any, ...]]) -> None:
    """Add counts to those there are; in one order, so that two processes never wait in a ring."""
    ordered = counted.group_by(*_KEY).order_by(*_KEY)
    added = insert(session, DailyCount).from_select([*_KEY, "turns"], ordered)
    more = DailyCount.turns + added.excluded.turns
    await session.execute(added.on_conflict_do_update(index_elements=_KEY, set_={"turns": more}))


def _turns(ids: Sequence[int]) -> Select[*tuple[Any, ...]]:
    """Count turns by each article that answered; the rest under an empty name."""
    return (
        select(
            vietnam_day(Turn.at).label("day"),
            Turn.channel.label("channel"),
            Turn.outcome.label("outcome"),
            func.coalesce(TurnArticle.article, "").label("article"),
            func.count().label("turns"),
        )
        .outerjoin(TurnArticle, TurnArticle.turn_id == Turn.id)
        .where(Turn.id.in_(ids))
    )


def _verdicts(ids: Sequence[int]) -> Select[*tuple[Any, ...]]:
    return select(
        vietnam_day(Feedback.at).label("day"),
        Feedback.channel.label("channel"),
        case((Feedback.useful, "useful"), else_="unhelpful").label("outcome"),
        Feedback.article.label("article"),
        func.count().label("turns"),
    ).where(Feedback.id.in_(ids))
