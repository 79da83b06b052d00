"""The forms of all tools, as the content that is served has them.

The forms of `ocop` and `check` are made: behind the questions of their files come those of every
score sheet, of every check, of which the path has the chosen one's alone.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress

from services.errors import ToolError
from services.knowledge.library import Library
from services.knowledge.once import once
from services.knowledge.score_sheets import (
    PARTS,
    SHEETS,
    Criterion,
    Sheet,
    SheetRow,
    parse_sheet,
    shipped_sheet,
)
from services.knowledge.tool_forms import FormChoice, FormQuestion, Scalar, ToolForm
from services.tools.forms.check_questions import NAME, questions_of
from services.tools.forms.paper_questions import paper_forms
from services.tools.ocop import MANDATORY

PROCEDURE = "procedure"
"""The question by which it is chosen whose deadlines are counted."""
FROM = "from"
"""The question of the day from which they are."""
SHEET = "sheet"
"""The question by which a score sheet is chosen."""
NONE = "none"
"""The choice of whoever has reached no box of a criterion."""
_SHEETS = frozenset(f"{number:02}" for number in range(1, SHEETS + 1))


@once
def forms_of(library: Library) -> Mapping[str, ToolForm]:
    """Return all forms, by their tools' names."""
    rests = {"due": library.deadlines, "office": library.communes.communes}
    forms = {name: form for name, form in library.tools.items() if rests.get(name, form)}
    if (due := forms.get("due")) and (asked := due.question(PROCEDURE)):
        rounds = {name for name, found in library.deadlines.items() if found.yearly}
        dated = tuple(one.id for one in asked.choices if one.id not in rounds)
        known = {event_of(one) for one in dated}
        made = [one for one in _event_questions(library) if one.id in known]
        forms["due"] = _with(_asking_day_of(due, dated), made)
    if (check := forms.pop("check", None)) and (asked := check.question(NAME)):
        checks = [one.id for one in asked.choices if one.id in library.checks]
        made = [one for name in checks for one in questions_of(name, library.checks[name])]
        if checks:
            forms["check"] = _with(check, made)
    if (ocop := forms.get("ocop")) and (asked := ocop.question(SHEET)):
        chosen = [one.id for one in asked.choices if one.id in _SHEETS]
        sheets = [sheet_of(library, int(number)) for number in chosen]
        before = len(ocop.questions)
        made = [one for sheet in sheets for one in _questions(library, sheet, before)]
        forms["ocop"] = _with(ocop, made)
    return forms | {form.name: form for form in paper_forms(library)}


def _with(form: ToolForm, questions: list[FormQuestion]) -> ToolForm:
    """Return a form with more questions, all of it looked at again."""
    return ToolForm.model_validate({**dict(form), "questions": (*form.questions, *questions)})


def _asking_day_of(form: ToolForm, procedures: tuple[str, ...]) -> ToolForm:
    """Return the form of deadlines that asks a day only where one is counted from."""
    only = {"show_if": {PROCEDURE: procedures}}
    asked = [one.model_copy(update=only) if one.id == FROM else one for one in form.questions]
    return form.model_copy(update={"questions": tuple(asked)})


def form_of(library: Library, name: str) -> ToolForm:
    """Return the form of a tool.

    Raises:
        ToolError: no tool of that name has a form.

    """
    form = forms_of(library).get(name)
    if form is None:
        raise ToolError("tool_unknown", name=name, names=", ".join(forms_of(library)))
    return form


@once
def sheet_of(library: Library, number: int) -> Sheet:
    """Return a score sheet of a library; where it has none to read, that which came with the code.

    Raises:
        ToolError: there is no such sheet.

    """
    file = f"ocop/{number:02}.yml"
    with suppress(ToolError):  # a finding tells of it; what was served before is not like it either
        if text := library.texts.get(file):
            return parse_sheet(text, file)
    return shipped_sheet(number)


def event_of(procedure: str) -> str:
    """Return the id of a procedure's question."""
    return f"{procedure}.event"


def gate_of(sheet: Sheet) -> str:
    """Return the id of the question whether a file would be rejected whatever it scores."""
    return f"s{sheet.number:02}.gate"


def criterion_of(sheet: Sheet, criterion: Criterion) -> str:
    """Return the id of the question about a criterion."""
    return f"s{sheet.number:02}.{criterion.id}"


def box_of(row: SheetRow) -> str:
    """Return the id of the choice of a box."""
    return f"n{row.n}"


def _questions(library: Library, sheet: Sheet, before: int) -> Iterator[FormQuestion]:
    """Yield the questions of a sheet, in front of which so many others are asked."""
    say, outline = library.phrases.say, _outline(library, sheet, before)
    chosen: dict[str, Scalar | tuple[Scalar, ...]] = {SHEET: f"{sheet.number:02}"}
    if sheet.rejected:
        yield FormQuestion(
            id=gate_of(sheet),
            kind="yes_no",
            ask=say("form_ocop_gate"),
            help="\n\n".join((say("form_ocop_gate_help", when=sheet.rejected), outline)),
            name=say("form_ocop_gate_name"),
            show_if=chosen,
        )
        chosen = {**chosen, gate_of(sheet): False}
    for one in sheet.criteria:
        rows = [row for row in sheet.rows if row.criterion is one]
        boxes = tuple(FormChoice(id=box_of(row), label=_label(library, row)) for row in rows)
        needs = say("form_ocop_requires", what=one.requires) if one.requires else ""
        yield FormQuestion(
            id=criterion_of(sheet, one),
            kind="choice",
            ask=one.named,
            help="\n".join(filter(None, (needs, one.note))),
            section=say(
                "form_ocop_section",
                part=one.part.upper(),
                points=PARTS[one.part],
                name=one.section.capitalize(),
            ),
            choices=(*boxes, FormChoice(id=NONE, label=say("form_ocop_none"))),
            show_if=chosen,
            optional=True,
        )


def _outline(library: Library, sheet: Sheet, before: int) -> str:
    """Return which questions are of which part, and which hold a mandatory box."""
    numbered = list(enumerate(sheet.criteria, before + bool(sheet.rejected) + 1))
    of_part = {part: [n for n, one in numbered if one.part == part] for part in PARTS}
    starred = {
        stars: [n for n, one in numbered if any(box.stars == stars for box in one.boxes)]
        for stars in MANDATORY
    }
    parts = [
        {"part": part.upper(), "points": PARTS[part], "first": at[0], "last": at[-1]}
        for part, at in of_part.items()
    ]
    stars = [{"stars": stars, "at": at} for stars, at in starred.items() if at]
    return library.phrases.say("form_ocop_outline", parts=parts, stars=stars).strip()


def _label(library: Library, row: SheetRow) -> str:
    box = row.box
    return library.phrases.say(
        "form_ocop_box", text=box.text, points=box.points, stars=box.stars, case=box.case
    )


def _event_questions(library: Library) -> Iterator[FormQuestion]:
    """Yield for each procedure the question which of its days it is that was told."""
    for name, found in library.deadlines.items():
        each = any(one.each for one in found.deadlines)
        if len(found.events) + each > 1:
            yield FormQuestion(
                id=event_of(name),
                kind="choice",
                ask=library.phrases.say("form_due_event"),
                help=library.phrases.say("form_due_event_help", each=each),
                name=library.phrases.say("form_due_event_name"),
                choices=tuple(
                    FormChoice(id=one, label=event[:1].upper() + event[1:])
                    for one, event in found.events.items()
                ),
                show_if={PROCEDURE: name},
                optional=True,
            )
