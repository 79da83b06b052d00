"""`htx tool check`: what a rule asks, what is missing, in the terminal."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.terminal import AsOf, Json, read_json, read_told_day, result, result_json, result_titles
from services.clock import day_of, utc_now
from services.errors import ToolError
from services.knowledge.check_rules import Check
from services.knowledge.library import Library
from services.knowledge.loader import read_content
from services.settings import load_settings
from services.tools.checks import (
    CheckResult,
    check_of,
    questions_as_json,
    require_answers,
    require_in_force,
    verdict,
)


def check(
    name: Annotated[str, typer.Argument(help="Tên bảng kiểm; bỏ trống thì liệt kê")] = "",
    *,
    answers: Annotated[Path | None, typer.Option(help="Tệp JSON: mã câu và câu trả lời")] = None,
    questions: Annotated[bool, typer.Option("--questions", help="In các câu phải hỏi")] = False,
    as_of: AsOf = "",
    as_object: Json = False,
) -> None:
    """Kiểm điều kiện theo bảng quy tắc: đạt, chưa đạt hay phải hỏi, mỗi lý do kèm điều khoản."""
    library = read_content(load_settings().content_dir)
    if not name:
        titles = {name: found.form.title for name, found in library.checks.items()}
        result_titles(titles, as_object=as_object)
        return
    found = check_of(library, name)
    if questions or answers is None:
        _tell(questions_as_json(found), _asked(found), as_object=as_object)
        return
    require_in_force(found, library, read_told_day(as_of, day_of(utc_now())))
    came = verdict(found, require_answers(found, _read(answers)))
    _tell(came.as_json(library), _came(came, library), as_object=as_object)


def _tell(value: Any, lines: list[str], *, as_object: bool) -> None:
    if as_object:
        result_json(value)
        return
    for line in lines:
        result(line)


def _asked(found: Check) -> list[str]:
    lines = [found.form.title]
    for one in found.form.questions:
        choices = "; ".join(f"{choice.id} = {choice.label}" for choice in one.choices)
        lines.append(f"  {one.id} ({one.kind}): {one.ask}{f' {choices}' if choices else ''}")
    return lines


def _came(came: CheckResult, library: Library) -> list[str]:
    say = library.phrases.say
    lines = [f"{came.check.form.title} {came.words}"]
    for rule in came.reasons:
        source = library.short_of(rule.source)
        told = say("check_reason", text=rule.text, clause=rule.clause, source=source)
        lines.append(f"  - {told}")
    lines += [say("check_missing", ask=one.ask) for one in came.missing]
    lines += [say("check_fix", fix=fix) for fix in came.fixes]
    return [*lines, say("check_only")]


def _read(path: Path) -> Mapping[str, Any]:
    """Read answers.

    Raises:
        ToolError: the file can't be read, or holds no answers by their questions' ids.

    """
    read = read_json(path, "check_file")
    if not isinstance(read, dict):
        raise ToolError("check_file", file=path)
    return read
