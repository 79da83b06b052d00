"""A form's path: the same from whatever order of answering, with no dead end and no lost answer."""

import os
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from services.errors import ToolError
from services.knowledge.tool_forms import FormQuestion, ToolForm
from services.settings import ROOT
from services.tools.forms.bounds import Value, choices_of, require
from services.tools.forms.catalogue import forms_of
from services.tools.forms.path import (
    before,
    can_visit,
    count,
    kept,
    next_question,
    path,
    previous_question,
)
from tests.doubles.content import read_content

FORMS = dict(forms_of(read_content(ROOT / "content")))
_PAPERS = {name for name in FORMS if name.startswith("paper-")}
_WALKED = "paper-bien-ban-dai-hoi"
FORMS = {name: form for name, form in FORMS.items() if name not in _PAPERS - {_WALKED}}
"""Of the papers one with every kind of question: the others have no other path."""
_SHEETS = {"09", "26"}
FORMS["ocop"] = FORMS["ocop"].model_copy(
    update={
        "questions": tuple(
            one for one in FORMS["ocop"].questions if one.show_if.get("sheet", "09") in _SHEETS
        )
    }
)
"""With two of its sheets: the others are walked in the same way, and twelve times as long."""
WALKS = int(os.environ.get("TOOL_CASES", "1000")) // 5
STEPS = st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), max_size=30)
NUMBERS = (1, 0, 3, 12, 6, 24, 36, 25, 300_000_000)
LOAN: dict[str, Value] = {"amount": 300_000_000, "months": 24, "rate": 6, "method": "annuity"}
LOAN |= {"every": "quarter", "grace": 3, "own": None, "late": "none"}


def small(**bounds: object) -> ToolForm:
    """Return a form of three questions, the last one asked where the first says yes."""
    asked = [
        {"id": "has", "kind": "yes_no", "ask": "Có không?"},
        {"id": "months", "kind": "months", "ask": "Mấy tháng?"},
        {"id": "why", "kind": "text", "ask": "Vì sao?", "show_if": {"has": True}},
    ]
    return ToolForm.model_validate(
        {"title": "T", "intro": "I", "begin": "B", "questions": asked, **bounds}
    )


def candidates(question: FormQuestion, numbers: Mapping[str, Value]) -> list[Value]:
    """Return values that may be answers, at least one of which should be."""
    if question.kind == "choice":
        return [one.id for one in choices_of(question, numbers)]
    fixed: dict[str, list[Value]] = {"yes_no": [True, False], "text": ["mắm cá"]}
    fixed |= {"date": ["2026-03-05", "2027-12-31"], "place": ["Tam Kỳ"]}
    fixed |= {"long": ["một\nhai"], "rows": [["Bầu Hội đồng; ; 60"], []]}
    return fixed.get(question.kind, list(NUMBERS))


def fits(question: FormQuestion, value: Value, numbers: Mapping[str, Value]) -> bool:
    """Say whether a value is an answer."""
    try:
        require(question, value, numbers)
    except ToolError:
        return False
    return True


def fitting(form: ToolForm, answers: Mapping[str, Value], question: FormQuestion) -> list[Value]:
    """Return the values that a question takes after these answers; there is one at least."""
    numbers = before(form, answers, question.id)
    found = [one for one in candidates(question, numbers) if fits(question, one, numbers)]
    assert found, f"dead end: {question.id} after {answers}"
    return [*found, None] if question.optional else found


def walked(form: ToolForm, steps: list[tuple[int, int]]) -> dict[str, Value]:
    """Return the answers after a walk: each step answers what comes next or changes an answer."""
    answers: dict[str, Value] = {}
    for where, which in steps:
        first, counted = next_question(form, answers), kept(form, answers)
        open_now = [one for one in path(form, answers) if one.id in counted or one == first]
        question = first if first and where % 3 else open_now[where % len(open_now)]
        values = fitting(form, answers, question)
        answers[question.id] = values[which % len(values)]
    return answers


