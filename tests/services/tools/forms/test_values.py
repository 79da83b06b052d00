"""Answers as people type them, read as values; values told in words."""

from datetime import date

import pytest

from services.errors import ToolError, sentence
from services.knowledge.beginnings import ToolValue
from services.knowledge.tool_forms import FormQuestion, QuestionKind
from services.settings import ROOT
from services.tools.forms.bounds import Value
from services.tools.forms.catalogue import form_of
from services.tools.forms.values import (
    Typed,
    as_typed,
    read_answer,
    read_values,
    write_answer,
)
from tests.doubles.content import read_content

LIBRARY = read_content(ROOT / "content")
LOAN = form_of(LIBRARY, "loan")
BY = Typed(date(2026, 11, 30), place=lambda named: "Xã Đại Lộc" if "loc" in named else None)
BEFORE: dict[str, Value] = {"months": 24, "every": 3, "rate": 6}


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("number", "mười hai người", 12),
        ("number", "hai mươi lăm", 25),
        ("number", "6,5", 6.5),
        ("number", "6.5 %", 6.5),
        ("number", "1.200", 1200),
        ("money", "1,2 tỷ", 1_200_000_000),
        ("money", "500tr", 500_000_000),
        ("money", "300.000.000 đồng", 300_000_000),
        ("money", "12345678", 12_345_678),
        ("months", "24", 24),
        ("months", "hai năm rưỡi", 30),
        ("months", "không", 0),
        ("date", "tháng 3 tới", "2027-03-01"),
        ("date", "5/3/2027", "2027-03-05"),
        ("date", "hôm nay", "2026-11-30"),
        ("date", "ngày 31 tháng 12", "2026-12-31"),
        ("yes_no", "dạ có", True),
        ("yes_no", "chưa ạ", False),
        ("text", "  mắm\0 cá  cơm ", "mắm cá cơm"),
        ("place", "dai loc", "Xã Đại Lộc"),
        ("place", "nơi khác", "nơi khác"),
    ],
)
def test_answers_are_read_as_people_type_them(kind: QuestionKind, typed: str, value: Value) -> None:
    """In digits and words, with units and without."""
    question = FormQuestion(id="x", kind=kind, ask="?")

    assert read_answer(question, typed, {}, BY) == value


@pytest.mark.parametrize(
    ("kind", "typed", "code"),
    [
        ("number", "nhiều", "answer_number"),
        ("money", "300", "answer_money_unit"),
        ("money", "nhiều lắm", "answer_money"),
        ("months", "ba ngày", "answer_months"),
        ("date", "30/2/2027", "answer_date"),
        ("yes_no", "cũng được hay không", "answer_yes_no"),
        ("text", "  ", "answer_missing"),
        ("text", "x" * 301, "answer_long"),
    ],
)
def test_what_is_no_answer_is_refused_by_code(kind: QuestionKind, typed: str, code: str) -> None:
    """Each error says what would be one."""
    question = FormQuestion(id="x", kind=kind, ask="?")

    with pytest.raises(ToolError) as refused:
        read_answer(question, typed, {}, BY)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("method", "annuity", "annuity"),
        ("method", "1", "principal"),
        ("method", "gốc chia đều", "principal"),
        ("every", "quý", "quarter"),
        ("every", "2", "quarter"),
        ("late", "trễ 3 tháng", "m3"),
        ("grace", "6 tháng", 6),
        ("own", "", None),
    ],
)
def test_choices_are_meant_by_id_place_or_words(name: str, typed: str, value: Value) -> None:
    """A number is the place in the list as it is shown."""
    question = LOAN.question(name)
    assert question is not None

    assert read_answer(question, typed, BEFORE, BY) == value


@pytest.mark.parametrize(
    ("name", "typed", "code"),
    [
        ("every", "năm nào cũng được", "answer_choice"),
        ("grace", "24", "answer_below"),
        ("grace", "4", "answer_step"),
        ("overdue_rate", "9,1", "answer_most"),
        ("amount", "", "answer_missing"),
    ],
)
def test_bounds_are_those_of_the_answers_before(name: str, typed: str, code: str) -> None:
    """The overdue rate is at most one and a half times the rate that was told."""
    question = LOAN.question(name)
    assert question is not None

    with pytest.raises(ToolError) as refused:
        read_answer(question, typed, BEFORE, BY)
    assert refused.value.code == code


