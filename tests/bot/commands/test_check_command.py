"""`htx tool check`: what scripts read of it, and what it refuses."""

import json
from pathlib import Path

import pytest

from services.settings import ROOT
from tests.doubles.commands import Run


@pytest.fixture
def content() -> Path:
    """Return the content that the product comes with: the checks are in it."""
    return ROOT / "content"


def test_a_check_is_told_with_its_reasons(run: Run, tmp_path: Path) -> None:
    """Each with text, document and clause; for people with what to do."""
    file = tmp_path / "answers.json"
    file.write_text('{"loai": "to-hop-tac", "co-giay": false}', encoding="utf-8")
    words = ("tool", "check", "support", "--answers", str(file))
    told, shown = json.loads(run(*words, "--json").stdout), run(*words).stdout

    assert told["verdict"] == "no"
    assert told["reasons"][0]["clause"] == "Điều 18 khoản 2 điểm a"
    assert told["reasons"][0]["source"].startswith("Luật Hợp tác xã")
    assert "Việc cần làm" in shown
    assert "không phải quyết định" in shown


def test_a_day_may_be_told_to_go_by(run: Run, tmp_path: Path) -> None:
    """What rests on the day is as it was, or will be, on another."""
    file = tmp_path / "answers.json"
    file.write_text("{}", encoding="utf-8")
    words = ("tool", "check", "member", "--answers", str(file), "--as-of")
    due = run("tool", "due", "giai-the", "--as-of", "1/6/2024", "--json").stdout

    assert "không còn hiệu lực" in str(run(*words, "1/6/2024").exception)
    assert run(*words, "30/11/2026").exit_code == 0
    assert "mai" in str(run(*words, "mai").exception)
    assert "không còn hiệu lực" in json.loads(due)["dates"][0]["note"]


def test_checks_and_their_questions_are_listed(run: Run) -> None:
    """For who does not know their names, or what they need."""
    names = {one["name"] for one in json.loads(run("tool", "check", "--json").stdout)}
    asked = json.loads(run("tool", "check", "member", "--questions", "--json").stdout)

    assert "fund-loan" in names
    assert asked["questions"][0]["id"] == "loai"
    assert "tuoi (number)" in run("tool", "check", "member").stdout
    assert "check" in {one["name"] for one in json.loads(run("tool", "list", "--json").stdout)}


@pytest.mark.parametrize(
    "written",
    [
        "[]",
        "x",
        '{"tuoi": "già"}',
        '{"khong-co": 1}',
        '{"tuoi": NaN}',
        '{"tuoi": 1e400}',
        "[" * 20_000,
    ],
)
def test_what_is_no_answers_is_refused(run: Run, tmp_path: Path, written: str) -> None:
    """With what the file must be, or the question that is wrong."""
    file = tmp_path / "answers.json"
    file.write_text(written, encoding="utf-8")
    refused = str(run("tool", "check", "member", "--answers", str(file)).exception)

    assert "bảng JSON" in refused or "Câu “tuoi”" in refused or "“khong-co”" in refused


def test_an_unknown_check_is_refused(run: Run) -> None:
    """With the names there are."""
    assert "fund-loan" in str(run("tool", "check", "vay").exception)