@pytest.mark.parametrize("name", FORMS)
@settings(max_examples=WALKS, deadline=None)
@given(steps=STEPS)
def test_whatever_the_order_the_path_is_as_answered_afresh(
    name: str, steps: list[tuple[int, int]]
) -> None:
    """What counts reads nothing off the path; answered anew from the start it is the same."""
    form = FORMS[name]
    answers = walked(form, steps)
    counted = kept(form, answers)

    assert path(form, counted) == path(form, answers)
    assert kept(form, counted) == counted
    most = count(form, answers)
    assert most is None or most >= len(path(form, answers))
    assert next_question(form, answers) or most == len(counted)
    afresh: dict[str, Value] = {}
    while (question := next_question(form, afresh)) and question.id in counted:
        afresh[question.id] = counted[question.id]
    first = next_question(form, answers)
    assert question == first
    assert first is not None or afresh == counted


@pytest.mark.parametrize("name", FORMS)
@settings(max_examples=WALKS // 5, deadline=None)
@given(steps=STEPS, which=st.integers(0, 99))
def test_no_walk_ends_in_a_dead_end(name: str, steps: list[tuple[int, int]], which: int) -> None:
    """From wherever somebody stands, each question takes some answer, and there is an end."""
    form = FORMS[name]
    answers = walked(form, steps)
    most = len(form.questions)
    while question := next_question(form, answers):
        values = fitting(form, answers, question)
        answers[question.id] = values[which % len(values)]
        most -= 1
        assert most >= 0

    assert set(kept(form, answers)) == {one.id for one in path(form, answers)}


def test_what_is_off_the_path_is_read_by_nobody_and_comes_back() -> None:
    """An answer that does not apply any more is kept; changing back brings it back."""
    form = small()
    answers: dict[str, Value] = {"has": True, "months": 3, "why": "vốn"}

    assert kept(form, {**answers, "has": False}) == {"has": False, "months": 3}
    assert kept(form, answers)["why"] == "vốn"


def test_a_question_that_depends_on_nothing_known_is_not_asked() -> None:
    """What is known beforehand is kept; what comes first is asked first."""
    form = small()
    known: dict[str, Value] = {"months": 3, "why": "vốn"}

    assert [one.id for one in path(form, known)] == ["has", "months"]
    assert next_question(form, known) == form.question("has")
    assert can_visit(form, known, "months")
    assert not can_visit(form, known, "why")
    assert not can_visit(form, {}, "months")


def test_what_a_change_makes_impossible_is_asked_anew() -> None:
    """Of 24 months to 25 no quarter is left, and whatever rests on it is looked at again."""
    form = FORMS["loan"]

    assert next_question(form, LOAN) is None
    assert next_question(form, {**LOAN, "months": 25}) == form.question("every")
    assert next_question(form, {**LOAN, "every": "half"}) == form.question("grace")


def test_the_way_back_is_the_path() -> None:
    """The question before is the one before on the path, whatever was asked in between."""
    form = FORMS["loan"]
    back = previous_question(form, LOAN, "late")

    assert back == form.question("own")
    assert previous_question(form, LOAN, "amount") is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "has", "kind": "text", "ask": "?"},
        {"id": "review", "kind": "text", "ask": "?"},
        {"id": "x", "kind": "choice", "ask": "?"},
        {"id": "x", "kind": "text", "ask": "?", "show_if": {"later": True}},
        {"id": "x", "kind": "months", "ask": "?", "bounds": {"below": "later"}},
    ],
)
def test_a_form_that_could_not_be_walked_is_refused(wrong: dict[str, object]) -> None:
    """An id twice or kept for addresses, no choices, a look at what comes later."""
    questions = [*(dict(one) for one in small().questions), wrong]

    with pytest.raises(ValidationError):
        small(questions=questions)
