"""`htx db restore` brings back what was lost, and nobody who left, no phone, no letter twice."""

import json
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from services.errors import StorageError
from services.people.person import Identity
from services.processes import locked
from services.settings import load_settings
from tests.doubles.bot_api import TOKEN
from tests.doubles.commands import Run

HTX = Path(sys.executable).with_name("htx")
LATER = "2099-01-01 05:00:00.000000"
EARLIER = "2026-11-01 05:00:00.000000"
TURN = """
    INSERT INTO turn (channel, key, at, text, payload, outcome, confidence, degraded, ms, offered)
    VALUES (?, ?, ?, 'chuyện riêng', '', 'declined', 0, 0, 1, '[]')
"""
PERSON = """
    INSERT INTO person (channel, chat, who, created_at, name, agreed)
    VALUES ('telegram', '1', ?, ?, '', 0)
"""
ANSWERED = """
    INSERT INTO consent (person_id, purpose, given, at, wording, source)
    SELECT id, 'announcements', 0, ?2, '', ?3 FROM person WHERE chat = ?1
"""
ANNOUNCEMENT = """
    INSERT INTO announcement (id, title, topic, body, audience, author, created_at, source, contact,
        attachments, file, file_hash, state, reason, asked, left_out, edition, progress)
    VALUES (1, 'Họp', 'ocop', 'Mời.', '{}', 'Lan', ?, '', '', '[]', '', '', ?, '', '', '{}', '',
        '[]')
"""
APPROVAL = """
    INSERT INTO approval (announcement_id, hash, by, at, count) VALUES (1, 'a', 'Minh', ?, 2)
"""
DELIVERY = """
    INSERT INTO delivery (announcement_id, person_id, who, batch, state, reason, parts_sent)
    SELECT 1, id, ?, 0, 'sent', '', 1 FROM person WHERE chat = '1'
"""
NOTICE = """
    INSERT INTO notice (channel, key, cause, text, created_at, due_at, buttons, urgent, state,
        reason, parts_sent)
    VALUES ('telegram', ?, 'remind a', 'Nhắc việc', ?, ?, '[]', 0, ?, '', 0)
"""
REMINDER = """
    INSERT INTO reminder (channel, key, name, deadline, event, day, what, before, created_at)
    VALUES ('telegram', ?, 'nam', 'cap-nhat', '2026-12-15', '2026-12-15', 'Cập nhật', '[7]', ?)
"""


@pytest.fixture
def database(run: Run, tmp_path: Path) -> Path:
    """Return the database: two people who agreed, one who writes and one who approves."""
    (tmp_path / "ds.csv").write_text(
        "channel,chat_id,consent\ntelegram,1,yes\ntelegram,2,yes\n", encoding="utf-8"
    )
    run("people", "import", "ds.csv", "--basis", "Phiếu 01")
    run("staff", "add", "Lan", "--role", "author")
    run("staff", "add", "Minh", "--role", "approver")
    return tmp_path / "var/htx.db"


@pytest.fixture
def copy(run: Run, database: Path) -> Path:
    """Return a backup of it."""
    del database
    return Path(run("db", "backup").stdout.strip())


def do(database: Path, statement: str, *values: object) -> None:
    """Change something behind the product's back, as it would itself."""
    with closing(sqlite3.connect(database)) as opened, opened:
        opened.execute(statement, values)


def who_of(chat: str) -> str:
    """Return the keyed hash of a chat in Telegram."""
    return Identity(load_settings().secret_key.get_secret_value()).of("telegram", chat)


def ask(database: Path, query: str) -> list[tuple[Any, ...]]:
    """Return what the database holds."""
    with closing(sqlite3.connect(database)) as opened:
        return opened.execute(query).fetchall()


def test_who_was_erased_stays_erased(run: Run, database: Path) -> None:
    """Person, words and verdicts of any channel; whoever stayed is there."""
    for channel, key in (("telegram", "1"), ("web", "a"), ("telegram", "2")):
        do(database, TURN, channel, key, EARLIER)
    copy = run("db", "backup").stdout.strip()
    run("people", "erase", "1")
    run("people", "erase", "a", "--channel", "web")

    run("db", "restore", copy)

    assert ask(database, "SELECT chat FROM person") == [("2",)]
    assert ask(database, "SELECT channel, key FROM turn") == [("telegram", "2")]
    assert len(ask(database, "SELECT who FROM suppression")) == 1  # no list reaches the page


