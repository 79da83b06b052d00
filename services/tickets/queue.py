"""The queue of tickets as agents see it: pages of a list, one ticket with its talk, figures.

Who writes announcements and answers nobody else sees what is asked about their own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.errors import TicketError
from services.staff import account
from services.storage.models import Announcement, Staff, Ticket, TicketMessage, Turn

View = Literal["free", "mine", "open", "closed"]
VIEWS: tuple[View, ...] = get_args(View)
"""Which tickets are listed: those that nobody has, one's own, all that are open, closed ones."""
PAGE = 50
_BEFORE, _MOST = 8, 200
"""Turns of before a ticket that its agent reads, and turns in all."""


@dataclass(frozen=True)
class TicketPage:
    """One page of a list, and where the next begins; nothing where it is the last."""

    tickets: Sequence[Ticket]
    after: int = 0


async def page(
    session: AsyncSession, view: View, me: Staff, *, subject: str = "", after: int = 0
) -> TicketPage:
    """Return tickets: open ones the oldest first, closed ones the latest first."""
    query = select(Ticket).where(_in_view(view, me)).limit(PAGE + 1)
    if subject:
        query = query.where(Ticket.subject == ("" if subject == "none" else subject))
    if view == "closed":
        query = query.order_by(Ticket.id.desc())
        query = query.where(Ticket.id < after) if after else query
    else:
        query = query.where(Ticket.id > after).order_by(Ticket.id)
    found = (await session.scalars(query)).all()
    return TicketPage(found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else 0)


async def counts(session: AsyncSession, me: Staff) -> dict[View, int]:
    """Return how many tickets stand in each list; of closed ones nobody counts."""
    columns = [func.count().filter(_in_view(view, me)) for view in VIEWS[:3]]
    row = (await session.execute(select(*columns).where(Ticket.closed_at.is_(None)))).one()
    return dict(zip(VIEWS, row, strict=False))


async def newest(session: AsyncSession) -> int:
    """Return how many times a ticket was opened or opened again: more of them is news."""
    opened = await session.scalar(select(func.max(Ticket.id))) or 0
    again = select(func.coalesce(func.sum(Ticket.reopened), 0))
    return opened + (await session.scalar(again.where(Ticket.closed_at.is_(None))) or 0)


async def of_own_announcements(session: AsyncSession, me: Staff) -> int:
    """Return how many tickets wait for somebody that ask about announcements of an account."""
    waiting = select(func.count()).where(_asks_about_own(me), _in_view("free", me))
    return await session.scalar(waiting) or 0


async def require_theirs(session: AsyncSession, number: int, me: Staff) -> None:
    """Refuse a ticket that an account is not to see.

    Raises:
        TicketError: it answers people about its own announcements alone, and this is none of them.

    """
    if me.role in account.AGENTS:
        return
    theirs = select(Ticket.id).where(Ticket.id == number, _asks_about_own(me))
    if await session.scalar(theirs) is None:
        raise TicketError("ticket_not_for_you", number=number)


def _asks_about_own(me: Staff) -> ColumnElement[bool]:
    return Ticket.announcement_id.in_(select(Announcement.id).where(Announcement.author == me.name))


def _in_view(view: View, me: Staff) -> ColumnElement[bool]:
    listed = _listed(view, me)
    return listed if me.role in account.AGENTS else and_(listed, _asks_about_own(me))


def _listed(view: View, me: Staff) -> ColumnElement[bool]:
    is_open = Ticket.closed_at.is_(None)
    match view:
        case "free":
            return and_(is_open, Ticket.owner_id.is_(None))
        case "mine":
            return and_(is_open, Ticket.owner_id == me.id)
        case "open":
            return is_open
        case "closed":
            return ~is_open


@dataclass(frozen=True)
class Line:
    """One line of a ticket's talk: a turn with the bot, or a message by its kind."""

    at: datetime
    kind: str
    turn: Turn | None = None
    message: TicketMessage | None = None


async def talk_of(session: AsyncSession, ticket: Ticket) -> list[Line]:
    """Return what was asked before a ticket was opened and all since, in the order of time."""
    mine = Turn.channel == ticket.channel, Turn.key == ticket.key
    before = select(Turn).where(*mine, Turn.at <= ticket.opened_at)
    since = select(Turn).where(*mine, Turn.at > ticket.opened_at)
    if ticket.closed_at is not None:
        since = since.where(Turn.at <= ticket.closed_at)
    turns = [
        *await session.scalars(before.order_by(Turn.id.desc()).limit(_BEFORE)),
        *await session.scalars(since.order_by(Turn.id.desc()).limit(_MOST)),
    ]
    messages = (
        select(TicketMessage)
        .where(TicketMessage.ticket_id == ticket.id)
        .order_by(TicketMessage.id.desc())
        .limit(_MOST)
    )
    lines = [Line(turn.at, "turn", turn=turn) for turn in turns if turn.text or turn.payload]
    lines += [Line(one.at, one.kind, message=one) for one in await session.scalars(messages)]
    return sorted(lines, key=lambda line: line.at)
