"""What is marked of a dossier, and the reminders that hang on its days.

A reminder is of a deadline and a day, wherever it was asked for: where the day is mended it is of
the new one, and where the dossier goes it goes too, unless another dossier counts from that day.
"""

from contextlib import suppress
from datetime import date, datetime

from sqlalchemy import delete, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.dossiers import dossiers
from services.errors import ToolError
from services.knowledge.library import Library
from services.knowledge.schema import DAY
from services.reminders import reminders
from services.reminders.words import line_of
from services.storage.models import Chat, Dossier, DossierMark
from services.tools.due import DatedLine


async def set_mark(  # noqa: PLR0913, PLR0917  # because each is another thing
    session: AsyncSession,
    dossier: Dossier,
    library: Library,
    item: str,
    day: date | None,
    now: datetime,
) -> None:
    """Mark a thing with a day, or take its mark away.

    Deadlines that count from the same event have the same day, and their reminders go with it.
    """
    marks = await dossiers.marks_of(session, dossier)
    for one in _together(library, dossier, item):
        if day is None:
            await dossiers.unmark(session, dossier, one, now)
        else:
            await dossiers.mark(session, dossier, one, day, now)
        before = marks.get(one)
        if one.startswith(DAY) and before is not None and before != day:
            await _move(session, dossier, library, one, before, day, now)


def _together(library: Library, dossier: Dossier, item: str) -> list[str]:
    """Return what is marked with a thing: all deadlines of its event."""
    known = library.deadlines.get(dossier.procedure)
    deadlines = {f"{DAY}{one.id}": one for one in known.deadlines} if known else {}
    own = deadlines.get(item)
    return [name for name, one in deadlines.items() if own and one.event == own.event] or [item]


async def _move(  # noqa: PLR0913, PLR0917  # because each is another thing
    session: AsyncSession,
    dossier: Dossier,
    library: Library,
    item: str,
    before: date,
    day: date | None,
    now: datetime,
) -> None:
    """Have the reminder of a deadline be of another day, or of none."""
    plan = await _end(session, dossier, item, before)
    if plan and day is not None:
        with suppress(ToolError):  # nothing is left to remind of: the dossier tells the day
            line = _line(dossier, item, day)
            await reminders.ask(session, _chat(dossier), line, library, now, plan)


async def erase(session: AsyncSession, dossier: Dossier) -> None:
    """Let go of a dossier: its marks, its links, its reminders."""
    await let_go(session, dossier)
    await session.execute(delete(Dossier).where(Dossier.id == dossier.id))


async def let_go(session: AsyncSession, dossier: Dossier) -> None:
    """End the reminders of a dossier that its owner has no longer."""
    for item, day in (await dossiers.marks_of(session, dossier)).items():
        if item.startswith(DAY):
            await _end(session, dossier, item, day)


async def _end(session: AsyncSession, dossier: Dossier, item: str, day: date) -> list[int]:
    """End a reminder, and return how many days before it was to be told; none where there is none.

    It stays where another dossier of the same owner counts from the same day.
    """
    chat, line = _chat(dossier), _line(dossier, item, day)
    held = await reminders.of_chat(session, chat)
    row = next((one for one in held if line_of(one) == line), None)
    if row is None:
        return []
    plan = list(row.before)
    others = select(Dossier.id).where(
        dossiers.of_chat(chat), Dossier.procedure == dossier.procedure, Dossier.id != dossier.id
    )
    same = DossierMark.dossier_id.in_(others), DossierMark.item == item, DossierMark.day == day
    if not await session.scalar(select(exists().where(*same))):
        await reminders.end(session, chat, line)
    return plan


def _chat(dossier: Dossier) -> Chat:
    return dossier.channel, dossier.key


def _line(dossier: Dossier, item: str, day: date) -> DatedLine:
    return DatedLine(dossier.procedure, item.removeprefix(DAY), day)
