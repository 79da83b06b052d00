"""By when: the deadlines of a procedure, each with its clause; as a calendar file too.

The deadlines stand in `content/deadlines`, one file for each procedure of `content/procedures`, and
some for what is no procedure: the year of a cooperative, the calling of its general meeting. Each
says from which event it counts: whoever asks tells the day of that event.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from icalendar import Alarm, Calendar, Event

from services.conversation.days import write_day
from services.conversation.reply import Payload
from services.errors import ToolError
from services.knowledge.deadlines import Deadline
from services.knowledge.library import Library
from services.tools.working_days import WorkCalendar

_YEARS = range(1900, 2100)
"""In which days are counted: beyond them no day off is known."""
EVENT = "%Y%m%d"
"""How a day is written in a button or a link."""


@dataclass(frozen=True)
class Due:
    """A deadline with its day."""

    deadline: Deadline
    event: date
    """The day from which it was counted."""
    day: date
    moved: date | None
    """Where its last day is off, the working day to which it may move; counted back, before it."""
    expected: bool
    """Whether the day may still change, because days off near it are not decided yet."""
    after: Deadline | None = None
    """The deadline from whose day, at the latest, it was counted; None where from an event's."""


@dataclass(frozen=True)
class DatedLine:
    """By what a deadline that was counted from an event is known again, whatever becomes of it."""

    name: str
    """Of what it is a deadline: a file of `content/deadlines`."""
    deadline: str
    event: date

    @classmethod
    def of(cls, name: str, one: Due) -> "DatedLine":
        """Return by what a deadline of something is known."""
        return cls(name, one.deadline.id, one.event)

    @classmethod
    def read(cls, text: str, parted: str = ".") -> "DatedLine | None":
        """Read what `written` wrote; None for anything else."""
        if "\0" in text:
            return None  # PostgreSQL keeps no such text
        name, deadline, told = (*text.split(parted), "", "")[:3]
        event = read_event(told)
        read = cls(name, deadline, event) if event else None
        return read if read and read.written(parted) == text else None

    def written(self, parted: str = ".") -> str:
        """Write it for a button or a link."""
        return parted.join((self.name, self.deadline, f"{self.event:{EVENT}}"))


