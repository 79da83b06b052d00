"""`htx staff …` and `htx audit` on an empty data folder."""

import asyncio
import hashlib
import json
import sqlite3
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import closing
from pathlib import Path
from threading import Thread

import pytest

from services.errors import MachineError, SettingsError, StaffError
from services.staff.audit import from_shell_of
from tests.doubles.bot_api import NAME, TOKEN, running_bot_api
from tests.doubles.commands import Run


@pytest.fixture
def base_url() -> Iterator[str]:
    """Return the address of a Bot API that runs beside the command's own loop."""
    address: Future[str] = Future()
    done = asyncio.Event()
    loop = asyncio.new_event_loop()

    async def serve() -> None:
        async with running_bot_api() as double:
            address.set_result(double.base_url)
            await done.wait()

    thread = Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    yield address.result(10)
    loop.call_soon_threadsafe(done.set)
    thread.join(10)
    loop.close()


def test_staff_are_added_listed_and_disabled(run: Run) -> None:
    """Each with a role; JSON for programs."""
    made = json.loads(run("staff", "add", "An", "--role", "author", "--json").stdout)
    run("staff", "add", "Bình", "--role", "approver")
    run("staff", "disable", "Bình")

    listed = json.loads(run("staff", "list", "--json").stdout)

    assert (made["name"], made["role"], made["linked"]) == ("An", "author", False)
    assert [(one["name"], one["disabled"]) for one in listed] == [("An", False), ("Bình", True)]
    assert "đã khóa" in run("staff", "list").stdout


def test_nobody_yet_is_told(run: Run) -> None:
    """On an empty data folder."""
    assert "Chưa có cán bộ nào" in run("staff", "list").stdout
    assert "Chưa có việc nào" in run("audit").stdout


def test_unknown_role_is_one_sentence(run: Run) -> None:
    """That names the roles there are."""
    refused = run("staff", "add", "An", "--role", "boss").exception

    assert isinstance(refused, StaffError)
    assert "approver" in str(refused)


def test_link_is_printed_once_and_kept_as_a_hash(run: Run, tmp_path: Path) -> None:
    """Nothing in the data folder opens it."""
    run("staff", "add", "An", "--role", "author")

    link = run("staff", "link", "An", "--bot", NAME).stdout.strip()

    start, _, token = link.partition("?start=staff_")
    with closing(sqlite3.connect(tmp_path / "var/htx.db")) as database:
        kept = database.execute("SELECT link FROM staff").fetchone()
    assert start == f"https://t.me/{NAME}"
    assert len(f"staff_{token}") <= 64
    assert kept == (hashlib.sha256(token.encode()).hexdigest(),)


def test_telegram_tells_the_name_of_the_bot(
    run: Run, base_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When none is given; a wrong token and a dead network are sentences."""
    monkeypatch.setenv("HTX_TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv("HTX_TELEGRAM_BASE_URL", base_url)
    assert run("people", "link").stdout == f"https://t.me/{NAME}\n"

    monkeypatch.setenv("HTX_TELEGRAM_TOKEN", "1:sai")
    wrong = run("people", "link").exception
    monkeypatch.setenv("HTX_TELEGRAM_BASE_URL", "http://127.0.0.1:9/bot")
    away = run("people", "link").exception

    assert isinstance(wrong, SettingsError)
    assert isinstance(away, MachineError)


def test_audit_tells_who_did_what(run: Run) -> None:
    """All of it, or what was done to one thing."""
    run("staff", "add", "An", "--role", "admin")
    run("staff", "add", "Bình", "--role", "author", "--as", "An")

    about = json.loads(run("audit", "--about", "staff Bình", "--json").stdout)

    assert [(one["who"], one["did"], one["note"]) for one in about] == [
        ("An", "staff.add", {"role": "author"})
    ]
    assert "staff An" in run("audit").stdout


@pytest.mark.parametrize("spelt", ["lÂN", " LÂN ", "La\u0302n"])
def test_one_name_in_two_spellings_is_one_person(run: Run, spelt: str) -> None:
    """Else who wrote a text approves it under the second account."""
    run("staff", "add", "Lân", "--role", "author")

    refused = run("staff", "add", spelt, "--role", "approver").exception

    assert isinstance(refused, StaffError)
    assert "Đã có cán bộ tên “Lân”" in str(refused)
    assert run("staff", "add", "Lan", "--role", "approver").exit_code == 0


def test_unknown_name_near_a_known_one_names_that(run: Run) -> None:
    """Nobody is led to add an account for a slip of the finger."""
    run("staff", "add", "Lan", "--role", "author")

    assert "“Lan”" in str(run("staff", "disable", "lan").exception)


def test_name_that_looks_like_markup_is_shown_as_it_is(run: Run) -> None:
    """In the list of staff and in the audit."""
    run("staff", "add", "[/b]An", "--role", "author")

    assert "[/b]An" in run("staff", "list").stdout
    assert "[/b]An" in run("audit").stdout


def test_new_data_folder_is_told(run: Run, tmp_path: Path) -> None:
    """Whoever stands in a wrong folder is told that nothing was here, and where here is."""
    first, again = run("staff", "list"), run("staff", "list")

    assert str(tmp_path / "var") in first.stderr
    assert "nhầm thư mục" in first.stderr
    assert "nhầm thư mục" not in again.stderr


def test_another_role_and_the_last_administrator(run: Run) -> None:
    """An account gets another role; the last administrator keeps theirs, and the account."""
    run("staff", "add", "Lan", "--role", "admin")
    run("staff", "add", "Minh", "--role", "agent")

    changed = run("staff", "role", "Minh", "approver", "--as", "Lan", "--json")
    lowered = run("staff", "role", "Lan", "agent")
    closed = run("staff", "disable", "Lan")

    assert json.loads(changed.stdout)["role"] == "approver"
    assert (lowered.exit_code, closed.exit_code) == (1, 1)
    assert "quản trị cuối cùng" in str(lowered.exception)


@pytest.mark.parametrize("verb", ["session", "link"])
def test_link_into_an_account_is_told(run: Run, tmp_path: Path, verb: str) -> None:
    """To its person and the other administrators, in Telegram; at a shell no name is a claim."""
    names = {"71": ("Lan", "admin"), "72": ("Hà", "admin"), "73": ("Minh", "author")}
    for name, role in names.values():
        run("staff", "add", name, "--role", role)
    with closing(sqlite3.connect(tmp_path / "var/htx.db")) as database:
        database.executemany(
            "UPDATE staff SET chat = ? WHERE name = ?", [(c, n) for c, (n, _) in names.items()]
        )
        database.commit()
        words = ("staff", verb, "Minh", *(("--bot", NAME) if verb == "link" else ()))
        with from_shell_of("root"):
            run(*words, "--as", "Lan")
        run(*words)
        told = database.execute("SELECT key, text FROM notice ORDER BY id").fetchall()

    assert sorted(key for key, _ in told[:3]) == ["71", "72", "73"]
    assert "**Lan** (tài khoản máy root) vừa làm" in told[0][1]
    assert "tài khoản **Minh**" in told[0][1]
    assert sorted(key for key, _ in told[3:]) == ["71", "72", "73"]
    assert "Người giữ máy chủ vừa làm" in told[3][1]
