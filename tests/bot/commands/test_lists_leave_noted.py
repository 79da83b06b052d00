"""Every list of people that leaves the house stands in the audit, and none goes to Telegram."""

import json
import re
from pathlib import Path

import pytest

from services.people.people_csv import guarded, unguarded
from services.storage.models import Turn
from tests.conftest import NOON
from tests.doubles.commands import Keep, Run


def turn(text: str) -> Turn:
    """Return what somebody asked."""
    return Turn(
        channel="telegram",
        key="905",
        at=NOON,
        text=text,
        payload="",
        outcome="declined",
        confidence=0.1,
        degraded=False,
        ms=1,
    )


@pytest.mark.parametrize("command", ["talk", "gaps"])
def test_reading_what_people_wrote_is_noted(run: Run, keep: Keep, command: str) -> None:
    """By whom, and how much of it."""
    keep(turn("nuôi chim yến cần giấy gì"))
    run("staff", "add", "An", "--role", "content")
    run(command, "--as", "An")

    noted = json.loads(run("audit", "--json").stdout)[-1]

    assert (noted["who"], noted["did"]) == ("An", f"people.{command}")
    assert noted["note"] == {"shown": 1}


@pytest.mark.parametrize(
    "sign", ["\x1b[2J", "\x1b]0;a\x07", "\x9b31m", "\u202e", "\u2066", "\x08", "\x7f"]
)
def test_what_people_wrote_moves_no_terminal(run: Run, keep: Keep, sign: str) -> None:
    """Neither colours nor a cursor nor the order of letters: no sentence of ours is feigned."""
    keep(turn(f"nuôi chim {sign}yến"))

    shown = [run(*words).stdout for words in (("talk",), ("gaps",), ("people", "show", "905"))]

    assert all("yến" in text for text in shown)
    assert not any(sign[0] in text for text in shown)


@pytest.mark.parametrize(
    "cell",
    [
        "Lan;=1+1",
        " =1+1",
        "\n=1",
        "＝1+1",
        "＋cmd",
        "－2+3",
        "＠SUM(A1)",
        "Lan\t=1",
        "\u200b=1",
        "a\n@b",
    ],
)
def test_cell_that_a_spreadsheet_would_run_is_guarded(cell: str) -> None:
    """Whatever separates cells on that machine, and however the sign is written; and back."""
    held = guarded(cell)

    assert all(re.match(r"'|\w+", part) for part in re.split("[;\t\n]", held) if part)
    assert (held != cell, unguarded(held)) == (True, cell)


def test_table_is_read_back_as_it_was(run: Run, tmp_path: Path) -> None:
    """A semicolon within a name borders on nothing that runs."""
    (tmp_path / "ds.csv").write_text(
        'channel,chat_id,name\ntelegram,1,"Lan; =1+1"\ntelegram,-2,Ba\n', encoding="utf-8"
    )
    run("people", "import", "ds.csv")
    run("people", "export", "ra.csv")
    lines = (tmp_path / "ra.csv").read_text("utf-8-sig").splitlines()
    run("people", "import", "ra.csv")
    held = json.loads(run("people", "show", "1", "--json").stdout)

    assert lines[1].startswith("telegram,1,Lan;' =1+1,")
    assert lines[2].startswith("telegram,-2,Ba,")
    assert held["person"]["name"] == "Lan; =1+1"
