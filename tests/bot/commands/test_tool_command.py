"""`htx tool`: what scripts read of it, and what it refuses."""

import json
from pathlib import Path

import pytest

from services.knowledge.score_sheets import read_sheet
from services.settings import ROOT
from tests.doubles.commands import Run
from tests.services.tools.test_ocop import best

SHEET = read_sheet(ROOT / "content", 1)


@pytest.fixture
def content() -> Path:
    """Return the content that the product comes with: the sheets are in it."""
    return ROOT / "content"


def test_a_sheet_is_told_row_by_row(run: Run) -> None:
    """Each box with its number, part, criterion, points and stars."""
    told = json.loads(run("tool", "ocop", "1", "--rows", "--json").stdout)

    assert (told["sheet"], told["title"], len(told["rows"])) == (1, SHEET.title, len(SHEET.rows))
    assert told["rows"][0] == {
        "n": 1,
        "part": "a",
        "criterion": "1.1. Nguồn gốc sản phẩm",
        "text": SHEET.rows[0].box.text,
        "points": 1,
        "stars": 0,
    }


def test_boxes_are_scored(run: Run, tmp_path: Path) -> None:
    """By the numbers of the rows."""
    file = tmp_path / "chosen.json"
    file.write_text(json.dumps(best(SHEET)), encoding="utf-8")

    told = json.loads(run("tool", "ocop", "1", "--answers", str(file), "--json").stdout)

    assert told["parts"] == {"a": 40, "b": 25, "c": 35}
    assert (told["total"], told["stars"], told["missing"], told["next"]) == (100, 5, [], [])


@pytest.mark.parametrize("written", ["{}", '["1"]', "[1.5]", "[true]", "x", "[" * 20_000])
def test_what_is_no_list_of_boxes_is_refused(run: Run, tmp_path: Path, written: str) -> None:
    """With what the file must be."""
    file = tmp_path / "chosen.json"
    file.write_text(written, encoding="utf-8")

    refused = run("tool", "ocop", "1", "--answers", str(file))
    missing = run("tool", "ocop", "1", "--answers", str(tmp_path / "none.json"))

    assert "danh sách JSON" in str(refused.exception)
    assert "không có tệp" in str(missing.exception)


def test_a_loan_is_told_in_whole_dong(run: Run) -> None:
    """For scripts; a comma in the rate is read as people write it."""
    words = ("--amount", "300000000", "--months", "36", "--rate", "6,0", "--method", "principal")
    told = json.loads(run("tool", "loan", *words, "--json").stdout)

    assert told["rows"][0] == {
        "n": 1,
        "principal": 8_333_333,
        "interest": 1_500_000,
        "left": 291_666_667,
    }
    assert told["paid"] == 300_000_000 + told["interest"]


@pytest.mark.parametrize("rate", ["nan", "inf", "1e999999999", "-1", "1/0", "sáu"])
def test_what_is_no_rate_is_refused(run: Run, rate: str) -> None:
    """At once, with the rates there are."""
    words = ("--amount", "300000000", "--months", "36", f"--rate={rate}")

    assert "từ 0 đến 100" in str(run("tool", "loan", *words).exception)


def test_a_loan_beyond_all_bounds_is_refused(run: Run) -> None:
    """With the most that is reckoned."""
    words = ("--amount", "9" * 30, "--months", "36", "--rate", "6")

    assert "10.000.000.000.000 đồng" in str(run("tool", "loan", *words).exception)


def test_a_form_is_filled_line_by_line(run: Run) -> None:
    """Back by one sign; what is no answer is asked again; the result is printed."""
    lines = ["300", "300 triệu", "<", "200tr", "24", "6", "1", "1", "0", "", "1"]

    told = run("tool", "fill", "loan", typed="\n".join(lines) + "\n")

    assert "Số tiền vay: 200 triệu đồng" in told.stdout
    assert "tổng lãi 12.500.000 đồng" in told.stdout
    assert "Ghi rõ 300 nghìn" in told.stderr


def test_a_form_that_is_not_filled_to_the_end_says_so(run: Run) -> None:
    """Nothing is worked out of half a form."""
    refused = run("tool", "fill", "loan", typed="300 triệu\n")

    assert "cần trả lời" in str(refused.exception)
