"""Stopping, starting, seeing and erasing in Telegram; presses under an announcement."""

from functools import partial

import pytest
from sqlalchemy import select, update

from services.bootstrap import Services
from services.people.places import require_place
from services.storage.models import Base, Consent, Delivery, GroupMember, Person, Press, Turn
from tests.doubles.bot_api import NAME, BotApi
from tests.doubles.people import count, deliver, only_person, questions_kept, someone_in, words
from tests.doubles.phone import ME, Phone
from tests.doubles.telegram import ASKED
from tests.doubles.waiting import PATIENCE, until, until_so

pytestmark = pytest.mark.usefixtures("bot")
HOA_TIEN = require_place("Hòa Tiến")


@pytest.mark.parametrize(
    "written",
    ["/dungtin", "/DungTin", "/dừngtin", "dừng nhận tin", "Dung nhan tin.", f"/dungtin@{NAME}"],
)
async def test_stop_and_take_it_back(phone: Phone, services: Services, written: str) -> None:
    """Announcements stop by command or plain words, and a button takes that back."""
    await phone.say("/nhantin")
    stopped = await phone.say(written)
    agreed = (await only_person(services)).agreed
    last = await phone.tap(stopped, "Nhận lại")

    assert words(services.library, "stopped") != last
    assert "Nhận tin: tất cả" in last
    assert not agreed
    assert (await only_person(services)).agreed


@pytest.mark.parametrize(
    "written", ["/dungtin OCOP", "/dungtin\nocop", "/dừngtin đăng ký sản phẩm OCOP"]
)
async def test_stop_one_topic(phone: Phone, services: Services, written: str) -> None:
    """One topic is stopped by name or label; the others go on."""
    await phone.say("/nhậntin")
    reply = await phone.say(written)

    assert reply.text.startswith("Đã dừng tin về đăng ký sản phẩm OCOP, trừ khi")
    assert (await only_person(services)).agreed


async def test_unknown_topic_is_answered_with_the_list(phone: Phone) -> None:
    """Who names no topic is told which there are."""
    reply = await phone.say("/nhantin bóng đá")

    assert "• đăng ký sản phẩm OCOP" in reply.text


@pytest.mark.parametrize("text", ["dừng nhận tin có mất quyền lợi không?", "nhận tin", "nhắn tin"])
async def test_question_about_announcements_is_a_question(
    phone: Phone, services: Services, text: str
) -> None:
    """Only the exact words stop announcements, and none but a command or a button starts them."""
    await phone.say(text)
    await phone.settle()

    assert await questions_kept(services) == [text]
    assert await count(services, Consent) == 0


@pytest.mark.parametrize("written", ["/dulieu", "/dữliệu"])
async def test_what_is_held_is_told(phone: Phone, written: str) -> None:
    """/dulieu says what is held and what to do about it, in one message."""
    await phone.say(ASKED)
    reply = await phone.say(written)

    assert "Lượt hỏi còn giữ: 1; mỗi lượt giữ 90 ngày" in reply.text
    assert "Bản sao lưu tự hết sau 30 ngày." in reply.text
    assert "/xoa" in reply.text


async def test_presses_under_an_announcement(api: BotApi, phone: Phone, services: Services) -> None:
    """Each button is answered by a new message and counted once; stopping can be taken back."""
    async with services.sessions.begin() as session:
        person = (await someone_in(services, session, str(ME))).person
        number = (await deliver(session, person, "sent", services.now())).announcement_id
    helped = await phone.say("/help")
    for place in (0, 0, 1, 2):
        api.press(ME, helped, f"x:{number}:{place}")
    *_, read, again, asked, stopped = await api.replies(ME, 5)
    say = services.library.phrases.say

    assert [read.text, again.text, asked.text] == [
        say("announcement_read"),
        say("announcement_read"),
        say("announcement_ask"),
    ]
    assert "Nhận lại" in stopped.buttons
    assert await count(services, Press) == 3


async def test_nothing_of_an_erased_person_is_left(phone: Phone, services: Services) -> None:
    """After /xoa no table holds the chat, and the answer to it makes nobody known again."""
    message = await phone.start(f"/start p{HOA_TIEN.code}_tocop_ehop-xa")
    await phone.tap(message, "Nông dân")
    await phone.tap(message, "Nhận tất cả")
    await phone.say(ASKED)
    reply = await phone.say("/xoa")
    await phone.say("/xoa")
    days = {"days": 30}

    assert services.library.phrases.say("erased_person", count=1, **days) == reply.text
    assert [await count(services, table) for table in (Person, Consent, GroupMember, Turn)] == [
        0,
        0,
        0,
        0,
    ]
    await until_so(partial(_nowhere, services, str(ME)), PATIENCE)


async def test_nothing_of_an_erased_person_is_left_on_the_disk(
    api: BotApi, services: Services
) -> None:
    """After /xoa no file of the data folder holds a word that was written, soon nor the chat."""
    phone, secret = Phone(api, chat=987_654_321), "vườn sầu riêng nhà tui"
    await phone.start()
    await phone.say(secret)
    await phone.say("/nhantin")
    await phone.say("/xoa")
    held = _on_the_disk(services)
    await until(lambda: str(phone.chat).encode() not in _on_the_disk(services), PATIENCE)

    assert b"SQLite format 3" in held
    assert secret.encode() not in held


def _on_the_disk(services: Services) -> bytes:
    files = [path for path in services.settings.data_dir.rglob("*") if path.is_file()]
    return b"".join(path.read_bytes() for path in files)


async def test_erasing_waits_for_what_is_being_sent(
    api: BotApi, phone: Phone, services: Services
) -> None:
    """An announcement on its way arrives before the answer to /xoa; consent is withdrawn first."""
    await phone.say("/nhantin")
    async with services.sessions.begin() as session:
        person = (await someone_in(services, session, str(ME))).person
        await deliver(session, person, "sending", services.now())
    api.say(ME, "/xoa")

    async def has_withdrawn() -> bool:
        return not (await only_person(services)).agreed

    await until_so(has_withdrawn, 5)
    before = len(api.chats.sent[ME])
    async with services.sessions.begin() as session:
        await session.execute(update(Delivery).values(state="sent"))
    await api.replies(ME, 2)
    async with services.sessions() as session:
        rows = list(await session.scalars(select(Delivery)))

    assert before == 1
    assert [(row.person_id, row.state, len(row.who)) for row in rows] == [(None, "sent", 64)]


async def _nowhere(services: Services, value: str) -> bool:
    return await _anywhere(services, value) == []


async def _anywhere(services: Services, value: str) -> list[str]:
    """Return the columns that hold a value, in any table."""
    found = []
    async with services.sessions() as session:
        for table in Base.metadata.sorted_tables:
            for column in table.columns:
                held = (await session.execute(select(column))).scalars()
                if any(value == str(cell) for cell in held):
                    found.append(f"{table.name}.{column.name}")
    return found
