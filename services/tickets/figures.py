"""Figures of tickets: how long people waited in hours of work, what agents answer most.

Times are told as a median and what nine of ten waited at most: one forgotten over Tết would make
an average say nothing. They count the office's hours alone, as promises do.
"""

from collections import Counter as Tally
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.storage.models import Staff, Ticket, TicketMessage
from services.tickets.office_hours import OfficeHours

_MOST = 10


@dataclass(frozen=True)
class Waited:
    """How long some waited; None where nobody did."""

    half: timedelta | None
    nine_of_ten: timedelta | None


@dataclass(frozen=True)
class TicketFigures:
    """What came of the tickets that were opened in some days."""

    opened: int
    answered: int
    closed: int
    reopened: int
    first: Waited
    """To the first answer of a person."""
    end: Waited
    """To the end."""
    subjects: Sequence[tuple[str, int]]
    agents: Sequence[tuple[str, int]]
    """How many answers each agent gave."""
    articles: Sequence[tuple[str, int]]
    """The articles that agents sent most."""


async def of_days(
    session: AsyncSession, hours: OfficeHours, now: datetime, days: int
) -> TicketFigures:
    """Return the figures of the tickets that were opened in the last days."""
    since = now - timedelta(days=days)
    columns = Ticket.opened_at, Ticket.answered_at, Ticket.closed_at, Ticket.reopened
    query = select(*columns, Ticket.subject).where(Ticket.opened_at >= since)
    rows = (await session.execute(query)).all()
    answers = TicketMessage.kind == "answer", TicketMessage.at >= since
    count = func.count().label("count")
    by_agent = select(Staff.name, count).join(TicketMessage, TicketMessage.staff_id == Staff.id)
    by_article = select(TicketMessage.article, count).where(*answers, TicketMessage.article != "")
    agents = by_agent.where(*answers).group_by(Staff.name)
    articles = by_article.group_by(TicketMessage.article)
    return TicketFigures(
        opened=len(rows),
        answered=sum(row.answered_at is not None for row in rows),
        closed=sum(row.closed_at is not None for row in rows),
        reopened=sum(row.reopened > 0 for row in rows),
        first=_waited([(row.opened_at, row.answered_at) for row in rows], hours.between),
        end=_waited([(row.opened_at, row.closed_at) for row in rows], hours.between),
        subjects=Tally(row.subject for row in rows).most_common(),
        agents=await _most(session, agents.order_by(count.desc()).limit(_MOST)),
        articles=await _most(session, articles.order_by(count.desc()).limit(_MOST)),
    )


async def _most(session: AsyncSession, query: Select[str, int]) -> list[tuple[str, int]]:
    return [(name, count) for name, count in await session.execute(query)]


def _waited(
    spans: Sequence[tuple[datetime, datetime | None]],
    between: Callable[[datetime, datetime], timedelta],
) -> Waited:
    waited = sorted(between(begin, end) for begin, end in spans if end is not None)
    if not waited:
        return Waited(None, None)
    last = len(waited) - 1
    return Waited(waited[last // 2], waited[round(last * 0.9)])