def test_several_are_chosen_in_the_order_of_the_form() -> None:
    """By words or places, typed or posted; none is an answer too."""
    choices = [{"id": "a", "label": "Đất"}, {"id": "b", "label": "Máy"}, {"id": "c", "label": "Xe"}]
    question = FormQuestion.model_validate(
        {"id": "x", "kind": "many", "ask": "?", "choices": choices}
    )

    assert read_answer(question, "máy, 1", {}, BY) == ["a", "b"]
    assert read_answer(question, ["c", "a"], {}, BY) == ["a", "c"]
    assert read_answer(question, "không", {}, BY) == []


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("amount", 1_200_000_000, "1,2 tỷ đồng"),
        ("months", 24, "24 tháng"),
        ("rate", 6.5, "6,5%"),
        ("method", "principal", "Gốc chia đều, lãi tính trên số còn nợ"),
        ("own", None, "Bỏ qua"),
    ],
)
def test_values_are_told_in_words(name: str, value: Value, words: str) -> None:
    """As they stand where answers are looked over."""
    question = LOAN.question(name)
    assert question is not None

    assert write_answer(question, value, LIBRARY.phrases) == words


def test_what_a_message_told_is_filled_in() -> None:
    """Figures as they are, a sheet by its number; what is no answer is asked for later."""
    told: dict[str, ToolValue] = {
        "amount": 300_000_000,
        "months": 24,
        "rate": 1.125,
        "every": "tuần",
        "other": 1,
    }
    ocop = form_of(LIBRARY, "ocop")

    assert read_values(LOAN, told, BY) == {"amount": 300_000_000, "months": 24, "rate": 1.125}
    assert read_values(ocop, {"sheet": 9}, BY) == {"sheet": "09"}


@pytest.mark.parametrize("typed", ["0,7%/tháng", "0.7% thang", "0,7 phần trăm một tháng"])
def test_a_rate_of_a_month_counts_for_a_year(typed: str) -> None:
    """It is asked by the year; people and their funds speak by the month."""
    question = LOAN.question("rate")
    assert question is not None

    assert read_answer(question, typed, {}, BY) == 8.4
    assert read_answer(question, "8,4%/năm", {}, BY) == 8.4


@pytest.mark.parametrize("typed", ["0,8", "1", "2,9 %", "lãi 1%"])
def test_a_bare_rate_that_may_be_a_months_is_asked(typed: str) -> None:
    """As in a sentence; one that is told with its time, or is surely a year's, is not."""
    question = LOAN.question("rate")
    assert question is not None

    with pytest.raises(ToolError) as refused:
        read_answer(question, typed, {}, BY)

    assert refused.value.code == "answer_rate_time"
    assert "một tháng" in sentence(refused.value)
    assert read_answer(question, f"{typed} một tháng", {}, BY) != 0
    assert read_answer(question, f"{typed} một năm", {}, BY) != 0
    assert read_answer(question, "0", {}, BY) == 0
    assert read_answer(question, "3", {}, BY) == 3


@pytest.mark.parametrize(
    ("typed", "rate"),
    [
        ("1 phân", 12),
        ("3 phân rưỡi", 42),
        ("phân rưỡi", 18),
        ("lãi 1 phân 2", 14.4),
        ("một phân hai", 14.4),
        ("một phân mốt", 13.2),
        ("0,8 phân một tháng", 9.6),
        ("2 phan", 24),
        ("12 phân một năm", 12),
    ],
)
def test_phan_is_a_hundredth_a_month(typed: str, rate: float) -> None:
    """As lenders among neighbours say it."""
    question = LOAN.question("rate")
    assert question is not None

    assert read_answer(question, typed, {}, BY) == rate


@pytest.mark.parametrize(
    ("typed", "sum_"),
    [
        ("40 củ", 40_000_000),
        ("vay 40 cu thoi", 40_000_000),
        ("hai củ rưỡi", 2_500_000),
        ("1,5 củ", 1_500_000),
        ("bốn mươi củ", 40_000_000),
    ],
)
def test_people_count_millions_in_tubers(typed: str, sum_: int) -> None:
    """As they say it among themselves."""
    question = FormQuestion(id="x", kind="money", ask="?")

    assert read_answer(question, typed, {}, BY) == sum_


def test_a_low_rate_of_a_year_is_typed_with_its_time() -> None:
    """So that it is the same when it is looked over and saved again."""
    question = LOAN.question("rate")
    assert question is not None

    assert as_typed(question, 0.8) == "0,8% một năm"
    assert as_typed(question, 8) == "8"
