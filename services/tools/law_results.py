"""What the forms of deadlines and offices come to, in the shape that all faces show."""

from collections.abc import Iterator
from datetime import date

from services.clock import day_of
from services.conversation.days import write_day
from services.knowledge.place_names import Commune
from services.tools.due import Due, DueDates, asking, due_from
from services.tools.forms.bounds import Answers
from services.tools.forms.catalogue import FROM, PROCEDURE, event_of
from services.tools.office import OfficeSearch, office
from services.tools.result import ResultLine, ResultSection, Sources, ToolResult

TEXT = "text"
"""The question that is read."""


def due_result(answers: Answers, sources: Sources) -> ToolResult:
    """Return the deadlines of a procedure, each with its clause and what else is to be known.

    Raises:
        ToolError: nothing of that name has deadlines any more.

    """
    name, today = str(answers[PROCEDURE]), day_of(sources.now)
    begins = answers.get(FROM)
    start = date.fromisoformat(begins) if isinstance(begins, str) else today
    event = answers.get(event_of(name))
    known = event if isinstance(event, str) else ""
    found = due_from(sources.library, name, known, start, today)
    events = (one.deadline.event for one in found.dates if one.after is None)
    told = next(filter(None, events), None)
    lead = sources.say(
        "form_due_lead", title=found.title, event=told, day=write_day(start) if begins else ""
    )
    sections = (*(_deadline(one, found, sources) for one in found.dates), *_open(found, sources))
    made = found.as_calendar(sources.now) if found.dates else b""
    return ToolResult(
        lead,
        sections,
        notice=sources.say("due_counting"),
        calendar=made,
        days=found,
        remind=str(asking(name, start, known)) if found.coming else "",
    )


def _open(found: DueDates, sources: Sources) -> Iterator[ResultSection]:
    """Yield what counts from other days: how long, and from which, but no day."""
    lines = tuple(
        ResultLine(
            sources.say("form_due_open_line", what=one.what, term=one.term),
            f"({found.clause(one)})",
        )
        for one in found.without_day
    )
    if lines:
        yield ResultSection(sources.say("form_due_open"), lines)


def _deadline(one: Due, found: DueDates, sources: Sources) -> ResultSection:
    past = found.is_past(one)
    heading = sources.say("form_due_day", day=write_day(one.day), what=one.deadline.what, past=past)
    note = found.note(one)
    lines = (ResultLine(one.deadline.term, f"({found.clause(one.deadline)})"),)
    return ResultSection(heading, (*lines, ResultLine(note)) if note else lines)


def office_result(answers: Answers, sources: Sources) -> ToolResult:
    """Return the offices of what a text names, and what to ask before the trip."""
    found = office(sources.library, str(answers[TEXT]))
    if not found.found:
        return ToolResult(sources.say("office_none", text=found.text))
    lead = sources.say("form_office_lead", text=found.text, count=len(found.found))
    sections = (*(_office(one, found, sources) for one in found.found), *_beside(found, sources))
    return ToolResult(lead, sections, notice=sources.say("office_takes"))


def _office(one: Commune, found: OfficeSearch, sources: Sources) -> ResultSection:
    was = sources.say("form_office_was", names=one.old_names)
    told = (found.office(one), found.contact(one), was)
    return ResultSection(one.name, tuple(map(ResultLine, told)))


def _beside(found: OfficeSearch, sources: Sources) -> Iterator[ResultSection]:
    """Yield the old district of that name, and what to ask on the phone."""
    if found.district and found.within != found.found:
        names = [one.name for one in found.within]
        told = sources.say("office_district", district=found.district, names=names)
        yield ResultSection(sources.say("form_office_district"), (ResultLine(told),))
    yield ResultSection(sources.say("form_office_asks"), tuple(map(ResultLine, found.asks)))
