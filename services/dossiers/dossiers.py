"""Dossiers as they are kept: begun, marked, let go; a mark is a row, so that none is lost.

A dossier is one conversation's. It goes a year after the last thing done with it, or as long after
as its owner says, or with all else that is kept of the conversation.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.clock import day_of
from services.conversation.plain import visible
from services.errors import ToolError
from services.knowledge.library import Library
from services.storage.dialects import insert
from services.storage.models import Chat, Dossier, DossierMark
from services.tools.due import require_day
from services.tools.forms.values import period_in

KEPT = timedelta(days=365)
"""After the last thing done with it: members have six months to pay in, a loan takes longer."""
MOST = 30
"""Dossiers of one conversation: sixteen procedures, and more cooperatives than one has."""
NAME_SIGNS = 80
_LAST_NUMBER = 2**31 - 1
"""Beyond it PostgreSQL compares no number."""


async def begin(
    session: AsyncSession, chat: Chat, procedure: str, cooperative: str, now: datetime
) -> Dossier:
    """Begin a dossier of a procedure for a cooperative, whose name may be empty.

    Raises:
        ToolError: the name is too long, or the conversation has too many.

    """
    name = " ".join(visible(cooperative).replace("\0", "").split())
    if len(name) > NAME_SIGNS:
        raise ToolError("answer_long", most=NAME_SIGNS)
    await require_room(session, chat)
    channel, key = chat
    made = Dossier(
        channel=channel,
        key=key,
        procedure=procedure,
        cooperative=name,
        began=day_of(now),
        updated_at=now,
        until=now + KEPT,
    )
    session.add(made)
    await session.flush()
    return made


async def require_room(session: AsyncSession, chat: Chat) -> None:
    """Raise `ToolError` where a conversation has as many dossiers as it may have."""
    count = select(func.count()).select_from(Dossier).where(of_chat(chat))
    if (await session.scalar(count) or 0) >= MOST:
        raise ToolError("dossier_many", most=MOST)


async def every(session: AsyncSession, chat: Chat) -> Sequence[Dossier]:
    """Return the dossiers of a conversation, the one last touched first."""
    newest = Dossier.updated_at.desc(), Dossier.id.desc()
    return (await session.scalars(select(Dossier).where(of_chat(chat)).order_by(*newest))).all()


async def find(
    session: AsyncSession, chat: Chat, number: int, *, locked: bool = False
) -> Dossier | None:
    """Return a conversation's own dossier; nobody finds another's by its number.

    One that is to be changed is locked: until the transaction ends nobody else takes it.
    """
    if number > _LAST_NUMBER:
        return None
    mine = select(Dossier).where(Dossier.id == number, of_chat(chat))
    return (await session.scalars(mine.with_for_update() if locked else mine)).one_or_none()


async def marks_of(session: AsyncSession, dossier: Dossier) -> dict[str, date]:
    """Return the day of each thing that was marked."""
    theirs = select(DossierMark).where(DossierMark.dossier_id == dossier.id)
    return {one.item: one.day for one in await session.scalars(theirs)}


def require_item(library: Library, dossier: Dossier, item: str) -> None:
    """Raise `ToolError` for what can't be marked of a dossier's procedure."""
    if item not in library.marks_in(dossier.procedure):
        raise ToolError("dossier_item")


def typed_day(text: str, today: date) -> date:
    """Return the day that somebody typed; raises `ToolError` where it is none that is counted.

    A month is none: what counts from its first would be told as sure.
    """
    if len(text) > NAME_SIGNS:
        raise ToolError("answer_date")
    typed = period_in(" ".join(text.replace("\0", "").split()), today)
    if not typed.is_day:
        raise ToolError("answer_date")
    require_day(typed.first)
    return typed.first


async def mark(
    session: AsyncSession, dossier: Dossier, item: str, day: date, now: datetime
) -> None:
    """Mark a thing with a day; marked already, it has the new one."""
    row = insert(session, DossierMark).values(dossier_id=dossier.id, item=item, day=day)
    where = ["dossier_id", "item"]
    await session.execute(row.on_conflict_do_update(index_elements=where, set_={"day": day}))
    await _touch(session, dossier, now)


async def unmark(session: AsyncSession, dossier: Dossier, item: str, now: datetime) -> None:
    """Take a mark away; where there is none, nothing happens."""
    theirs = DossierMark.dossier_id == dossier.id, DossierMark.item == item
    await session.execute(delete(DossierMark).where(*theirs))
    await _touch(session, dossier, now)


async def keep(session: AsyncSession, dossier: Dossier, until: datetime) -> None:
    """Keep a dossier until then, or until something is done with it."""
    await session.execute(update(Dossier).where(Dossier.id == dossier.id).values(until=until))


def of_chat(chat: Chat) -> ColumnElement[bool]:
    """Return what a conversation's own dossiers fit."""
    channel, key = chat
    return and_(Dossier.channel == channel, Dossier.key == key)


async def _touch(session: AsyncSession, dossier: Dossier, now: datetime) -> None:
    """Note that something was done; what its owner has kept longer stays so long."""
    values = {"updated_at": now, "until": max(dossier.until, now + KEPT)}
    await session.execute(update(Dossier).where(Dossier.id == dossier.id).values(**values))
