"""A report: the numbers agree, and say in plain words who did not get it and why."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from services.announcements import describe
from services.announcements.announcement import STATES
from services.announcements.audience import LEFT_OUT
from services.announcements.report import Report
from services.conversation.plain import plain_markdown
from services.knowledge.library import Library
from services.storage.models import Announcement, Delivery, Person, Press, Turn
from tests.conftest import NOON
from tests.doubles.announcing import AUTHOR
from tests.doubles.office import Office


async def gathered(office: Office, announcement: Announcement) -> Report:
    """Gather the report."""
    await office.session.flush()
    return await office.announcer.report(office.session, announcement.id)


def told_of(office: Office, found: Report) -> str:
    """Return a report in words."""
    return plain_markdown(describe.report(office.library.phrases, found))


async def table(office: Office, announcement: Announcement) -> str:
    """Return the table of recipients."""
    return await office.announcer.export(office.session, announcement.id, AUTHOR)


async def end(office: Office, chat: int, state: str, reason: str = "") -> None:
    """Close the delivery of a chat."""
    theirs = Delivery.person_id == Person.id
    closing = update(Delivery).where(theirs, Person.chat == str(chat))
    await office.session.execute(closing.values(state=state, reason=reason, at=NOON))


def asked(chat: int, after: timedelta, text: str = "bao giờ") -> Turn:
    """Return a question that came in."""
    common: dict[str, Any] = {"payload": "", "outcome": "answered"}
    common |= {"confidence": 1.0, "degraded": False, "ms": 1, "channel": "telegram"}
    return Turn(key=str(chat), at=NOON + after, text=text, **common)


async def test_numbers_are_those_of_count_and_deliveries(office: Office) -> None:
    """All states together are everybody it was for."""
    await office.settle(11, 12, agreed=False)
    announcement = await office.sent()
    await end(office, 1, "sent")
    await end(office, 2, "sending")
    told = (await gathered(office, announcement)).as_json()

    assert (told["total"], told["sent"], told["pending"]) == (3, 1, 2)
    assert told["left_out"] == {"no_consent": 2}
    ended = ("sent", "failed", "stopped", "uncertain", "cancelled", "pending")
    assert sum(told[state] for state in ended) == told["total"]


async def test_every_way_of_not_getting_it_is_told_in_words(office: Office) -> None:
    """With the number and the reason of each."""
    await office.settle(4)
    await office.settle(11, agreed=False)
    announcement = await office.sent()
    await end(office, 1, "stopped", "blocked")
    await end(office, 2, "failed", "Bad Request: whatever")
    await end(office, 3, "uncertain", "interrupted")
    text = told_of(office, await gathered(office, announcement))

    assert text.splitlines() == [
        f"Thông báo {announcement.id} “Lớp tập huấn”: đang chờ gửi.",
        "Gửi cho 4 người: 0 đã nhận, 1 đang chờ.",
        "- 1 người không nhận được nữa (1 đã chặn bot).",
        "- 1 người gửi lỗi (1 Bad Request: whatever).",
        "- 1 người không rõ đã tới chưa, máy không tự gửi lại (1 máy tắt đúng lúc đang gửi).",
        "Không gửi cho 1 người chưa đồng ý nhận tin.",
        "Sau tin này có 0 câu hỏi từ người nhận (trong 3 ngày).",
    ]


async def test_uncertain_ones_are_listed(office: Office) -> None:
    """By chat, so that somebody may ask; an erased one has none."""
    announcement = await office.sent()
    await end(office, 1, "uncertain")
    await end(office, 2, "uncertain")
    await office.erase(2)
    found = await gathered(office, announcement)

    assert (found.uncertain, found.counted["uncertain"]) == (("1",), 2)


async def test_buttons_are_counted(office: Office) -> None:
    """In their order, those that nobody pressed left out."""
    announcement = await office.sent()
    for who, button in (("a", "stop"), ("a", "read"), ("b", "read")):
        office.session.add(Press(announcement_id=announcement.id, who=who, button=button, at=NOON))
    found = await gathered(office, announcement)

    assert found.pressed == {"read": 2, "stop": 1}
    assert "Nút: 2 báo đã đọc, 1 bấm dừng nhận tin." in told_of(office, found)


async def test_questions_of_recipients_that_follow_are_counted(office: Office) -> None:
    """Not those from before, of others, of buttons, or three days after the end."""
    announcement = await office.sent()
    await end(office, 1, "sent")
    announcement.finished_at = NOON + timedelta(hours=1)
    office.session.add_all(
        [
            asked(1, timedelta(minutes=1)),
            asked(1, timedelta(days=3)),
            asked(1, timedelta(minutes=-1)),
            asked(1, timedelta(minutes=2), text=""),
            asked(1, timedelta(days=3, hours=2)),
            asked(2, timedelta(minutes=1)),
        ]
    )

    assert (await gathered(office, announcement)).questions == 2


async def test_scheduled_one_tells_when(office: Office) -> None:
    """In Việt Nam's time, until it begins."""
    announcement = await office.approved()
    await office.announcer.send(office.session, announcement.id, AUTHOR, NOON + timedelta(hours=1))
    found = await gathered(office, announcement)

    assert "Hẹn gửi lúc 13:00 ngày 24/11/2026." in told_of(office, found)
    assert found.as_json()["starts_at"] == "2026-11-24T13:00:00+07:00"


async def test_reason_of_a_pause_is_told(office: Office) -> None:
    """As the brake wrote it."""
    announcement = await office.sent()
    await office.announcer.pause(office.session, announcement.id, AUTHOR, "Máy bận.")

    assert "Lý do: Máy bận." in told_of(office, await gathered(office, announcement))


async def test_csv_has_a_line_for_each_recipient(office: Office) -> None:
    """An erased one's holds nothing that names them."""
    announcement = await office.sent()
    await end(office, 1, "sent")
    await end(office, 2, "stopped", "blocked")
    await office.erase(2)
    rows = list(csv.DictReader(io.StringIO(await table(office, announcement))))

    assert [row["chat_id"] for row in rows] == ["1", "", "3"]
    assert [row["state"] for row in rows] == ["sent", "stopped", "pending"]
    assert rows[1]["reason"] == "đã chặn bot"
    assert (rows[0]["name"], rows[0]["at"]) == ("", "2026-11-24T12:00:00+07:00")


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("@x", "'@x"),
        ("\tx", "'\tx"),
        ("-Lan", "'-Lan"),
        ("Lan", "Lan"),
        ("", ""),
    ],
)
async def test_csv_holds_no_formula(office: Office, name: str, cell: str) -> None:
    """A spreadsheet would work it out; a group's number is no formula."""
    await office.settle(-100, name=name, role="officer")
    announcement = await office.sent(audience={"roles": "officer"})
    (row,) = csv.DictReader(io.StringIO(await table(office, announcement), newline=""))

    assert (row["name"], row["chat_id"]) == (cell, "-100")


def test_every_reason_and_state_has_its_words(library: Library) -> None:
    """Nothing is told in a code."""
    phrases = library.phrases

    assert all(describe.state(phrases, name) for name in STATES)
    assert len(describe.left_out(phrases, dict.fromkeys(LEFT_OUT, 1))) == len(LEFT_OUT)
