"""Checks: their golden cases, what is not known, what is refused."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from services.errors import ToolError
from services.knowledge.check_rules import Check, every, opposite, some
from services.knowledge.library import Library
from services.settings import ROOT
from services.tools.checks import (
    check_of,
    failing,
    questions_as_json,
    require_answers,
    require_in_force,
    verdict,
)
from services.tools.findings import tool_faults

CHECKS = sorted(path.stem for path in (ROOT / "content/checks").glob("*.yml"))
NAMES = {
    "fund-loan",
    "support",
    "group-registration",
    "audit",
    "size",
    "member",
    "director",
    "inspector",
    "board",
    "ocop-entry",
    "re-registration",
}


def came(whole: Library, name: str, answers: dict[str, Any]) -> tuple[str, list[str], list[str]]:
    """Return the verdict on some answers, the rules that made it, and what is missing."""
    check = check_of(whole, name)
    told = verdict(check, require_answers(check, answers))
    return told.verdict, [one.id for one in told.reasons], [one.id for one in told.missing]


def test_the_checks_are_there() -> None:
    """Those that cooperatives ask for."""
    assert set(CHECKS) == NAMES


@pytest.mark.parametrize("name", CHECKS)
def test_golden_cases_come_out(whole: Library, name: str) -> None:
    """As they were written by hand from the law."""
    assert list(failing(whole.checks[name], whole.golden[name])) == []


@pytest.mark.parametrize("name", CHECKS)
def test_each_rule_has_a_case_that_needs_it(whole: Library, name: str) -> None:
    """Without any one rule a golden case comes out otherwise."""
    check = whole.checks[name]

    for rule in check.rules:
        assert any(failing(check.without(rule.id), whole.golden[name])), rule.id


@pytest.mark.parametrize("name", CHECKS)
def test_less_known_is_never_decided_otherwise(whole: Library, name: str) -> None:
    """Without any one answer the verdict is the same, or to ask: never a no for a yes."""
    check, golden = whole.checks[name], whole.golden[name]

    for case in golden.cases:
        answers = golden.answers(case)
        for lost in answers:
            rest = {key: value for key, value in answers.items() if key != lost}
            told = verdict(check, require_answers(check, rest)).verdict
            assert told in {case.verdict, "ask"}, (answers, lost)


@pytest.mark.parametrize("name", CHECKS)
def test_nothing_known_is_asked(whole: Library, name: str) -> None:
    """With what to answer first, and no refusal."""
    told, reasons, missing = came(whole, name, {})

    assert told == "ask"
    assert reasons
    assert missing


def test_own_capital_is_compared_to_the_dong(whole: Library) -> None:
    """A fifth of the plan is enough, a đồng less is not, and what to do is told."""
    enough = {**whole.golden["fund-loan"].base, "von-chu-so-huu": 20, "tong-von": 100}
    short = enough | {"von-chu-so-huu": 19}
    check = check_of(whole, "fund-loan")
    told = verdict(check, require_answers(check, short)).as_json(whole)

    assert came(whole, "fund-loan", enough)[0] == "yes"
    assert told["verdict"] == "no"
    assert told["reasons"][0] | {"text": "", "fix": ""} == {
        "text": "",
        "source": "Nghị định 45/2021/NĐ-CP",
        "clause": "Điều 22 khoản 5",
        "rule": "von-chu-so-huu",
        "fix": "",
    }
    assert "20%" in told["reasons"][0]["fix"]


def test_what_nobody_knows_is_asked_for(whole: Library) -> None:
    """`Chưa rõ` is no answer; the question is named again."""
    base = dict(whole.golden["fund-loan"].base)

    assert came(whole, "fund-loan", base | {"bao-dam": "chua-ro"}) == (
        "ask",
        ["bao-dam"],
        ["bao-dam"],
    )


def test_who_founded_under_the_new_law_has_nothing_to_do(whole: Library) -> None:
    """The rule on former cooperatives is none of theirs: they go on, and nothing more is asked."""
    assert came(whole, "re-registration", {"lap-truoc": False}) == ("yes", ["lap-sau"], [])


def test_a_rule_that_does_not_apply_is_no_reason(whole: Library) -> None:
    """Of a yes only what was looked at is told."""
    verdict_, reasons, _ = came(whole, "fund-loan", dict(whole.golden["fund-loan"].base))

    assert verdict_ == "yes"
    assert "tuoi" not in reasons


def test_answers_off_the_path_do_not_count(whole: Library) -> None:
    """An age is not asked of a cooperative, whatever was typed before."""
    base = dict(whole.golden["fund-loan"].base)

    assert came(whole, "fund-loan", base | {"tuoi": 12})[0] == "yes"


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ({"tuoi": "mười tám"}, "tuoi"),
        ({"nguoi-vay": "nguoi-la"}, "nguoi-vay"),
        ({"no-xau": 1}, "no-xau"),
        ({"tong-von": -5}, "tong-von"),
        ({"tong-von": True}, "tong-von"),
        ({"nothing": 1}, "nothing"),
    ],
)
def test_what_is_no_answer_is_refused(whole: Library, answers: dict[str, Any], told: str) -> None:
    """With the question of which it is none."""
    with pytest.raises(ToolError, match=told):
        came(whole, "fund-loan", answers)


def test_an_unknown_check_is_refused_with_those_there_are(whole: Library) -> None:
    """By their names."""
    with pytest.raises(ToolError, match="fund-loan"):
        check_of(whole, "vay")


def test_questions_are_told_to_machines(whole: Library) -> None:
    """What each is called, of what kind, what may be chosen, and when it applies."""
    told = questions_as_json(check_of(whole, "fund-loan"))
    by = {one["id"]: one for one in told["questions"]}

    assert by["tuoi"]["kind"] == "number"
    assert by["tuoi"]["show_if"] == {"nguoi-vay": ["ca-nhan"]}
    assert by["nguoi-vay"]["choices"]["htx"] == "Hợp tác xã"


def test_a_check_on_a_law_that_is_over_refuses(whole: Library) -> None:
    """With the name of the law, instead of a verdict by what is no longer so."""
    law = whole.sources["nd-45-2021"].model_copy(update={"in_force_to": date(2026, 11, 29)})
    library = replace(whole, sources={**whole.sources, "nd-45-2021": law})
    check = check_of(library, "fund-loan")

    require_in_force(check, library, date(2026, 11, 29))
    with pytest.raises(ToolError, match="45/2021"):
        require_in_force(check, library, date(2026, 11, 30))


def test_truths_are_put_together_as_kleene_does() -> None:
    """A no settles all of many, a yes one of many; else what is not known stays so."""
    assert (every([True, None, False]), every([True, None]), every([])) == (False, None, True)
    assert (some([None, True, False]), some([False, None]), some([])) == (True, None, False)
    assert (opposite(None), opposite(True)) == (None, False)


@pytest.mark.parametrize(
    "changed",
    [
        {"test": None},
        {"test": {"answer": "lap-truoc"}},
        {"test": {"answer": "lap-truoc", "equals": True, "at_least": 2}},
        {"test": {"answer": "lost", "equals": True}},
        {"kind": "ask"},
        {"kind": "any_of"},
        {"group": "one"},
        {"clause": ""},
        {"id": "dieu-le"},
    ],
)
def test_rules_that_can_not_be_meant_are_refused(whole: Library, changed: dict[str, Any]) -> None:
    """When they are read, so that content staff see it at the line."""
    written = whole.checks["re-registration"].model_dump(exclude_unset=True)
    *rest, last = written["rules"]

    with pytest.raises(ValidationError):
        Check.model_validate({**written, "rules": [*rest, {**last, **changed}]})


def test_what_checks_lack_is_found(whole: Library) -> None:
    """No cases, a case that comes out otherwise, a rule without one, a clause that is none."""
    check = whole.checks["audit"]
    first, *rest = check.rules
    wrong = check.model_copy(
        update={"rules": (first.model_copy(update={"clause": "Điều 900"}), *rest)}
    )
    golden = whole.golden["audit"]
    few = golden.model_copy(update={"cases": golden.cases[1:2]})
    other = golden.model_copy(
        update={"cases": (golden.cases[0].model_copy(update={"verdict": "yes"}),)}
    )

    def found(library: Library) -> list[str]:
        return [f"{one.file} {one.field}" for one in tool_faults(library)]

    only = replace(whole, deadlines={}, checks={"audit": wrong}, golden={"audit": golden})
    assert found(only) == ["checks/audit.yml clause"]
    assert found(replace(only, checks={"audit": check}, golden={})) == ["checks/cases/audit.yml -"]
    for cases in (few, other):
        lacking = replace(only, checks={"audit": check}, golden={"audit": cases})
        assert set(found(lacking)) == {"checks/cases/audit.yml cases"}
