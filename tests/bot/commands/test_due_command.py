"""`htx tool due` and `htx tool office`: what scripts read of them, and what they refuse."""

import json
from pathlib import Path

import pytest

from services.settings import ROOT
from tests.doubles.commands import Run


@pytest.fixture
def content() -> Path:
    """Return the content that the product comes with: the deadlines are in it."""
    return ROOT / "content"


def test_deadlines_are_told_with_their_clauses(run: Run, tmp_path: Path) -> None:
    """Days as a machine writes them; with a file for a calendar beside, where it is asked for."""
    file = tmp_path / "han.ics"
    words = ("dang-ky-thay-doi", "--from", "30/11/2026", "--ics", str(file))
    told = json.loads(run("tool", "due", *words, "--json").stdout)["dates"]

    assert (told[0]["date"], told[1]["date"]) == ("2026-12-10", "2026-12-15")
    assert "muộn nhất" in told[1]["note"]
    assert told[0]["what"].startswith("Nộp hồ sơ đăng ký thay đổi")
    assert told[0]["clause"].startswith("Điều 47 khoản 1")
    assert b"DTSTART;VALUE=DATE:20261210" in file.read_bytes()


def test_deadlines_are_told_to_people(run: Run) -> None:
    """In a table, with what they are of."""
    told = run("tool", "due", "nam", "--from", "2026-11-30").stdout

    assert "Việc trong năm" in told
    assert "15/12/2026" in told
    assert "28/2/2027" not in told


def test_what_has_deadlines_is_listed(run: Run) -> None:
    """The sixteen procedures and the year, for who does not know their names."""
    told = json.loads(run("tool", "due", "--json").stdout)

    assert {"dang-ky-thanh-lap", "nam"} <= {one["name"] for one in told}
    assert "giai-the: Giải thể hợp tác xã" in run("tool", "due").stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("lap-htx",), "dang-ky-thanh-lap"),
        (("nam", "--from", "31/2/2026"), "31/2/2026"),
        (("giai-the", "--event", "ngay-nao"), "gui-nghi-quyet"),
        (("nam", "--from", "mai"), "mai"),
        (("dang-ky-thay-doi", "--from", "9999-12-31"), "9999-12-31"),
        (("nam", "--from", "0001-01-01"), "0001-01-01"),
    ],
)
def test_what_can_not_be_counted_is_refused(run: Run, words: tuple[str, ...], told: str) -> None:
    """With the names there are, or how a day is written."""
    assert told in str(run("tool", "due", *words).exception)


def test_a_calendar_that_can_not_be_written_is_told(run: Run, tmp_path: Path) -> None:
    """With the reason of the system."""
    file = tmp_path / "no/han.ics"

    assert str(file) in str(run("tool", "due", "nam", "--ics", str(file)).exception)


def test_offices_are_told(run: Run) -> None:
    """For scripts by code, for people with what to ask; a name of none is told to be none."""
    told = json.loads(run("tool", "office", "binh duong", "--json").stdout)

    assert [one["name"] for one in told["matches"]] == ["Xã Thăng An"]
    assert "Nên hỏi" in run("tool", "office", "Thăng Bình").stdout
    assert "Không thấy" in run("tool", "office", "Hà Nội").stdout