@dataclass(frozen=True)
class DueDates:
    """The deadlines of a procedure whose events have a day."""

    name: str
    dates: tuple[Due, ...]
    library: Library
    today: date

    @property
    def title(self) -> str:
        """What they are the deadlines of."""
        return title_of(self.name, self.library)

    @property
    def without_day(self) -> tuple[Deadline, ...]:
        """Those that count from a day which nobody told."""
        dated = {one.deadline.id for one in self.dates}
        whole = self.library.deadlines[self.name].deadlines
        return tuple(one for one in whole if one.id not in dated)

    def what(self, deadline: Deadline) -> str:
        """Return what has to be done, and how its day is counted."""
        return self.library.phrases.say("due_what", what=deadline.what, term=deadline.term)

    def clause(self, deadline: Deadline) -> str:
        """Return where a deadline is written, with the document."""
        return f"{deadline.clause}, {self.library.short_of(deadline.source)}"

    def note(self, one: Due) -> str:
        """Return what else is to be known of a day; empty where nothing is."""
        say, notes = self.library.phrases.say, []
        if one.deadline.opens and one.day <= self.today:
            notes.append(say("due_begun"))
        if one.deadline.office:
            notes.append(say("due_office"))
        if one.after:
            notes.append(say("due_after", what=one.after.what, day=write_day(one.event)))
        if self.lapsed(one):
            notes.append(say("due_lapsed", office=self.office))
        if one.moved:
            phrase = "due_moved" if one.moved > one.day else "due_earlier"
            notes.append(say(phrase, day=write_day(one.moved), office=self.office))
        if one.expected:
            notes.append(say("due_expected", year=one.day.year))
        if one.deadline.note:
            notes.append(say("due_note", note=one.deadline.note))
        return " ".join(notes)

    def is_past(self, one: Due) -> bool:
        """Say whether it is too late for a deadline."""
        return one.day < self.today and not one.deadline.opens

    def lapsed(self, one: Due) -> bool:
        """Say whether the document that a deadline rests on is in force no more, or not yet."""
        source = self.library.sources.get(one.deadline.source)
        return source is not None and not source.in_force(self.today)

    def is_early(self, one: Due) -> bool:
        """Say whether the document that a deadline rests on takes effect only later."""
        source = self.library.sources.get(one.deadline.source)
        return source is not None and source.is_coming(self.today)

    @property
    def coming(self) -> tuple[tuple[DatedLine, Due], ...]:
        """Those of which somebody can still be told: their day is to come, their document holds.

        What counts from the last day for another comes sooner where that is done sooner: once its
        own day is known, it can be told.
        """
        lines = ((DatedLine.of(self.name, one), one) for one in self.dates if one.after is None)
        return tuple(
            (line, one) for line, one in lines if one.day > self.today and not self.lapsed(one)
        )

    def as_json(self, start: date) -> dict[str, Any]:
        """Return the shape that `htx tool due --json` prints, in the order of the days.

        Scripts get what counts from another event too, as if that fell on `start`: `counts_from` is
        `other` then. People are told no day for it.
        """
        calendar = WorkCalendar(self.library.days_off)
        others = tuple(_counted(one, start, calendar) for one in self.without_day)
        dates = [
            {
                "what": self.what(one.deadline),
                "date": one.day.isoformat(),
                "clause": self.clause(one.deadline),
                "past": self.is_past(one),
                "note": self.note(one),
                "counts_from": "other" if one in others else "day",
            }
            for one in sorted((*self.dates, *others), key=lambda one: one.day)
        ]
        return {"dates": dates}

    def as_calendar(self, made: datetime, of: str = "", name: str = "") -> bytes:
        """Return an `.ics` file with a day for each deadline.

        A deadline has the same UID whenever it is made again for the same event, or `of` the same
        thing: a calendar moves it instead of showing it twice. `name` opens what is shown of each.
        """
        return calendar_of(self.in_calendar(made, of, name))

    def in_calendar(self, made: datetime, of: str = "", name: str = "") -> Iterator[Event]:
        """Yield each deadline as a calendar has it: what is to come rings when a chat is told."""
        for one in self.dates:
            event = Event()
            uid = f"{self.name}-{one.deadline.id}-{of or one.event.isoformat()}"
            event.add("uid", f"{uid}@tro-ly-htx")
            event.add("dtstamp", made)
            event.add("dtstart", one.day)
            event.add("summary", f"{name}: {one.deadline.what}" if name else one.deadline.what)
            told = (self.what(one.deadline), self.clause(one.deadline), self.note(one))
            event.add("description", ". ".join(told))
            event.add("transp", "TRANSPARENT")
            for ahead in self._ahead if one.day >= self.today else ():
                alarm = Alarm()
                alarm.add("action", "DISPLAY")
                alarm.add("description", one.deadline.what)
                alarm.add("trigger", ahead)
                event.add_component(alarm)
            yield event

    @property
    def _ahead(self) -> Iterator[timedelta]:
        """How far from the begin of its day a deadline is told where nobody picked a plan."""
        reminding = self.library.reminding
        return (timedelta(hours=reminding.hour, days=-days) for days in reminding.plans[0])

    @property
    def office(self) -> str:
        """The office to ask about them."""
        return self.library.name_of_office(self.library.deadlines[self.name].ask)


def calendar_of(events: Iterable[Event]) -> bytes:
    """Return deadlines as one calendar file."""
    calendar = Calendar()
    calendar.add("prodid", "-//Tro ly HTX//VI")
    calendar.add("version", "2.0")
    for event in events:
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def title_of(name: str, library: Library) -> str:
    """Return what deadlines are those of: their own title, or the procedure's."""
    procedure = library.procedures.get(name)
    return library.deadlines[name].title or (procedure.title if procedure else name)


