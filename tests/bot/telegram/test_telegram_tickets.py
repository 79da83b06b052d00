"""A ticket from Telegram: agents hear of it, one answers, the answer stands in the same chat."""

from typing import Any

import pytest
from sqlalchemy import delete, select, update

from services.bootstrap import Services
from services.staff import account
from services.storage.models import Staff, Ticket, TicketMessage
from services.tickets import files
from services.tickets.counter import Counter, Written, newest_of_citizen
from services.tickets.files import find
from tests.conftest import NOON
from tests.doubles.bot_api import BotApi
from tests.doubles.phone import Phone
from tests.services.tickets.test_ticket_files import picture

pytestmark = pytest.mark.usefixtures("bot")
AGENT = 55


async def hired(services: Services) -> Staff:
    """Return an agent whose Telegram is linked."""
    async with services.sessions.begin() as session:
        lan = await account.add(session, "Lan", "agent", NOON, "system")
        lan.chat = str(AGENT)
    return lan


def last(api: BotApi, chat: int) -> str:
    """Return what a chat was told last."""
    sent = api.chats.sent.get(chat, [])
    return sent[-1].text if sent else ""


async def test_from_the_wish_to_the_answer(api: BotApi, phone: Phone, services: Services) -> None:
    """The bot answers until it is taken, is silent then, and answers again once it is closed."""
    await Phone(api, AGENT).say("/help")
    lan = await hired(services)
    opened = await phone.say("gặp cán bộ")
    await api.until(lambda: "Phiếu số 1" in last(api, AGENT))
    waiting = await phone.say("/help")
    phrases = services.library.phrases
    async with services.sessions.begin() as session:
        await Counter(session, lan, services.now(), phrases).take(1)
    passed = await phone.say("tôi nộp từ tháng 9")
    still = await phone.say("/help")
    async with services.sessions.begin() as session:
        seen = await newest_of_citizen(session, 1)
        counter = Counter(session, lan, services.now(), phrases)
        await counter.answer(1, Written("Chị chờ tới thứ Sáu nhé.", "a", seen))
        await counter.close(1)
    await api.until(lambda: "khép phiếu" in last(api, phone.chat))
    told = [one.text for one in api.chats.sent[phone.chat]]
    after = await phone.say("tôi cảm ơn")

    assert "phiếu số 1" in opened.text
    assert "Để lại số gọi lại" in opened.buttons
    assert "/console/inbox/1" in last(api, AGENT)
    assert waiting.text == still.text
    assert "Đã chuyển lời này tới cán bộ" in passed.text
    assert any("Cán bộ trả lời" in text and "thứ Sáu nhé" in text for text in told)
    assert "chuyển lời" not in after.text


async def test_what_is_written_to_an_agent_answers_no_form(
    api: BotApi, phone: Phone, services: Services
) -> None:
    """Though one waits for an answer: it goes on once the ticket is closed."""
    lan = await hired(services)
    await phone.say("gặp cán bộ")
    await phone.say("tính lãi vay 300 triệu 24 tháng")
    await api.until(lambda: "Lãi suất" in last(api, phone.chat))
    async with services.sessions.begin() as session:
        await Counter(session, lan, services.now(), services.library.phrases).take(1)
    passed = await phone.say("6")

    assert "Đã chuyển lời này tới cán bộ" in passed.text


async def test_a_picture_reaches_the_agent(api: BotApi, phone: Phone, services: Services) -> None:
    """While a ticket is open a picture is kept for it, drawn anew; what is none is refused."""
    before = await _sent(api, phone, picture("JPEG", exif=True))
    await phone.say("gặp cán bộ")
    taken = await _sent(api, phone, picture("JPEG", exif=True), caption="giấy hẹn, số 0905123456")
    refused = await _sent(api, phone, b"GIF89a no picture")
    async with services.sessions() as session:
        message = (await session.scalars(select(TicketMessage))).one()
        (kept,) = message.files
        file = await find(session, 1, kept.id)

    assert "chỉ đọc được chữ" in before
    assert "Đã chuyển lời này tới cán bộ" in taken
    assert "không phải ảnh" in refused
    assert "giấy hẹn" in message.text
    assert "0905123456" not in message.text
    assert (file.name, file.kind) == ("anh.jpg", "image/jpeg")
    assert b"MAY-CUA-BA-AN" not in file.content


@pytest.mark.parametrize("erased", [True, False])
async def test_a_ticket_that_ends_while_a_file_comes(
    api: BotApi,
    phone: Phone,
    services: Services,
    monkeypatch: pytest.MonkeyPatch,
    erased: bool,
) -> None:
    """Closed or erased meanwhile, it takes no file, and its person hears that nobody has it."""
    await phone.say("gặp cán bộ")
    clean = files.cleaned

    async def ends(name: str, content: bytes) -> files.CleanFile:
        async with services.sessions.begin() as session:
            ending = delete(Ticket) if erased else update(Ticket).values(closed_at=NOON)
            await session.execute(ending)
        return await clean(name, content)

    monkeypatch.setattr(files, "cleaned", ends)
    told = await _sent(api, phone, picture("JPEG"))

    assert "Chưa chuyển được tệp" in told
    assert "rồi gửi lại tệp" in told
    async with services.sessions() as session:
        assert (await session.scalars(select(TicketMessage))).all() == []


async def _sent(api: BotApi, phone: Phone, content: bytes, **more: Any) -> str:
    """Send a picture; return what is said to it."""
    before = len(api.chats.sent.get(phone.chat, []))
    held = api.hold(content) | {"width": 40, "height": 30}
    api.say(phone.chat, photo=[held], **more)
    return (await api.replies(phone.chat, before + 1))[before].text
