"""Announcements in the console, from a draft to its report, and all that is refused on the way."""

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update

from services.bootstrap import Services
from services.staff import audit
from services.storage.models import Announcement, Delivery, Notice, Staff
from tests.bot.console.conftest import SignIn
from tests.doubles.broadcast import Broadcast
from tests.doubles.console import press, token_of
from tests.doubles.scene import PDF, PNG
from tests.doubles.web import words

HERE = "/console/announcements"
TEXT = {
    "title": "Mời dự lớp tập huấn",
    "body": "Kính gửi {{ name }}, mời **bà con** dự lớp.",
    "topic": "ocop",
    "roles": "farmer",
}

pytestmark = pytest.mark.usefixtures("broadcast")


@pytest.fixture
async def broadcast(services: Services) -> Broadcast:
    """Return three farmers who agreed."""
    made = Broadcast(services.settings, services.library, services.sessions)
    await made.settle([1, 2, 3])
    return made


async def drafted(client: httpx.AsyncClient, **fields: str) -> int:
    """Write a draft on the page; return its number."""
    kept = await press(client, f"{HERE}/new", f"{HERE}/new", **{**TEXT, **fields})
    assert kept.status_code == HTTPStatus.SEE_OTHER, words(kept.text)
    return int(kept.headers["location"].rpartition("/")[2])


async def shown(client: httpx.AsyncClient, number: int) -> dict[str, str]:
    """Return the hash and the count that the page of an announcement shows an approver."""
    page = (await client.get(f"{HERE}/{number}")).text
    return {
        name: found[1]
        for name in ("seen", "counted")
        if (found := re.search(f'name="{name}" value="([0-9a-f]+)"', page))
    }


async def decide(client: httpx.AsyncClient, number: int, verb: str, **fields: str) -> str:
    """Press a button of an announcement's page; return what is told then."""
    answered = await press(client, f"{HERE}/{number}/{verb}", f"{HERE}/{number}", **fields)
    if answered.status_code == HTTPStatus.SEE_OTHER:
        answered = await client.get(answered.headers["location"])
    return words(answered.text)


async def approved(author: httpx.AsyncClient, approver: httpx.AsyncClient, **fields: str) -> int:
    """Write a draft and have it approved; return its number."""
    number = await drafted(author, **fields)
    await decide(approver, number, "approve", **await shown(approver, number))
    return number


async def state(services: Services, number: int) -> Any:
    """Return an announcement as it stands."""
    async with services.sessions() as session:
        return await session.get_one(Announcement, number)


async def test_walk_from_draft_to_report(services: Services, signed_in: SignIn) -> None:
    """One writes, another approves what was shown, it is sent, followed and reported."""
    author = await signed_in("author", name="Lan")
    approver = await signed_in("approver", name="Minh")
    number = await drafted(author)
    assert "3 người sẽ nhận" in await decide(author, number, "ask")
    assert TEXT["title"] in words((await approver.get(f"{HERE}?list=asked")).text)

    told = await decide(approver, number, "approve", **await shown(approver, number))
    assert "Đã duyệt đúng bản này" in told
    assert "Đã cho gửi" in await decide(author, number, "send")
    assert (await state(services, number)).state == "queued"

    async with services.sessions.begin() as session:
        await session.execute(update(Announcement).values(state="sending"))
    going = await author.get(f"{HERE}/{number}/progress")
    assert "0 / 3" in words(going.text)
    assert "Xem báo cáo" not in going.text
    async with services.sessions.begin() as session:
        await session.execute(update(Delivery).values(state="sent", at=services.now()))
        await session.execute(update(Announcement).values(state="done", finished_at=services.now()))
    report = words((await author.get(f"{HERE}/{number}")).text)
    assert "Gửi cho 3 người: 3 đã nhận, 0 đang chờ" in report
    assert "Xem báo cáo" in (await author.get(f"{HERE}/{number}/progress")).text

    async with services.sessions() as session:
        steps = [
            (row.who, row.did) for row in await audit.entries(session, f"announcement {number}")
        ]
    assert steps == [
        ("Lan", "announce.draft"),
        ("Lan", "announce.ask"),
        ("Minh", "announce.approve"),
        ("Lan", "announce.send"),
    ]


