"""A dossier as it is shown: papers, steps and dates of its procedure, with what is marked of them.

What can be marked is the content's, by its ids: what the content does not have any more is not
shown, and its mark is kept.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.clock import day_of
from services.conversation.days import write_day
from services.conversation.plain import capital, plain_markdown
from services.dossiers import dossiers
from services.knowledge.deadlines import Deadline
from services.knowledge.library import Library
from services.knowledge.schema import DAY, PAPER, STEP
from services.storage.models import Dossier
from services.tools.due import DatedLine, Due, DueDates, due_each

KEEP_DAYS = (90, 365, 730)
"""For how many days more people may have a dossier kept."""


@dataclass(frozen=True)
class DossierItem:
    """A paper or a step."""

    id: str
    """As it is marked; empty where the content has no id for it."""
    text: str
    """Markdown."""
    note: str
    marked: date | None

    @property
    def sign(self) -> str:
        """A box, ticked or not."""
        return "☑" if self.marked else "☐"

    @property
    def plain(self) -> str:
        """It in plain words, with its note."""
        text = plain_markdown(self.text)
        return f"{text} ({self.note})" if self.note else text


@dataclass(frozen=True)
class DossierDate:
    """A deadline, with its day where it is known from which it counts."""

    id: str
    deadline: Deadline
    clause: str
    start: date | None
    due: Due | None
    note: str

    past: bool
    """Whether its day is over."""
    asked_as: DatedLine | None
    """By what a reminder of it is asked for; None where nothing is left to remind of."""

    @property
    def event(self) -> str:
        """The day from which it counts, as people name it; empty where it comes each year."""
        return capital(self.deadline.event or "")

    @property
    def day(self) -> str:
        """By when; empty where that is not known."""
        return write_day(self.due.day) if self.due else ""


@dataclass(frozen=True)
class DossierView:
    """A dossier beside its procedure."""

    dossier: Dossier
    library: Library
    papers: tuple[DossierItem, ...]
    steps: tuple[DossierItem, ...]
    dates: tuple[DossierDate, ...]
    counted: DueDates
    now: datetime

    @property
    def title(self) -> str:
        """The procedure's; its id where it is gone."""
        return title_of(self.dossier, self.library)

    @property
    def name(self) -> str:
        """The procedure, and the cooperative where it was told."""
        return name_of(self.dossier, self.library)

    @property
    def kept(self) -> str:
        """When it was begun, and how long it is kept."""
        until = write_day(day_of(self.dossier.until))
        began = write_day(self.dossier.began)
        return self.library.phrases.say("dossier_began", began=began, until=until)

    @property
    def shared_until(self) -> str:
        """The last day of the link by which others look at it; empty where there is none."""
        return self._open_until(self.dossier.shown_until)

    @property
    def offered_until(self) -> str:
        """The last day of the link by which another takes it; empty where there is none."""
        return self._open_until(self.dossier.given_until)

    def _open_until(self, until: datetime | None) -> str:
        return write_day(day_of(until)) if until and until > self.now else ""

    @property
    def place(self) -> str:
        """Where it is handed in; whom to ask where that is not known, empty where it is gone."""
        procedure = self.library.procedures.get(self.dossier.procedure)
        if procedure is None:
            return ""
        ask = self.library.name_of_office(procedure.ask)
        return self.library.phrases.say("procedure_place", value=procedure.place, ask=ask)

    @property
    def is_gone(self) -> bool:
        """Whether the content has its procedure no more."""
        return self.dossier.procedure not in self.library.procedures

    @property
    def progress(self) -> str:
        """How many papers are in hand and how many steps done."""
        return self.library.phrases.say(
            "dossier_progress",
            papers=sum(one.marked is not None for one in self.papers),
            of_papers=len(self.papers),
            steps=sum(one.marked is not None for one in self.steps),
            of_steps=len(self.steps),
        )

    def as_calendar(self, made: datetime) -> bytes:
        """Return its dates as an `.ics` file; nothing where it has none."""
        if not self.counted.dates:
            return b""
        named = self.dossier.cooperative or self.title
        return self.counted.as_calendar(made, of=f"dossier-{self.dossier.id}", name=named)


async def view_of(
    session: AsyncSession, dossier: Dossier, library: Library, now: datetime
) -> DossierView:
    """Return a dossier as it stands now."""
    today = day_of(now)
    marks = await dossiers.marks_of(session, dossier)
    procedure = library.procedures.get(dossier.procedure)
    found = library.deadlines.get(dossier.procedure)
    deadlines = found.deadlines if found else ()
    starts = {one.id: marks[DAY + one.id] for one in deadlines if DAY + one.id in marks}
    yearly = {one.id: today for one in deadlines if one.each}
    counted = due_each(library, dossier.procedure, starts | yearly, today)
    papers = procedure.papers if procedure else ()
    steps = procedure.steps if procedure else ()
    return DossierView(
        dossier,
        library,
        tuple(_item(PAPER, one.id, one.name, one.note, marks) for one in papers),
        tuple(_item(STEP, one.id, one.says, None, marks) for one in steps),
        tuple(_dates(deadlines, counted, starts, library)),
        counted,
        now,
    )


def title_of(dossier: Dossier, library: Library) -> str:
    """Return the title of a dossier's procedure; its id where the content has it no more."""
    procedure = library.procedures.get(dossier.procedure)
    return procedure.title if procedure else dossier.procedure


def name_of(dossier: Dossier, library: Library) -> str:
    """Return how a dossier is called."""
    title, cooperative = title_of(dossier, library), dossier.cooperative
    return library.phrases.say("dossier_name", title=title, cooperative=cooperative)


def _item(
    kind: str, name: str | None, text: str, note: str | None, marks: Mapping[str, date]
) -> DossierItem:
    item = kind + name if name else ""
    return DossierItem(item, text, note or "", marks.get(item))


def _noted(deadline: Deadline, library: Library) -> str:
    return library.phrases.say("due_note", note=deadline.note) if deadline.note else ""


def _dates(
    deadlines: tuple[Deadline, ...], counted: DueDates, starts: Mapping[str, date], library: Library
) -> Iterator[DossierDate]:
    known = {one.deadline.id: one for one in counted.dates}
    coming = {one.deadline.id: line for line, one in counted.coming}
    for one in deadlines:
        dated, clause = known.get(one.id), counted.clause(one)
        note = counted.note(dated) if dated else _noted(one, library)
        item = "" if one.each else DAY + one.id
        start, line = starts.get(one.id), coming.get(one.id)
        past = dated is not None and counted.is_past(dated)
        yield DossierDate(item, one, clause, start, dated, note, past, line)