def due_from(library: Library, name: str, event: str, start: date, today: date) -> DueDates:
    """Return the deadlines that count from one event's day, and those that come each year.

    What follows such a deadline is counted from the last day for it. The event is named by the
    first deadline that counts from it; where it is not known and there are several, only what comes
    each year has a day. They stand in the order of their days.

    Raises:
        ToolError: nothing of that name has deadlines, or the day lies where no calendar reaches.

    """
    found = library.deadlines.get(name)
    if found is None:
        raise ToolError("due_unknown", name=name, known=", ".join(library.deadlines))
    require_day(start)
    events, calendar, lines = found.events, WorkCalendar(library.days_off), dict[str, Due]()
    known = events.get(event or (next(iter(events)) if len(events) == 1 else ""))
    for one in found.deadlines:
        before = lines.get(one.after or "")
        if one.each or (known and one.event == known):
            begins = before.day if before else start
            lines[one.id] = _counted(one, _event(one, begins, calendar), calendar)
        elif before:
            counted = _counted(one, before.day, calendar)
            expected = counted.expected or before.expected
            lines[one.id] = replace(counted, after=before.deadline, expected=expected)
    dates = tuple(sorted(lines.values(), key=lambda one: one.day))
    return DueDates(name, dates, library, today)


def due_each(library: Library, name: str, starts: Mapping[str, date], today: date) -> DueDates:
    """Return the deadlines of a procedure that have a day to count from, by their ids.

    Raises:
        ToolError: a day lies where no calendar reaches.

    """
    for start in starts.values():
        require_day(start)
    found, calendar = library.deadlines.get(name), WorkCalendar(library.days_off)
    dated = _dated(found.deadlines if found else (), starts, calendar)
    return DueDates(name, tuple(dated), library, today)


def dated(library: Library, line: DatedLine, today: date) -> DueDates | None:
    """Return one deadline as counted from its event; None where the content has it no more.

    What comes each year counts from the day that the content has for it now, in the event's year.
    """
    deadline = _deadline(library, line)
    if deadline is None or line.event.year not in _YEARS:
        return None
    event = _each(deadline.each, line.event.year) if deadline.each else line.event
    counted = _counted(deadline, event, WorkCalendar(library.days_off))
    return DueDates(line.name, (counted,), library, today)


def is_yearly(library: Library, line: DatedLine) -> bool:
    """Say whether a deadline comes each year, by a day of the calendar."""
    deadline = _deadline(library, line)
    return deadline is not None and deadline.each is not None


def yearly(library: Library, names: Iterable[str], today: date) -> Iterator[tuple[DatedLine, Due]]:
    """Yield what is to be done each year by a day of the calendar, as it comes next."""
    for name in names:
        found = library.deadlines.get(name)
        starts = {one.id: today for one in (found.deadlines if found else ()) if one.each}
        dates = due_each(library, name, starts, today).dates
        yield from ((DatedLine.of(name, one), one) for one in dates)


def asking(name: str, start: date, event: str = "") -> Payload:
    """Return what the button carries that asks of which deadlines from a day one is to be told."""
    return Payload("e", ".".join(filter(None, (name, f"{start:{EVENT}}", event))))


def read_event(text: str) -> date | None:
    """Read a day as a button or a link has it; None for anything else."""
    try:
        return datetime.strptime(text, EVENT).date()  # noqa: DTZ007  # because a day has no zone
    except ValueError:
        return None


def require_day(day: date) -> None:
    """Raise `ToolError` where no calendar reaches a day."""
    if day.year not in _YEARS:
        raise ToolError("due_day", day=day.isoformat())


def _deadline(library: Library, line: DatedLine) -> Deadline | None:
    found = library.deadlines.get(line.name)
    return next(
        (one for one in (found.deadlines if found else ()) if one.id == line.deadline), None
    )


def _dated(
    deadlines: Iterable[Deadline], starts: Mapping[str, date], calendar: WorkCalendar
) -> Iterator[Due]:
    for one in (one for one in deadlines if one.id in starts):
        yield _counted(one, _event(one, starts[one.id], calendar), calendar)


def _counted(deadline: Deadline, event: date, calendar: WorkCalendar) -> Due:
    count, unit = deadline.length
    day, moved = calendar.end(event, count, unit), None
    if deadline.moves and calendar.is_off(day):
        moved = calendar.working_day(day, -1 if count < 0 else 1)
    return Due(deadline, event, day, moved, calendar.is_expected(event, day, unit))


def _event(deadline: Deadline, start: date, calendar: WorkCalendar) -> date:
    """Return the day from which is counted: of what comes each year, the first not yet over."""
    if deadline.each is None:
        return start
    events = (_each(deadline.each, year) for year in range(start.year - 1, start.year + 3))
    return next(one for one in events if calendar.end(one, *deadline.length) >= start)


def _each(day_of_year: str, year: int) -> date:
    return date(year, *map(int, day_of_year.split("-")))
