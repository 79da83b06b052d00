"""What the answers of a form come to."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from services.errors import ToolError
from services.knowledge.place_names import Communes
from services.settings import ROOT
from services.tools.forms.bounds import Value
from services.tools.forms.catalogue import box_of, criterion_of, form_of, gate_of, sheet_of
from services.tools.forms.path import next_question
from services.tools.result import ResultTable, Sources, ToolResult
from services.tools.results import RESULTS, result_of, tools_of
from tests.conftest import NOON
from tests.doubles.content import read_content
from tests.services.tools.test_ocop import best

LIBRARY = read_content(ROOT / "content")
LOAN: dict[str, Value] = {
    "amount": 300_000_000,
    "months": 36,
    "rate": 6,
    "method": "principal",
    "every": "month",
    "grace": 0,
    "own": 60_000_000,
    "late": "none",
}
CHANGED: dict[str, Value] = {"procedure": "dang-ky-thay-doi", "from": "2026-12-03"}
SHEET = sheet_of(LIBRARY, 9)
FULL: dict[str, Value] = {"product": None, "sheet": "09", gate_of(SHEET): False}
FULL |= {
    criterion_of(SHEET, row.criterion): box_of(row)
    for row in SHEET.rows
    if row.n in set(best(SHEET))
}


def worked_out(name: str, answers: dict[str, Value], **last: Value) -> ToolResult:
    """Return what answers come to."""
    return result_of(answers, Sources(LIBRARY, form_of(LIBRARY, name), NOON, last))


def told(found: ToolResult) -> str:
    """Return all its words."""
    return found.as_markdown()


def test_every_tool_with_a_result_has_a_form() -> None:
    """And is listed."""
    assert tools_of(LIBRARY) == tuple(RESULTS)


def test_a_loan_is_told_with_its_figures() -> None:
    """The last instalment takes the rest; the table and the picture have every one."""
    found = worked_out("loan", LOAN)

    assert "tổng lãi 27.750.000 đồng, tổng phải trả 327.750.000 đồng" in found.lead
    assert "Kỳ đầu trả 9.833.333 đồng, kỳ cuối trả 8.375.012 đồng." in told(found)
    assert found.table is not None
    assert found.chart is not None
    assert found.table.rows[-1] == ("36", "8.333.345", "41.667", "8.375.012", "0")
    assert len(found.chart.columns) == 36
    assert found.csv.count("\n") == 37


def test_many_instalments_are_pictured_by_years() -> None:
    """A phone shows no sixty columns."""
    found = worked_out("loan", {**LOAN, "months": 60})

    assert found.chart is not None
    assert [label for label, _ in found.chart.columns] == ["1", "2", "3", "4", "5"]
    assert sum(sum(values) for _, values in found.chart.columns) == 345_750_000


@pytest.mark.parametrize(
    ("own", "sentence"),
    [
        (75_000_000, "bằng 20%"),
        (75_000_000, "thì phần này đủ mức ít nhất 20%"),
        (74_999_999, "thêm 1 đồng vốn của mình"),
        (60_000_000, "thêm 15.000.000 đồng vốn của mình"),
    ],
)
def test_own_capital_is_held_against_what_the_fund_asks(own: int, sentence: str) -> None:
    """A fifth of all capital of the plan, to the đồng."""
    assert sentence in told(worked_out("loan", {**LOAN, "own": own}))


def test_paying_late_adds_what_the_contract_says() -> None:
    """Three months on the first principal, at the overdue rate; the largest is told as well."""
    late: dict[str, Value] = {**LOAN, "late": "m3", "overdue_rate": 9}
    found = told(worked_out("loan", late))

    assert "Kỳ 1 có gốc 8.333.333 đồng; trả trễ 3 tháng thì thêm 187.500 đồng" in found
    assert "Kỳ 36 có gốc 8.333.345 đồng" in found
    with pytest.raises(ToolError):
        worked_out("loan", {**late, "overdue_rate": 9.1})


def test_all_boxes_are_five_stars() -> None:
    """Nothing is missing, and each box asks for its evidence."""
    found = worked_out("ocop", FULL)

    assert "100 điểm, hạng 5 sao" in found.lead
    assert "Đã đủ điểm và ô bắt buộc của hạng 5 sao" in told(found)
    proofs = [one.lines for one in found.sections if one.heading.startswith("Minh chứng phần")]
    assert len(proofs) == 3
    assert sum(map(len, proofs)) == len(SHEET.criteria)
    assert all(one.text in told(found).replace("\\", "") for lines in proofs for one in lines)
    assert "\n- 7\\. Tính độc đáo" in told(found)


def test_a_missing_mandatory_box_is_told_with_the_way_up() -> None:
    """By points it would be more stars; the box comes before points."""
    one = next(one for one in SHEET.criteria if one.needs(3))
    found = told(worked_out("ocop", {**FULL, criterion_of(SHEET, one): "none"}))

    assert "nhưng thiếu ô bắt buộc nên còn 2 sao" in found
    assert f"Cho 3 sao – {one.named}" in found
    assert "Cách gần nhất để lên 3 sao" in found
    assert "3 sao cần 50 điểm" in found
    assert "còn 1 mức bắt buộc chưa đạt. Đổi 1 chỗ dưới đây là đủ" in found
    assert "chưa rõ" not in found


def test_of_a_long_way_up_the_first_steps_are_told() -> None:
    """What else there is stands in the table that comes along."""
    kept = {"product", "sheet", gate_of(SHEET)}
    found = worked_out("ocop", {key: FULL[key] if key in kept else None for key in FULL})
    [way] = [one for one in found.sections if one.rest]

    assert len(way.first) == 6  # what is missing, and five changes
    assert f"còn {len(way.rest)} dòng nữa" in told(found)
    assert found.table is not None
    assert sum(bool(row[4]) for row in found.table.rows) == len(way.lines) - 1


def test_what_is_unsure_is_told_as_a_range() -> None:
    """A criterion left out counts nought, and might give all."""
    one = SHEET.criteria[0]
    found = told(worked_out("ocop", {**FULL, criterion_of(SHEET, one): None}))

    assert "Còn 1 tiêu chí chưa rõ, đang tính 0 điểm" in found
    assert "tổng tới 100 điểm" in found


def test_the_last_time_is_compared_where_it_was_the_same_sheet() -> None:
    """Of another sheet nothing is told."""
    one = SHEET.criteria[0]
    before: dict[str, Any] = {**FULL, criterion_of(SHEET, one): "none"}

    assert "lần này +" in told(worked_out("ocop", FULL, **before))
    assert "Lần trước" not in told(worked_out("ocop", FULL, sheet="10"))
    assert "Lần trước" not in told(worked_out("ocop", FULL))


def test_what_is_not_answered_comes_to_nothing() -> None:
    """Nothing is worked out of half a form."""
    with pytest.raises(ToolError):
        worked_out("loan", {"amount": 300_000_000})


def test_no_cell_is_a_formula() -> None:
    """A spreadsheet that opens the file works nothing out."""
    table = ResultTable("T", ("a",), (("=1+1",), ("ba",)))

    assert ToolResult("", table=table).csv == "a\r\n'=1+1\r\nba\r\n"


@pytest.mark.parametrize("name", LIBRARY.checks)
def test_golden_cases_come_to_the_same_through_the_form(name: str) -> None:
    """All checks stand in one form, each with its own questions; what is not answered is asked."""
    check, golden = LIBRARY.checks[name], LIBRARY.golden[name]
    form = form_of(LIBRARY, "check")
    for case in golden.cases:
        answers: dict[str, Value] = {"name": name}
        answers |= {f"{name}.{one}": value for one, value in golden.answers(case).items()}
        while question := next_question(form, answers):
            answers[question.id] = None
        words = {"yes": check.says.if_yes, "no": check.says.if_no, "ask": check.says.if_ask}
        assert worked_out("check", answers).lead == words[case.verdict], case


def test_a_share_that_is_too_small_is_told_with_what_is_missing() -> None:
    """How much the person has, and how much more it takes."""
    answers: dict[str, Value] = {"name": "fund-loan"}
    answers |= {"fund-loan.von-chu-so-huu": 200_000_000, "fund-loan.tong-von": 1_200_000_000}
    while question := next_question(form_of(LIBRARY, "check"), answers):
        first = question.choices[0].id if question.choices else None
        answers[question.id] = first if question.id != "fund-loan.no-xau" else None

    text = told(worked_out("check", answers))

    assert "được 16,7% (200 triệu đồng trên 1,2 tỷ đồng), ít nhất phải 20%" in text
    assert "còn thiếu 40 triệu đồng" in text


def test_a_check_tells_reasons_with_their_clauses() -> None:
    """And what it is not."""
    form, answers = form_of(LIBRARY, "check"), {"name": "fund-loan"}
    told_answers: dict[str, Value] = dict(answers)
    while question := next_question(form, told_answers):
        told_answers[question.id] = None
    found = told(worked_out("check", told_answers))

    assert "Còn phải biết" in found
    assert "45/2021" in found
    assert "không phải quyết định của cơ quan nào" in found


def test_deadlines_are_told_with_clauses_and_what_may_move() -> None:
    """One section a day, the last day beside the next that is worked."""
    text = told(worked_out("due", {**CHANGED, "dang-ky-thay-doi.event": "nop-ho-so"}))

    assert "13/12/2026: Nộp hồ sơ đăng ký thay đổi" in text
    assert "Điều 47 khoản 1 điểm a" in text
    assert "14/12/2026" in text


def test_what_counts_from_another_day_has_no_date() -> None:
    """It is told how long and from which day; nor is it taken into the calendar."""
    found = worked_out("due", {**CHANGED, "dang-ky-thay-doi.event": "nop-ho-so"})
    unknown = told(worked_out("due", {**CHANGED, "dang-ky-thay-doi.event": None}))
    yearly = told(worked_out("due", {"procedure": "nam"}))

    assert "Nộp lại hồ sơ được yêu cầu sửa đổi, bổ sung: 60 ngày kể từ" in told(found)
    assert found.calendar.count(b"BEGIN:VEVENT") == 2
    assert "13/12/2026" not in unknown
    assert "15/12/2026: Cập nhật thông tin" in yearly
    assert "kiểm toán báo cáo tài chính: tối thiểu 02 năm một lần" in yearly


def test_what_is_over_is_said_to_be_over() -> None:
    """And the first day stands first."""
    answers: dict[str, Value] = {"procedure": "dai-hoi", "from": "2026-11-25"}
    text = told(worked_out("due", {**answers, "dai-hoi.event": "moi-hop"}))

    assert "22/11/2026: Gửi thông báo triệu tập đến từng thành viên (đã qua)" in text
    assert text.index("22/11/2026") < text.index("23/11/2026") < text.index("25/12/2026")
    assert "14/1/2027: Họp lần thứ ba khi lần thứ hai không đủ người" in text
    assert "Tính từ ngày muộn nhất của việc “Họp lần thứ hai khi lần thứ nhất" in text


def test_a_result_goes_by_the_day_that_it_is_given() -> None:
    """Not by the machine's clock: before its law was in force a check refuses, a deadline warns."""
    before = datetime(2024, 6, 1, tzinfo=UTC)
    due = Sources(LIBRARY, form_of(LIBRARY, "due"), before)
    check = Sources(LIBRARY, form_of(LIBRARY, "check"), before)

    found = result_of(
        {"procedure": "giai-the", "from": "2026-11-30", "giai-the.event": "dang-tai"}, due
    )
    assert "không còn hiệu lực" in told(found)
    assert b"DTSTAMP:20240601" in found.calendar
    with pytest.raises(ToolError, match="Luật Hợp tác xã"):
        result_of({"name": "re-registration", "re-registration.lap-truoc": False}, check)


def test_an_office_is_told_with_what_it_was_and_what_to_ask() -> None:
    """Of each that the name may mean; an old district beside, where it was one."""
    one, two = (told(worked_out("office", {"text": text})) for text in ("Cẩm Thanh", "Phước Ninh"))

    assert "Ủy ban nhân dân phường Hội An Đông" in one
    assert "Trước tháng 7/2025: Phường Cẩm Châu (thành phố Hội An)" in one
    assert "một trong 2 nơi" in two
    assert "huyện Thăng Bình trước 7/2025 nay chia thành" in told(
        worked_out("office", {"text": "Thăng Bình"})
    )
    assert "Không thấy" in told(worked_out("office", {"text": "Hà Nội"}))


def test_a_tool_whose_content_is_not_there_is_not_offered() -> None:
    """Content of an earlier release has neither deadlines nor communes."""
    older = replace(LIBRARY, deadlines={}, communes=Communes())

    assert not {"due", "office"} & set(tools_of(older))
