"""`htx tool fill`: a tool's form in the terminal, one question after another; nothing is kept."""

import sys
from datetime import date
from typing import Annotated

import typer
from rich.table import Column, Table

from bot.terminal import progress, result, result_table, with_tables
from services.clock import day_of, utc_now
from services.errors import ToolError
from services.knowledge.loader import read_content
from services.knowledge.tool_forms import FormQuestion, ToolForm
from services.people.places import name_of_place
from services.settings import load_settings
from services.tools.forms import path
from services.tools.forms.bounds import Value, choices_of
from services.tools.forms.catalogue import form_of
from services.tools.forms.values import Typed, read_answer, write_answer
from services.tools.result import Sources, ToolResult
from services.tools.results import result_of

_BACK, _HELP = "<", "?"


def fill(name: Annotated[str, typer.Argument(help="Tên công cụ, như loan, ocop")]) -> None:
    """Hỏi từng câu của một công cụ rồi in kết quả; không lưu lại gì."""
    library = read_content(load_settings().content_dir)
    form = form_of(library, name)
    progress(library.phrases.say("fill_how"))
    now = utc_now()
    answers = _answered(form, day_of(now))
    for question in path.path(form, answers):
        told = write_answer(question, answers[question.id], library.phrases)
        result(f"{question.named}: {told}")
    _print(result_of(answers, Sources(library, form, now)))


def _answered(form: ToolForm, today: date) -> dict[str, Value]:
    """Ask until all that applies is answered.

    Raises:
        ToolError: the input ended before that.

    """
    answers: dict[str, Value] = {}
    by = Typed(today, name_of_place)
    while question := path.next_question(form, answers):
        numbers = path.before(form, answers, question.id)
        _ask(question, numbers)
        match sys.stdin.readline():
            case "":
                raise ToolError("answer_missing")
            case line if line.strip() == _BACK:
                before = path.previous_question(form, answers, question.id)
                answers.pop(before.id if before else "", None)
            case line if line.strip() == _HELP:
                progress(question.help)
            case line:
                try:
                    answers[question.id] = read_answer(question, line, numbers, by)
                except ToolError as error:
                    progress(str(error))
    return answers


def _ask(question: FormQuestion, numbers: dict[str, Value]) -> None:
    progress(f"\n{question.ask}")
    for at, one in enumerate(choices_of(question, numbers), 1):
        progress(f"  {at}. {one.label}")


def _print(found: ToolResult) -> None:
    result("")
    if found.table:
        right = [
            Column(name, justify="right" if at in found.table.figures else "left")
            for at, name in enumerate(found.table.head)
        ]
        table = Table(*right)
        for row in found.table.rows:
            table.add_row(*row)
        result_table(table)
    result(with_tables(found.as_markdown()))
