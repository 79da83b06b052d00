"""Reminders: a row is one deadline that one chat wants to be told of before it is over.

A chat of Telegram is told through notices, each time once; on the page, which nobody can be told
on, a row is shown to whoever comes back from its first time on. A row holds by what its deadline is
known: the day and the words are those of the content when they are told.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256

from sqlalchemy import ColumnElement, and_, delete, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.clock import VIETNAM, day_of
from services.conversation.days import write_day
from services.errors import ToolError
from services.knowledge.library import Library
from services.notices import notices
from services.people.person import TELEGRAM
from services.reminders.words import Telling, line_of
from services.staff import stops
from services.storage.dialects import insert
from services.storage.models import Chat, Reminder
from services.tools.due import DatedLine, DueDates, dated, is_yearly, yearly

MOST = 40
"""Deadlines of one chat: those of some procedures and of the year."""
_AT_ONCE = 100
_CAUSE = "remind"
_DIGITS = 16


@dataclass(frozen=True)
class _Times:
    """When a deadline of a day is told."""

    day: date
    before: Iterable[int]
    hour: int

    def _moment(self, days: int) -> datetime:
        return datetime.combine(self.day - timedelta(days), time(self.hour), VIETNAM)

    @property
    def first(self) -> datetime:
        """The first time."""
        return min(map(self._moment, self.before))

    def after(self, now: datetime) -> datetime | None:
        """Return the next time; None where none is left."""
        return min((m for m in map(self._moment, self.before) if m > now), default=None)

    def last(self, now: datetime) -> int | None:
        """Return how many days before the day the last time was that has come."""
        return min((days for days in self.before if self._moment(days) <= now), default=None)


async def ask(  # noqa: PLR0913, PLR0917  # because each is another thing
    session: AsyncSession,
    chat: Chat,
    line: DatedLine,
    library: Library,
    now: datetime,
    before: Sequence[int] = (),
) -> Reminder:
    """Note that a chat wants to be told of a deadline, so many days before; once, asked twice.

    Without `before` the content's first plan holds.

    Raises:
        ToolError: the content has no such deadline, its document is over, nothing is left to tell
            of it, or the chat has asked for too many.

    """
    found = _require(dated(library, line, day_of(now)))
    one = found.dates[0]
    line = DatedLine.of(line.name, one)
    days = sorted(set(before or library.reminding.plans[0]), reverse=True)
    times = _Times(one.day, days, library.reminding.hour)
    due_at = times.after(now) if chat[0] == TELEGRAM else times.first
    if one.day < day_of(now) or not (due_at or one.deadline.each):
        raise ToolError("remind_over", day=write_day(one.day))
    if await _count(session, chat, line) >= MOST:
        raise ToolError("remind_many", most=MOST)
    kept = {"before": days, "due_at": due_at, "day": one.day, "what": one.deadline.what}
    row = insert(session, Reminder).values(**_named(chat, line), **kept, created_at=now)
    names = ["channel", "key", "name", "deadline", "event"]
    await session.execute(row.on_conflict_do_update(index_elements=names, set_=kept))
    made = select(Reminder).where(*_is(chat, line)).execution_options(populate_existing=True)
    return (await session.scalars(made)).one()


def _require(found: DueDates | None) -> DueDates:
    if found is None:
        raise ToolError("remind_gone")
    if found.lapsed(found.dates[0]):
        raise ToolError(
            "remind_lapsed", clause=found.clause(found.dates[0].deadline), office=found.office
        )
    return found


async def of_chat(session: AsyncSession, chat: Chat) -> Sequence[Reminder]:
    """Return what a chat is to be told, what comes first at the head."""
    mine = select(Reminder).where(_of(chat)).order_by(Reminder.day, Reminder.id)
    return (await session.scalars(mine)).all()


async def shown(session: AsyncSession, chat: Chat, now: datetime) -> Sequence[Reminder]:
    """Return what is shown to whoever comes back: its first time has come, its day is not over."""
    rows = await of_chat(session, chat)
    return [row for row in rows if row.due_at and row.due_at <= now and row.day >= day_of(now)]


async def end(session: AsyncSession, chat: Chat, line: DatedLine) -> None:
    """Let a chat be told no more of a deadline."""
    await session.execute(delete(Reminder).where(*_is(chat, line)))
    await notices.withdraw(session, chat, _cause(line))


async def end_shown(session: AsyncSession, chat: Chat, line: DatedLine, library: Library) -> None:
    """End a reminder as an open page or an old message shows it.

    What comes each year counts by another day once that was corrected, or is over.
    """
    lines = {line}
    if is_yearly(library, line):
        same = _of(chat), Reminder.name == line.name, Reminder.deadline == line.deadline
        lines.update(map(line_of, await session.scalars(select(Reminder).where(*same))))
    for one in lines:
        await end(session, chat, one)


async def end_all(session: AsyncSession, chat: Chat) -> None:
    """Let a chat be told of no deadline any more."""
    await session.execute(delete(Reminder).where(_of(chat)))
    await notices.withdraw(session, chat, _CAUSE)


async def tell_due(session: AsyncSession, library: Library, now: datetime) -> int:
    """Have all in Telegram told whose time has come, each time once; return how many.

    What the content put off meanwhile, or what its document has not yet in force, comes later.
    Nobody is told while staff have stopped answers or sending: the words are those of the telling.
    """
    waiting = and_(Reminder.channel == TELEGRAM, Reminder.due_at <= now)
    if not await session.scalar(select(exists().where(waiting))):
        return 0
    if await stops.every(session):
        return 0
    rows = select(Reminder).where(waiting).order_by(Reminder.due_at, Reminder.id).limit(_AT_ONCE)
    rows = rows.with_for_update(skip_locked=True)
    return sum([await _tell(session, row, library, now) for row in await session.scalars(rows)])


async def _tell(session: AsyncSession, row: Reminder, library: Library, now: datetime) -> bool:
    line, chat = line_of(row), (row.channel, row.key)
    found, telling = dated(library, line, day_of(now)), Telling(library)
    early = found is not None and found.is_early(found.dates[0])
    if found is None or (found.lapsed(found.dates[0]) and not early):
        cause = f"{_cause(line)} over"
        text = telling.lapsed(found) if found else telling.gone(row.what)
        await session.delete(row)
        return await notices.queue(session, chat, cause, text, now, buttons=telling.to_list())
    one, before = found.dates[0], row.before
    times = _Times(one.day, before, library.reminding.hour)
    row.day, row.what, row.due_at = one.day, one.deadline.what, times.after(now)
    last = times.last(now)
    if last is None or early:
        return False
    cause = f"{_cause(line)} {one.day:%y%m%d} {last}"
    text, buttons = telling.told(found), (*telling.to_end(line), *telling.to_list())
    return await notices.queue(session, chat, cause, text, now, buttons=buttons)


async def recount(session: AsyncSession, library: Library, now: datetime) -> None:
    """Count all days anew, as the content has them; let go of what is over.

    What comes each year goes on to the next year. What the content has no more is told at once, and
    so is a corrected day of which it was to be told already.
    """
    rows = select(Reminder).order_by(Reminder.id).with_for_update()  # one erased meanwhile is none
    for row in await session.scalars(rows):
        if row.channel == TELEGRAM and row.due_at and row.due_at <= now:
            continue  # it is told first
        found = dated(library, line_of(row), day_of(now))
        if found is None and row.channel == TELEGRAM:
            row.due_at = now
            continue
        if found is None or not await _goes_on(session, row, found, now):
            await session.delete(row)


async def _goes_on(session: AsyncSession, row: Reminder, found: DueDates, now: datetime) -> bool:
    """Count a row anew; False where it is over, or another one has become the same."""
    one, before, today = found.dates[0], row.day, day_of(now)
    row.day, row.what = one.day, one.deadline.what
    if not await _counts_from(session, row, one.event):
        return False
    times = _Times(one.day, row.before, found.library.reminding.hour)
    if row.channel != TELEGRAM:
        row.due_at = times.first
        return one.day >= today
    if one.day != before and max(one.day, before) >= today and times.last(now) is not None:
        row.due_at = now
        return True
    if one.day < today:
        return await _comes_anew(session, row, found.library, now)
    row.due_at = times.after(now)
    return True


async def _comes_anew(
    session: AsyncSession, row: Reminder, library: Library, now: datetime
) -> bool:
    """Let a reminder go on to the next year, unless that was asked for already."""
    years = yearly(library, (row.name,), day_of(now))
    one = next((one for line, one in years if line.deadline == row.deadline), None)
    if one is None or not await _counts_from(session, row, one.event):
        return False
    row.day = one.day
    row.due_at = _Times(one.day, row.before, library.reminding.hour).after(now)
    return True


async def _counts_from(session: AsyncSession, row: Reminder, event: date) -> bool:
    """Let a reminder count from this day; False where its chat has one that does already."""
    line = DatedLine(row.name, row.deadline, event)
    if row.event == event:
        return True
    if await session.scalar(select(exists().where(*_is((row.channel, row.key), line)))):
        return False
    row.event = event
    return True


async def _count(session: AsyncSession, chat: Chat, but: DatedLine) -> int:
    mine = select(func.count()).select_from(Reminder).where(_of(chat))
    return await session.scalar(mine.where(~and_(*_is(chat, but)))) or 0


def _cause(line: DatedLine) -> str:
    """Return by what notices of a deadline begin; a row's number may be given anew."""
    return f"{_CAUSE} {sha256(line.written().encode()).hexdigest()[:_DIGITS]}"


def _named(chat: Chat, line: DatedLine) -> dict[str, object]:
    channel, key = chat
    return {"channel": channel, "key": key, **vars(line)}


def _of(chat: Chat) -> ColumnElement[bool]:
    channel, key = chat
    return and_(Reminder.channel == channel, Reminder.key == key)


def _is(chat: Chat, line: DatedLine) -> tuple[ColumnElement[bool], ...]:
    deadline = Reminder.name == line.name, Reminder.deadline == line.deadline
    return _of(chat), *deadline, Reminder.event == line.event
