"""`htx incident`: after a leak the office can say what lay where, and names nobody by it."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.clock import iso, utc_now
from services.people.person import Identity
from services.storage.models import Consent, Dossier, Person, Staff
from tests.doubles.commands import Keep, Run
from tests.doubles.log import turn

NAME, CHAT, WORDS = "Nguyễn Thị Ẩn", "7345678901", "chuyện riêng của tui"


@pytest.fixture
def kept(keep: Keep, run: Run, tmp_path: Path) -> str:
    """Keep two people, what one of them asked and agreed to, a backup; return the hash of one."""
    now, who = utc_now() - timedelta(hours=1), Identity("k").of("telegram", CHAT)
    keep(
        Person(channel="telegram", chat=CHAT, who=who, created_at=now, name=NAME, place="20332"),
        Person(channel="telegram", chat="8", who="b" * 64, created_at=now),
    )
    keep(
        Consent(
            person_id=1, purpose="announcements", given=True, at=now, wording="có", source="self"
        ),
        *(turn(WORDS, channel="telegram", key=key, start=now) for key in (CHAT, CHAT, "8")),
        turn("", channel="web", key="x", start=now),
        turn(WORDS, channel="web", key="later", start=now + timedelta(days=1)),
        Staff(name="Lan", role="author", created_at=now),
        Dossier(
            channel="web",
            key="x",
            procedure="giai-the",
            cooperative=NAME,
            began=now.date(),
            updated_at=now,
            until=now + timedelta(days=1),
        ),
    )
    run("db", "backup")
    (tmp_path / ".env").write_text("#\n", encoding="utf-8")
    (tmp_path / ".env").chmod(0o644)
    return who


def test_what_lay_where_is_counted(run: Run, kept: str) -> None:
    """Rows and people of each kind up to then, files and backups, and what staff did."""
    told = json.loads(run("incident", "--json").stdout)
    again = json.loads(run("incident", "--json").stdout)

    counted = {name: (kind["rows"], kind["people"]) for name, kind in told["kinds"].items()}
    assert counted == {
        "person": (2, 2),
        "name": (1, 1),
        "place": (1, 1),
        "consent": (1, 1),
        "words": (3, 2),
        "dossier": (1, 1),
        "staff": (1, 1),
    }
    named = {file["name"] for file in told["files"]}
    assert named >= {"htx.db", "htx.db-wal", "secret-key", "nlu-token"}
    assert [file["name"] for file in told["files"] if file["open"]] == [".env"]
    assert len(told["backups"]) == 1
    assert told["abroad"] is False
    assert again["done"] == {"incident.look": 1}
    assert kept not in json.dumps(told)


def test_notice_is_due_within_three_days(
    run: Run, kept: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The draft says until when, who answers, what and how much; the rest is left to fill in."""
    monkeypatch.setenv("HTX_OFFICE_NAME", "Liên minh thử")
    monkeypatch.setenv("HTX_TELEGRAM_TOKEN", "1:thử")
    told = run("incident", "--notice", "--found", "8:00 27/11/2026").stdout

    assert "phải gửi trước 08:00 ngày 30/11/2026" in told
    assert "Bên thông báo: Liên minh thử. Người liên hệ: ……" in told
    assert "- 3 lượt hỏi còn lời; 2 người hoặc cuộc trò chuyện" in told
    assert "Telegram, máy chủ ở nước ngoài" in told
    assert [sign for sign in (NAME, CHAT, WORDS, kept) if sign in told] == []


def test_report_says_what_it_does_not_know(run: Run, kept: str) -> None:
    """Who entered the machine stands in no database; what is open to others is told loudly."""
    until = str(iso(utc_now() - timedelta(hours=2)))
    told = run("incident").stdout
    before = json.loads(run("incident", "--until", until, "--json").stdout)

    assert ".env: 2 byte, TÀI KHOẢN KHÁC ĐỌC ĐƯỢC" in told
    assert "Máy không biết ai đã vào máy chủ" in told
    assert [sign for sign in (NAME, CHAT, WORDS, kept) if sign in told] == []
    assert "person" not in before["kinds"]


def test_days_are_those_of_vietnam(keep: Keep, run: Run) -> None:
    """What came before seven in the morning is of that day, not of the day before."""
    early = datetime(2026, 11, 5, 22, 30, tzinfo=UTC)
    keep(Staff(name="Lan", role="author", created_at=early))
    told = run("incident").stdout

    assert "từ 06/11/2026 đến 06/11/2026" in told


def test_report_says_what_its_span_bounds(run: Run, kept: str) -> None:
    """What lay there is counted from the beginning; what staff did, of the span alone."""
    told = run("incident").stdout

    assert "kể từ khi bắt đầu giữ" in told
    assert kept not in told


def test_span_must_not_end_before_it_begins(run: Run) -> None:
    """Two options changed over are refused: the numbers would be of another span."""
    told = run("incident", "--since", "8:00 28/11/2026", "--until", "8:00 27/11/2026")

    assert "08:00 ngày 28/11/2026" in str(told.exception)
