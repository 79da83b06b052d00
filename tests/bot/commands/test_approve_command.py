"""`htx announce approve`: a yes to what was seen, by its hash; whose shell it was is noted."""

import getpass
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli import main
from services.errors import StaffError
from services.storage.models import Staff
from tests.conftest import NOON
from tests.doubles.broadcast import TEXT
from tests.doubles.commands import Keep, Run

Type = Callable[[str], int]


class Keyboard(io.StringIO):
    """What a person types at a terminal."""

    def isatty(self) -> bool:
        """Say that somebody sits there."""
        return True


@pytest.fixture
def draft(run: Run, keep: Keep, tmp_path: Path) -> str:
    """Return the hash of a draft; there is one who writes and one who may approve."""
    keep(
        Staff(name="Lan", role="author", created_at=NOON),
        Staff(name="Minh", role="approver", created_at=NOON),
    )
    (tmp_path / "tin.md").write_text(TEXT.replace("\n  roles: [farmer]", " tất cả"), "utf-8")
    run("people", "import", str(people(tmp_path)), "--basis", "Phiếu 01")
    run("announce", "draft", "--file", "tin.md", "--as", "Lan")
    return str(json.loads(run("announce", "show", "1", "--json").stdout)["hash"])


def people(folder: Path) -> Path:
    """Write a list of one who agrees."""
    path = folder / "ds.csv"
    path.write_text("channel,chat_id,consent\ntelegram,1,yes\n", encoding="utf-8")
    return path


@pytest.fixture
def approve(run: Run, draft: str, monkeypatch: pytest.MonkeyPatch) -> Type:
    """Return what approves at a keyboard, and the exit code of that."""
    del run, draft

    def type_(words: str) -> int:
        monkeypatch.setattr(sys, "stdin", Keyboard(words))
        monkeypatch.setattr(sys, "argv", ["htx", "announce", "approve", "1", "--as", "Minh"])
        with pytest.raises(SystemExit) as ended:
            main()
        return int(ended.value.code or 0)

    return type_


def state(run: Run) -> str:
    """Return the state of the announcement."""
    return str(json.loads(run("announce", "show", "1", "--json").stdout)["state"])


@pytest.mark.parametrize("more", [(), ("--json",)])
def test_script_gives_the_hash_of_what_was_seen(run: Run, draft: str, more: tuple[str]) -> None:
    """Where nobody sits at a keyboard nothing is approved that nobody says he saw."""
    refused = run("announce", "approve", "1", "--as", "Minh", *more)
    before = state(run)
    given = run("announce", "approve", "1", "--as", "Minh", "--hash", draft[:12], *more)

    assert refused.exit_code == 1
    assert "--hash" in str(refused.exception)
    assert (before, given.exit_code, state(run)) == ("draft", 0, "approved")


def test_hash_of_four_signs_or_more(run: Run, draft: str) -> None:
    """Fewer fit too many texts."""
    refused = run("announce", "approve", "1", "--as", "Minh", "--hash", draft[:3])

    assert (refused.exit_code, state(run)) == (1, "draft")


def test_first_four_signs_are_typed(
    run: Run, draft: str, approve: Type, capfd: pytest.CaptureFixture[str]
) -> None:
    """Below the text, for whom it is and the hash that ends what is shown."""
    code = approve(f"{draft[:4].upper()} \n")
    told = capfd.readouterr().out

    assert (code, state(run)) == (0, "approved")
    assert "mời bà con dự lớp" in told
    assert draft in told


@pytest.mark.parametrize("typed", ["y\n", "\n", "zzzz\n", ""])
def test_whoever_types_anything_else_approves_nothing(run: Run, approve: Type, typed: str) -> None:
    """A `y` is typed by habit; of a keyboard that is gone nothing comes."""
    assert (approve(typed), state(run)) == (1, "draft")


@pytest.mark.parametrize("spelt", ["La\u200bn", "Lan\u2060", "\ufeffLan", "La\u00adn", "L\u202ean"])
def test_signs_that_nobody_sees_make_no_second_person(run: Run, spelt: str) -> None:
    """Else who wrote a text approves it under an account that looks like the first."""
    run("staff", "add", "Lan", "--role", "author")

    refused = run("staff", "add", spelt, "--role", "approver").exception

    assert isinstance(refused, StaffError)
    assert "Đã có cán bộ tên “Lan”" in str(refused)


def test_audit_tells_whose_shell_it_was(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside the name that was given, which nobody proves."""
    monkeypatch.setenv("SUDO_USER", "tam")
    monkeypatch.setattr(sys, "argv", ["htx", "staff", "add", "Lan", "--role", "author"])
    with pytest.raises(SystemExit):
        main()

    [noted] = json.loads(run("audit", "--json").stdout)

    assert noted["note"] == {"role": "author", "login": f"{getpass.getuser()} (tam)"}


def test_approval_that_has_fallen_is_shown_as_one(run: Run, draft: str) -> None:
    """As a rehearsal says it: its giver may give none any more."""
    run("announce", "approve", "1", "--as", "Minh", "--hash", draft)
    before = json.loads(run("announce", "show", "1", "--json").stdout)["approvals"]
    run("staff", "disable", "Minh")
    after = json.loads(run("announce", "show", "1", "--json").stdout)["approvals"]

    assert [before[0]["current"], after[0]["current"]] == [True, False]
