"""`htx nlu evaluate`: what is measured in the NLU's room is told to people here."""

import json
from pathlib import Path

import pytest

from bot.commands import nlu
from tests.doubles.commands import Run
from tests.doubles.evaluation import TEXT


@pytest.fixture(autouse=True)
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put an interpreter that only prints an evaluation in place of the room's."""
    python = tmp_path / "python"
    python.write_text(f"#!/bin/sh\ncat <<'E'\n{TEXT}\nE\n", encoding="utf-8")
    python.chmod(0o755)
    monkeypatch.setattr(nlu, "nlu_python", lambda: python)
    return python


def test_the_report_is_written(run: Run, tmp_path: Path) -> None:
    """Stdout stays empty, stderr says where it is."""
    path = tmp_path / "report.html"
    done = run("nlu", "evaluate", "--report", str(path))

    assert (done.exit_code, done.stdout) == (0, "")
    assert str(path) in done.stderr
    assert path.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_the_figures_are_printed_beside_the_report(run: Run, tmp_path: Path) -> None:
    """With --json stdout holds them alone."""
    done = run("nlu", "evaluate", "--json", "--report", str(tmp_path / "report.html"))

    assert json.loads(done.stdout) == json.loads(TEXT)


def test_the_summary_is_a_table(run: Run) -> None:
    """For docs/benchmarks.md."""
    assert "| questions of an article | 40 |" in run("nlu", "evaluate", "--markdown").stdout


def test_a_failed_measurement_writes_nothing(run: Run, tmp_path: Path, room: Path) -> None:
    """Its exit code is the command's."""
    room.write_text("#!/bin/sh\nexit 3\n", encoding="utf-8")
    path = tmp_path / "report.html"

    assert run("nlu", "evaluate", "--report", str(path)).exit_code == 3
    assert not path.exists()


def test_a_place_that_cannot_be_written_is_refused_first(run: Run, tmp_path: Path) -> None:
    """Before anything is measured."""
    done = run("nlu", "evaluate", "--report", str(tmp_path / "none/report.html"))

    assert "Không ghi được báo cáo" in str(done.exception)