def test_who_was_erased_stays_so_when_the_database_is_lost(
    run: Run, database: Path, copy: Path
) -> None:
    """What is known of it stands beside the database too."""
    run("people", "erase", "1")
    database.unlink()

    run("db", "restore", str(copy))

    assert ask(database, "SELECT chat FROM person") == [("2",)]


def test_who_was_erased_stays_so_when_the_file_is_lost(
    run: Run, database: Path, copy: Path
) -> None:
    """Or by a release that kept none: the database that is replaced knows."""
    run("people", "erase", "1")
    (database.parent / "forgotten.jsonl").unlink()

    run("db", "restore", str(copy))

    assert ask(database, "SELECT chat FROM person") == [("2",)]


@pytest.mark.parametrize("then", [EARLIER, LATER])
def test_who_came_back_stays(run: Run, database: Path, then: str) -> None:
    """Erased once, known again by their own wish, backed up after that, whatever the clock says."""
    run("people", "erase", "1")
    do(database, PERSON, who_of("1"), then)
    do(database, "DELETE FROM suppression")
    copy = run("db", "backup").stdout.strip()
    before = ask(database, "SELECT count(*) FROM person")
    run("db", "restore", copy)

    assert before == ask(database, "SELECT count(*) FROM person") == [(2,)]
    run("people", "erase", "2")
    run("db", "restore", copy)
    assert ask(database, "SELECT chat FROM person") == [("1",)]


def test_who_withdrew_gets_nothing(run: Run, database: Path, copy: Path) -> None:
    """From all, and from a topic; what staff imported since is not carried over."""
    do(database, ANSWERED, "1", LATER, "self")
    do(database, "UPDATE person SET agreed = 0")
    do(database, ANSWERED, "2", LATER, "import")
    chosen = "INSERT INTO topic_choice SELECT id, 'ocop', 0 FROM person WHERE chat = '2'"
    do(database, chosen)

    run("db", "restore", str(copy))

    assert ask(database, "SELECT chat, agreed FROM person ORDER BY chat") == [("1", 0), ("2", 1)]
    assert ask(database, "SELECT source FROM consent WHERE given = 0") == [("self",)]
    assert ask(database, "SELECT topic, wanted FROM topic_choice") == [("ocop", 0)]


def test_who_withdrew_after_another_left_gets_nothing(run: Run, database: Path, copy: Path) -> None:
    """SQLite gives the number of an erased row again: it says nothing of which row is later."""
    run("people", "erase", "2")
    do(database, ANSWERED, "1", LATER, "self")
    do(database, "UPDATE person SET agreed = 0")

    run("db", "restore", str(copy))

    assert ask(database, "SELECT chat, agreed FROM person") == [("1", 0)]
    assert ask(database, "SELECT source, given FROM consent ORDER BY id") == [
        ("import", 1),
        ("self", 0),
    ]


@pytest.mark.parametrize(("state", "then"), [("done", "done"), ("sending", "paused")])
def test_no_delivery_is_forgotten(
    run: Run, database: Path, copy: Path, state: str, then: str
) -> None:
    """Nobody gets it again; what was on its way waits until a person has looked."""
    who = who_of("1")
    do(database, ANNOUNCEMENT, LATER, state)
    do(database, APPROVAL, LATER)
    do(database, DELIVERY, who)
    noted = ask(database, "SELECT count(*) FROM audit")

    run("db", "restore", str(copy))

    assert ask(database, "SELECT state FROM announcement") == [(then,)]
    assert ask(database, "SELECT who, state FROM delivery") == [(who, "sent")]
    assert ask(database, "SELECT by FROM approval") == [("Minh",)]
    assert ask(database, "SELECT count(*) FROM audit") >= noted


def test_no_notice_comes_twice_and_no_reminder_comes_back(run: Run, database: Path) -> None:
    """What was told since stays told; of a deadline that somebody let go of nobody is told."""
    for chat in ("1", "2"):
        do(database, REMINDER, chat, EARLIER)
        do(database, NOTICE, chat, EARLIER, EARLIER, "pending")
    copy = run("db", "backup").stdout.strip()
    do(database, "UPDATE notice SET state = 'sent' WHERE key = '1'")
    do(database, "DELETE FROM notice WHERE key = '2'")
    do(database, "DELETE FROM reminder WHERE key = '2'")

    run("db", "restore", copy)

    assert ask(database, "SELECT key, state FROM notice") == [("1", "sent")]
    assert ask(database, "SELECT key FROM reminder") == [("1",)]


