"""A ticket from Telegram: agents hear of it, one answers, the answer stands in the same chat."""

import pytest

from services.bootstrap import Services
from services.staff import account
from services.storage.models import Staff
from services.tickets.counter import Counter, Written, newest_of_citizen
from tests.conftest import NOON
from tests.doubles.bot_api import BotApi
from tests.doubles.phone import Phone

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
