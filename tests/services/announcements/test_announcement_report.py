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
from tests.doubles.broadcast import AUTHOR
from tests.doubles.scene import Scene


async def gathered(scene: Scene, announcement: Announcement) -> Report:
    """Gather the report."""
    await scene.session.flush()
    return await scene.announcer.report(scene.session, announcement.id)


def told_of(scene: Scene, found: Report) -> str:
    """Return a report in words."""
    return plain_markdown(describe.report(scene.library.phrases, found))


async def table(scene: Scene, announcement: Announcement) -> str:
    """Return the table of recipients."""
    return await scene.announcer.export(scene.session, announcement.id, AUTHOR)


async def end(scene: Scene, chat: int, state: str, reason: str = "") -> None:
    """Close the delivery of a chat."""
    theirs = Delivery.person_id == Person.id
    closing = update(Delivery).where(theirs, Person.chat == str(chat))
    await scene.session.execute(closing.values(state=state, reason=reason, at=NOON))


def asked(chat: int, after: timedelta, text: str = "bao giờ") -> Turn:
    """Return a question that came in."""
    common: dict[str, Any] = {"payload": "", "outcome": "answered"}
    common |= {"confidence": 1.0, "degraded": False, "ms": 1, "channel": "telegram"}
    return Turn(key=str(chat), at=NOON + after, text=text, **common)


async def test_numbers_are_those_of_count_and_deliveries(scene: Scene) -> None:
    """All states together are everybody it was for."""
    await scene.settle(11, 12, agreed=False)
    announcement = await scene.sent()
    await end(scene, 1, "sent")
    await end(scene, 2, "sending")
    told = (await gathered(scene, announcement)).as_json()

    assert (told["total"], told["sent"], told["pending"]) == (3, 1, 2)
    assert told["left_out"] == {"no_consent": 2}
    ended = ("sent", "failed", "stopped", "uncertain", "cancelled", "pending")
    assert sum(told[state] for state in ended) == told["total"]


async def test_every_way_of_not_getting_it_is_told_in_words(scene: Scene) -> None:
    """With the number and the reason of each."""
    await scene.settle(4)
    await scene.settle(11, agreed=False)
    announcement = await scene.sent()
    await end(scene, 1, "stopped", "blocked")
    await end(scene, 2, "failed", "Bad Request: whatever")
    await end(scene, 3, "uncertain", "interrupted")
    text = told_of(scene, await gathered(scene, announcement))

    assert text.splitlines() == [
        f"Thông báo {announcement.id} “Lớp tập huấn”: đang chờ gửi.",
        "Gửi cho 4 người: 0 đã nhận, 1 đang chờ.",
        "- 1 người không nhận được nữa (1 đã chặn bot).",
        "- 1 người gửi lỗi (1 Bad Request: whatever).",
        "- 1 người không rõ đã tới chưa, máy không tự gửi lại (1 máy tắt đúng lúc đang gửi).",
        "Không gửi cho 1 người chưa đồng ý nhận tin.",
        "Sau tin này có 0 câu hỏi từ người nhận (trong 3 ngày).",
    ]


async def test_uncertain_ones_are_listed(scene: Scene) -> None:
    """By chat, so that somebody may ask; an erased one has none."""
    announcement = await scene.sent()
    await end(scene, 1, "uncertain")
    await end(scene, 2, "uncertain")
    await scene.erase(2)
    found = await gathered(scene, announcement)

    assert (found.uncertain, found.counted["uncertain"]) == (("1",), 2)


async def test_buttons_are_counted(scene: Scene) -> None:
    """In their order, those that nobody pressed left out."""
    announcement = await scene.sent()
    for who, button in (("a", "stop"), ("a", "read"), ("b", "read")):
        scene.session.add(Press(announcement_id=announcement.id, who=who, button=button, at=NOON))
    found = await gathered(scene, announcement)

    assert found.pressed == {"read": 2, "stop": 1}
    assert "Nút: 2 báo đã đọc, 1 bấm dừng nhận tin." in told_of(scene, found)


async def test_questions_of_recipients_that_follow_are_counted(scene: Scene) -> None:
    """Not those from before, of others, of buttons, or three days after the end."""
    announcement = await scene.sent()
    await end(scene, 1, "sent")
    announcement.finished_at = NOON + timedelta(hours=1)
    scene.session.add_all(
        [
            asked(1, timedelta(minutes=1)),
            asked(1, timedelta(days=3)),
            asked(1, timedelta(minutes=-1)),
            asked(1, timedelta(minutes=2), text=""),
            asked(1, timedelta(days=3, hours=2)),
            asked(2, timedelta(minutes=1)),
        ]
    )

    assert (await gathered(scene, announcement)).questions == 2


async def test_scheduled_one_tells_when(scene: Scene) -> None:
    """In Việt Nam's time, until it begins; whom it is for is counted then, and nought before."""
    announcement = await scene.approved()
    await scene.announcer.send(scene.session, announcement.id, AUTHOR, NOON + timedelta(hours=1))
    found = await gathered(scene, announcement)

    assert told_of(scene, found).endswith(
        "Hẹn gửi lúc 13:00 ngày 24/11/2026. Tới giờ mới tính ai nhận."
    )
    assert found.as_json()["starts_at"] == "2026-11-24T13:00:00+07:00"


async def test_reason_of_a_pause_is_told(scene: Scene) -> None:
    """As the brake wrote it."""
    announcement = await scene.sent()
    await scene.announcer.pause(scene.session, announcement.id, AUTHOR, "Máy bận.")

    assert "Lý do: Máy bận." in told_of(scene, await gathered(scene, announcement))


async def test_csv_has_a_line_for_each_recipient(scene: Scene) -> None:
    """An erased one's holds nothing that names them."""
    announcement = await scene.sent()
    await end(scene, 1, "sent")
    await end(scene, 2, "stopped", "blocked")
    await scene.erase(2)
    rows = list(csv.DictReader(io.StringIO(await table(scene, announcement))))

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
async def test_csv_holds_no_formula(scene: Scene, name: str, cell: str) -> None:
    """A spreadsheet would work it out; a group's number is no formula."""
    await scene.settle(-100, name=name, role="officer")
    announcement = await scene.sent(audience={"roles": "officer"})
    (row,) = csv.DictReader(io.StringIO(await table(scene, announcement), newline=""))

    assert (row["name"], row["chat_id"]) == (cell, "-100")


def test_every_reason_and_state_has_its_words(library: Library) -> None:
    """Nothing is told in a code."""
    phrases = library.phrases

    assert all(describe.state(phrases, name) for name in STATES)
    assert len(describe.left_out(phrases, dict.fromkeys(LEFT_OUT, 1))) == len(LEFT_OUT)
