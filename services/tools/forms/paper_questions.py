"""A paper as a form: each of its fields is a question that may be left out, a list is rows.

So it is filled in like any tool, question by question or at once, and kept as its runs are. Its
form has the paper's name behind a prefix.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from services.knowledge.library import Library
from services.knowledge.papers import MOST_CHARS, Kind, PaperField, PaperSpec
from services.knowledge.tool_forms import (
    Bounds,
    FormChoice,
    FormQuestion,
    QuestionKind,
    ToolForm,
)
from services.tools.forms.bounds import Answers, Value
from services.tools.forms.values import cells_of

PREFIX = "paper-"
KEEP_DAYS = 30
"""What papers tell of people goes sooner than what is reckoned with."""
_UNITS: Mapping[Kind, str] = {"percent": "%", "money": "đồng"}


def paper_forms(library: Library) -> Iterator[ToolForm]:
    """Yield the form of each paper."""
    for name, spec in library.papers.items():
        try:
            form = _form(name, spec, library)
        except ValidationError:  # a finding tells of it; the paper can be had blank
            continue
        yield form


def _form(name: str, spec: PaperSpec, library: Library) -> ToolForm:
    return ToolForm(
        name=form_name(name),
        title=spec.title,
        intro=spec.purpose,
        begin=spec.title,
        early=library.phrases.say("form_chat_make"),
        questions=tuple(_question(spec, field, library) for field in spec.fields),
        keep_days=KEEP_DAYS,
    )


def form_name(paper: str) -> str:
    """Return the name of a paper's form."""
    return f"{PREFIX}{paper}"


def paper_name(form: str) -> str:
    """Return the paper that a form fills in; empty where it fills in none."""
    return form.removeprefix(PREFIX) if form.startswith(PREFIX) else ""


def given_by(form: ToolForm, answers: Answers) -> dict[str, Any]:
    """Return what answers tell, as a paper takes it."""
    return {
        one.id: _given(one, answers[one.id])
        for one in form.questions
        if answers.get(one.id) is not None
    }


def clauses_of(spec: PaperSpec, field: PaperField, library: Library) -> list[str]:
    """Return where the law asks for a field, each place once, with the document."""
    asking = dict.fromkeys((one.clause, one.source) for one in spec.asking(field))
    return [f"{clause}, {library.short_of(source)}" for clause, source in asking]


def _given(question: FormQuestion, value: Value) -> Any:
    if question.kind != "rows" or not isinstance(value, list):
        return value
    return [cells_of(question, row) for row in value]


def _question(spec: PaperSpec, field: PaperField, library: Library) -> FormQuestion:
    clauses = "; ".join(clauses_of(spec, field, library))
    law = library.phrases.say("page_paper_law", clauses=clauses) if clauses else ""
    columns = tuple(_of_field(column, column.help or "") for column in field.columns)
    return _of_field(field, "\n".join(filter(None, (field.help, law))), columns)


def _of_field(field: PaperField, told: str, columns: tuple[FormQuestion, ...] = ()) -> FormQuestion:
    return FormQuestion(
        id=field.id,
        kind=_KINDS[field.kind],
        ask=field.label,
        help=told,
        choices=tuple(
            FormChoice(id=one.id, label=one.text, help=one.help or "") for one in field.choices
        ),
        columns=columns,
        example=field.example,
        bounds=Bounds(most=MOST_CHARS.get(field.kind)),
        unit=_UNITS.get(field.kind, ""),
        optional=True,
        personal=field.personal,
    )


_KINDS: Mapping[Kind, QuestionKind] = {
    "text": "text",
    "long": "long",
    "number": "number",
    "money": "money",
    "percent": "number",
    "date": "date",
    "yes_no": "yes_no",
    "choice": "choice",
    "list": "rows",
}