async def test_author_does_not_approve_their_own(signed_in: SignIn) -> None:
    """Neither by the page, which shows no button, nor by a form made up."""
    own = await signed_in("approver", name="Minh")
    number = await drafted(own)
    assert "Duyệt đúng bản này" not in (await own.get(f"{HERE}/{number}")).text
    other = await signed_in("approver", name="Hà")

    told = await decide(own, number, "approve", **await shown(other, number))

    assert "không tự duyệt được" in told


async def test_what_changed_since_it_was_shown_is_not_approved(
    services: Services, signed_in: SignIn
) -> None:
    """A yes is to what the page showed; without naming that it is to nothing."""
    author, approver = await signed_in("author"), await signed_in("approver")
    number = await drafted(author)
    before = await shown(approver, number)
    edit = f"{HERE}/{number}/edit"
    await press(author, edit, edit, **{**TEXT, "title": "Khác"})

    assert "không còn như bản đã xem" in await decide(approver, number, "approve", **before)
    assert "không còn như bản đã xem" in await decide(approver, number, "approve", counted="3")
    assert (await state(services, number)).state == "draft"


async def test_when_others_would_get_it_than_were_shown_it_is_not_approved(
    signed_in: SignIn, broadcast: Broadcast
) -> None:
    """The number of people stands on the button."""
    author, approver = await signed_in("author"), await signed_in("approver")
    number = await drafted(author)
    before = await shown(approver, number)
    await broadcast.settle([4])

    told = await decide(approver, number, "approve", **before)

    assert "Lúc mở trang có 3 người nhận, bây giờ 4" in told


async def test_refusal_tells_why(services: Services, signed_in: SignIn) -> None:
    """The reason stands with the draft until it is changed."""
    author, approver = await signed_in("author"), await signed_in("approver", name="Minh")
    number = await drafted(author)
    seen = await shown(approver, number)
    assert "Chưa ghi vì sao" in await decide(approver, number, "refuse", **seen)

    await decide(approver, number, "refuse", why="Thiếu giờ <b>", **seen)

    page = (await author.get(f"{HERE}/{number}")).text
    assert "Minh chưa duyệt: Thiếu giờ &lt;b&gt;" in page
    edit = f"{HERE}/{number}/edit"
    await press(author, edit, edit, **TEXT)
    assert (await state(services, number)).reason == ""


async def test_what_is_wrong_is_told_once(signed_in: SignIn) -> None:
    """Above the message, not once more where what is wrong with the message itself stands."""
    author, approver = await signed_in("author"), await signed_in("approver", name="Minh")
    number = await drafted(author)
    seen = await shown(approver, number)

    assert (await decide(approver, number, "refuse", **seen)).count("Chưa ghi vì sao") == 1


async def test_scheduled_moved_paused_resumed_and_given_up(signed_in: SignIn) -> None:
    """Each step is one press, and says what it did."""
    author, approver = await signed_in("author"), await signed_in("approver")
    number = await approved(author, approver)

    assert "08:00 ngày 25/11/2026" in await decide(
        author, number, "send", later="1", at="2026-11-25T08:00"
    )
    assert "07:00 ngày 26/11/2026" in await decide(author, number, "reschedule", at="26/11 7h")
    assert "Hẹn gửi" in words((await author.get(f"{HERE}/calendar?month=2026-11")).text)
    assert "Đã tạm dừng" in await decide(author, number, "pause")
    assert "Sẽ gửi tiếp" in await decide(author, number, "resume")
    assert "Đã hủy phần chưa gửi" in await decide(author, number, "cancel")
    copied = await press(author, f"{HERE}/{number}/copy", f"{HERE}/{number}")
    assert "chép từ thông báo" in words((await author.get(copied.headers["location"])).text)


async def test_draft_is_deleted_by_its_author(signed_in: SignIn) -> None:
    """And by nobody else."""
    author, other = await signed_in("author", name="Lan"), await signed_in("author", name="Hoa")
    number = await drafted(author)

    assert "là của Lan" in await decide(other, number, "delete")
    assert "Đã xóa bản nháp" in await decide(author, number, "delete")
    assert "Không có thông báo số" in words((await author.get(f"{HERE}/{number}")).text)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"title": ""}, "Chưa có tiêu đề"),
        ({"title": "a" * 201}, "tiêu đề dài quá 200"),
        ({"topic": ""}, "Chưa chọn chủ đề"),
        ({"roles": ""}, "Chưa chọn thông báo gửi cho ai"),
        ({"everybody": "1"}, "bỏ một trong hai"),
        ({"places": "Hà Nội"}, "Không có xã, phường nào"),
        ({"valid_until": "1/1/2020"}, "đã qua"),
        ({"active_days": "nhiều"}, "active_days phải là số ngày"),
    ],
)
async def test_what_was_typed_is_shown_again_below_what_is_wrong(
    signed_in: SignIn, fields: dict[str, str], told: str
) -> None:
    """Nothing is kept, nothing is lost."""
    author = await signed_in("author")

    refused = await press(author, f"{HERE}/new", f"{HERE}/new", **{**TEXT, **fields})

    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert told in words(refused.text)
    assert TEXT["body"] in words(refused.text)