def test_who_was_disabled_stays_so(run: Run, database: Path, copy: Path) -> None:
    """A stolen phone is staff's no more, whatever day is restored; what was done is noted on."""
    do(database, "UPDATE staff SET chat = '77' WHERE name = 'Minh'")
    copy = Path(run("db", "backup").stdout.strip())
    run("staff", "disable", "Minh")

    run("db", "restore", str(copy))
    did = [one["did"] for one in json.loads(run("audit", "--json").stdout)]

    assert ask(database, "SELECT chat, disabled FROM staff WHERE name = 'Minh'") == [(None, 1)]
    assert did[-2:] == ["staff.disable", "db.restore"]


def test_restore_waits_for_whoever_is_at_work(run: Run, database: Path, copy: Path) -> None:
    """A part that has no connection open at this moment writes in the next."""
    do(database, "UPDATE person SET name = 'Hoa'")
    with locked(load_settings().data_dir / "use.lock"):
        refused = run("db", "restore", str(copy)).exception

    assert isinstance(refused, StorageError)
    assert refused.code == "restore_in_use"
    assert ask(database, "SELECT DISTINCT name FROM person") == [("Hoa",)]


def test_name_of_a_backup_is_a_name(run: Run, copy: Path, tmp_path: Path) -> None:
    """Whatever signs stand in it: none is read as a wish to SQLite."""
    odd = copy.rename(tmp_path / "50%25 ?mode=rwc#a.db")

    assert run("db", "restore", str(odd)).exit_code == 0
    assert not (tmp_path / "50% ").exists()


def test_what_the_office_added_does_not_bar_a_restore(run: Run, database: Path, copy: Path) -> None:
    """Views and triggers of its reports are left out, by name; what came since is carried over."""
    for file in (copy, database):
        do(file, 'CREATE VIEW "số ""người""" AS SELECT count(*) FROM person')
        do(file, "CREATE TRIGGER khac AFTER INSERT ON turn BEGIN DELETE FROM turn; END")
    do(database, "CREATE VIEW bao_cao_moi AS SELECT 1")
    do(database, ANSWERED, "1", LATER, "self")
    told = run("db", "restore", str(copy))

    assert ask(database, "SELECT count(*) FROM consent WHERE given = 0") == [(1,)]
    assert "khac" in told.stderr
    assert "bao_cao_moi" in told.stderr
    ours = "SELECT count(*) FROM sqlite_master WHERE type IN ('view', 'trigger')"
    assert ask(database, ours) == [(3,)]


def test_trigger_by_the_name_of_ours_is_left_out(run: Run, database: Path, copy: Path) -> None:
    """Whatever it would do with each write; what keeps the audit stands in its place again."""
    other = "CREATE TRIGGER {} AFTER INSERT ON turn BEGIN DELETE FROM turn; END"
    for name in ("audit_kept_on_insert", "audit_kept_on_delete"):
        do(copy, f"DROP TRIGGER {name}")
        do(copy, other.format(name))
    told = run("db", "restore", str(copy))
    ours = "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'"

    assert ask(database, ours) == [(3,)]
    assert "audit_kept_on_insert, audit_kept_on_delete" in told.stderr
    with pytest.raises(sqlite3.IntegrityError, match="never changed or deleted"):
        do(database, "DELETE FROM audit")


def test_copy_older_than_any_is_kept_is_warned_of(run: Run, database: Path, copy: Path) -> None:
    """Who was erased since then is known no more for certain."""
    old = copy.rename(copy.with_name("htx-20200101-000000-000000.db"))
    told = run("db", "restore", str(old))

    assert database.exists()
    assert "30 ngày" in told.stderr


def test_worker_started_meanwhile_waits_before_anything(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would bring a file up to date that is being replaced."""
    del run  # its settings are the worker's
    monkeypatch.setenv("HTX_TELEGRAM_TOKEN", TOKEN)
    settings = load_settings()
    with locked(settings.data_dir / "use.lock"):
        worker = subprocess.Popen([str(HTX), "worker"], stderr=subprocess.DEVNULL)
        while worker.poll() is None and not is_waiting(worker.pid):
            time.sleep(0.05)
        begun = (tmp_path / "var/htx.db").exists()
        worker.kill()
        worker.wait()

    assert not begun


def is_waiting(process: int) -> bool:
    """Say whether a process waits for a file that another holds."""
    waiting = (line.split() for line in Path("/proc/locks").read_text("ascii").splitlines())
    return any(words[1] == "->" and str(process) in words for words in waiting)
