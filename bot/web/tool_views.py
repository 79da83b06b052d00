"""The pages of the tools: a question, all answers, a result."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.responses import Response

from bot.web.render import Templates
from services.conversation.plain import capital
from services.conversation.rates import WORDS
from services.errors import ToolError, sentence
from services.knowledge.library import Library
from services.knowledge.tool_forms import FormChoice, FormQuestion, ToolForm
from services.storage.models import FormRun
from services.tools.forms import path, runs
from services.tools.forms.bounds import Value, choices_of
from services.tools.forms.values import YES_NO, as_posted, write_answer
from services.tools.result import ToolResult

_KEYBOARDS = {"number": "decimal", "months": "numeric"}
_TIMES = {time: capital(words) for time, words in WORDS.items()}


@dataclass(frozen=True)
class ReviewRow:
    """One answer as all are looked over."""

    question: FormQuestion
    told: str
    section: str
    """Its section, where one begins with it."""


def as_file(name: str, content: bytes, media_type: str) -> Response:
    """Return what a tool made as a file that browsers keep."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, headers=headers, media_type=media_type)


def question_page(  # noqa: PLR0913  # because each is another thing
    templates: Templates,
    form: ToolForm,
    run: FormRun,
    asked: FormQuestion,
    *,
    error: ToolError | None = None,
    typed: Sequence[str] | None = None,
) -> str:
    """Return the page of a question; what was typed stands in it, where it was no answer."""
    answers, steps = run.answers, path.path(form, run.answers)
    back = path.previous_question(form, answers, asked.id)
    stored = _typed_before(asked, answers.get(asked.id)) if asked.id in answers else []
    return templates.render(
        "tool_question.html",
        form=form,
        question=asked,
        choices=_choices(templates, asked, path.before(form, answers, asked.id)),
        values=stored if typed is None else list(typed),
        keyboard="text" if asked.yearly_from else _KEYBOARDS.get(asked.kind, "text"),
        times=_TIMES if error and error.code == "answer_rate_time" else {},
        at=steps.index(asked) + 1,
        count=path.count(form, answers),
        back=f"/tools/{form.name}/{back.id}" if back else f"/tools/{form.name}",
        version=run.version,
        saved=run.updated_at if run.version else None,
        done=path.next_question(form, answers) is None,
        fault=sentence(error) if error else "",
    )


def review_page(templates: Templates, library: Library, form: ToolForm, run: FormRun) -> str:
    """Return the page on which all answers are looked over."""
    counted, rows, section = path.kept(form, run.answers), [], ""
    for question in path.path(form, run.answers):
        told = write_answer(question, counted[question.id], library.phrases)
        opens = question.section if question.section != section else ""
        rows.append(ReviewRow(question, told, opens))
        section = question.section
    last = rows[-1].question.id
    return templates.render(
        "tool_review.html", form=form, rows=rows, back=f"/tools/{form.name}/{last}"
    )


def result_page(templates: Templates, form: ToolForm, run: FormRun, found: ToolResult) -> str:
    """Return the page of a result."""
    return templates.render(
        "tool_result.html",
        form=form,
        found=found,
        ended=run.ended_at,
        until=run.until,
        days=runs.kept_days(run, form),
        keep_days=runs.KEEP_DAYS,
    )


def _choices(
    templates: Templates, asked: FormQuestion, numbers: dict[str, Value]
) -> tuple[FormChoice, ...]:
    """Return what may be chosen, yes and no among it."""
    if asked.kind != "yes_no":
        return choices_of(asked, numbers)
    return tuple(
        FormChoice(id=name, label=templates.say("form_yes" if holds else "form_no"))
        for holds, name in YES_NO.items()
    )


def _typed_before(asked: FormQuestion, value: Value) -> list[str]:
    """Return a value as it would be posted, each choice by itself."""
    if isinstance(value, list):
        return value
    return [] if value is None else [as_posted(asked, value)]