async def test_preview_of_what_reaches_nobody(signed_in: SignIn) -> None:
    """What has no number yet is not told by one."""
    author = await signed_in("author")
    page = await press(author, f"{HERE}/look", f"{HERE}/new", **{**TEXT, "roles": "officer"})

    assert "Phải sửa: Không ai nhận được" in words(page.text)
    assert "None" not in words(page.text)


async def test_preview_keeps_nothing(services: Services, signed_in: SignIn) -> None:
    """It shows the message, the count and what is wrong; with a script, these alone."""
    author = await signed_in("author")
    fields = {**TEXT, "body": "Mời {{ name }} xem [tin](https://vi.du/a)."}

    whole = await press(author, f"{HERE}/look", f"{HERE}/new", **fields)
    author.headers["hx-request"] = "true"
    part = await press(author, f"{HERE}/look", f"{HERE}/new", **fields)

    for page in (whole, part):
        assert "3 người sẽ nhận" in words(page.text)
        assert "bà con" in words(page.text)
        assert "https://vi.du/a" in page.text
    assert "<h1>" in whole.text
    assert "<h1>" not in part.text
    async with services.sessions() as session:
        assert await session.scalar(select(Announcement.id)) is None


async def test_nothing_that_is_typed_is_obeyed(signed_in: SignIn) -> None:
    """Title, text, fields and reasons stand on every page as they were typed."""
    author, approver = await signed_in("author"), await signed_in("approver")
    bad = "<script>alert(1)</script>"
    fields = {
        "title": bad,
        "source": bad,
        "contact": bad,
        "body": f"{bad} [x](javascript:alert(1))",
    }
    number = await drafted(author, **fields)

    for client, page in (
        (author, HERE),
        (author, f"{HERE}/{number}"),
        (approver, f"{HERE}/{number}"),
    ):
        text = (await client.get(page)).text
        assert bad not in text
        assert 'href="javascript' not in text


async def test_others_see_what_went_out_alone(signed_in: SignIn) -> None:
    """A draft is nobody's business who does not write."""
    author, agent = await signed_in("author", name="Lan"), await signed_in("agent")
    number = await drafted(author)

    page = await agent.get(f"{HERE}/{number}")

    assert page.status_code == HTTPStatus.FORBIDDEN
    assert "bản nháp của Lan" in words(page.text)
    assert TEXT["title"] not in (await agent.get(f"{HERE}?list=all")).text


async def test_colleagues_hear_of_it_in_telegram(services: Services, signed_in: SignIn) -> None:
    """Who may say yes is asked where they are linked; the author hears what was decided."""
    author, approver = await signed_in("author", name="Lan"), await signed_in("approver")
    async with services.sessions.begin() as session:
        for chat, role in (("71", "author"), ("72", "approver")):
            await session.execute(update(Staff).where(Staff.role == role).values(chat=chat))
    number = await drafted(author)

    await decide(author, number, "ask")
    await decide(author, number, "ask")
    assert "Duyệt thông báo" in words((await approver.get("/console")).text)
    await decide(approver, number, "approve", **await shown(approver, number))
    assert "Gửi thông báo" in words((await author.get("/console")).text)

    async with services.sessions() as session:
        told = list(await session.scalars(select(Notice).order_by(Notice.id)))
    assert [(one.key, one.buttons[0][1]) for one in told] == [
        ("72", f"b:open-{number}"),
        ("71", f"b:send-{number}"),
    ]
    assert TEXT["title"] in told[0].text
    assert "đã duyệt" in told[1].text


async def test_files_go_with_a_draft(services: Services, signed_in: SignIn) -> None:
    """Kept by their hash, shown and given as they are; what is no picture or PDF is refused."""
    author = await signed_in("author")
    number = await drafted(author)
    page = f"{HERE}/{number}"
    token = await token_of(author, page)

    async def add(name: str, content: bytes) -> httpx.Response:
        files = {"files": (name, content)}
        return await author.post(f"{page}/files", data={"token": token}, files=files)

    picture = PNG + bytes(300_000)
    assert (await add("../../ảnh <b>.png", picture)).status_code == HTTPStatus.SEE_OTHER
    assert (await add("thư.pdf", PDF)).status_code == HTTPStatus.SEE_OTHER
    assert "không đúng là tệp" in words((await add("a.pdf", b"MZ")).text)
    assert "phải là ảnh" in words((await add("a.html", b"<b>")).text)

    shown_page = (await author.get(page)).text
    assert "<b>.png" not in shown_page
    given = await author.get(f"{page}/files/0")
    assert (given.content, given.headers["content-type"]) == (picture, "image/png")
    paper = await author.get(f"{page}/files/1")
    assert paper.headers["content-disposition"].startswith("attachment")
    assert "Không có thông báo" in words((await author.get(f"{page}/files/9")).text)
    names = [file["name"] for file in (await state(services, number)).attachments]
    assert names == ["ảnh <b>.png", "thư.pdf"]
    digest = (await state(services, number)).attachments[0]["sha256"]
    await press(author, f"{page}/files/remove", page, sha256=digest)
    assert len((await state(services, number)).attachments) == 1


async def test_nothing_long_is_read_of_who_is_not_signed_in(
    browser_of: Callable[[], httpx.AsyncClient], signed_in: SignIn
) -> None:
    """A stranger's files are not read at all; too many of staff's are refused."""
    files = {"files": ("a.png", bytes(300_000))}
    led = await browser_of().post(f"{HERE}/1/files", files=files)
    assert "/sign-in" in led.headers["location"]

    author = await signed_in("author")
    refused = await author.post(f"{HERE}/1/files", files={"files": ("a.png", bytes(23_000_000))})
    assert refused.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE


async def test_names_of_who_did_not_get_it(
    services: Services, signed_in: SignIn, broadcast: Broadcast
) -> None:
    """Counts stand in the report; names are asked for, and that is in the audit."""
    author, approver = await signed_in("author", name="Lan"), await signed_in("approver")
    await broadcast.change(2, name="=Hoa")
    number = await approved(author, approver)
    await decide(author, number, "send")
    async with services.sessions.begin() as session:
        await session.execute(update(Delivery).values(state="sent", at=services.now()))
        gone = update(Delivery).where(Delivery.person_id == 2)
        await session.execute(gone.values(state="stopped", reason="blocked"))
        await session.execute(update(Announcement).values(state="done"))

    report = words((await author.get(f"{HERE}/{number}")).text)
    listed = words((await author.get(f"{HERE}/{number}/names")).text)
    table = (await author.get(f"{HERE}/{number}/names.csv")).text

    assert "Bà con 1" not in report
    assert "=Hoa" not in report
    assert "=Hoa telegram 2 không nhận được nữa đã chặn bot" in listed
    assert "Bà con 1" not in listed
    assert "'=Hoa" in table
    async with services.sessions() as session:
        rows = await audit.entries(session, f"announcement {number}")
    noted = [(row.who, row.note) for row in rows if row.did == "announce.list"]
    assert noted == [("Lan", {"listed": 1}), ("Lan", {"listed": 3})]


async def test_rehearsal_counts_every_message(signed_in: SignIn) -> None:
    """Nothing is sent; it says how many messages, and how long they take."""
    author = await signed_in("author")
    number = await drafted(author)

    page = await author.get(f"{HERE}/{number}/rehearsal")

    assert "3 người nhận , 3 tin nhắn" in words(page.text)


async def test_urgent_is_ticked_by_both(services: Services, signed_in: SignIn) -> None:
    """Who approves ticks it as well; without that nothing is approved."""
    author, approver = await signed_in("author"), await signed_in("approver")
    number = await drafted(author, urgent="1")
    seen = await shown(approver, number)

    assert "phải nói rõ là khẩn" in await decide(approver, number, "approve", **seen)
    told = await decide(approver, number, "approve", urgent="1", **seen)

    assert "Đã duyệt đúng bản này" in told
    assert (await state(services, number)).urgent
