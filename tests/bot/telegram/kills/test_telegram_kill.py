"""The bot is killed: whatever it took is answered by the next process, and obeyed once."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select

from services.people import person as people
from services.settings import Settings
from services.storage.migrate import upgrade
from services.storage.models import FormRun
from services.storage.session import make_engine, make_sessions
from tests.doubles.bot_api import BotApi
from tests.doubles.databases import on_one
from tests.doubles.phone import Phone
from tests.doubles.telegram import ASKED
from tests.doubles.telegram_process import TelegramProcess
from tests.doubles.waiting import until
from tests.doubles.worker import environment

pytestmark = on_one("sqlite")

ME, OTHER = 7, 8
PATIENCE = 180.0
"""Seconds for a start on a busy machine, and for the rows of a dead process to be free."""


@pytest.fixture
async def bot(api: BotApi, settings: Settings) -> AsyncIterator[TelegramProcess]:
    """Return a bot as a process that polls."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    await upgrade(settings.database_url)
    made = TelegramProcess(environment(settings))
    async with made:
        await until(lambda: bool(api.called("getUpdates")), PATIENCE)
        yield made


async def agrees(settings: Settings, chat: int) -> bool:
    """Say whether a person agrees to announcements."""
    engine = make_engine(settings.database_url)
    try:
        async with make_sessions(engine)() as session:
            found = await people.find(session, "telegram", str(chat))
            return bool(found and found.agreed)
    finally:
        await engine.dispose()


async def confirmed(api: BotApi, update: int) -> None:
    """Wait until Telegram was told that an update was taken."""
    await api.until(
        lambda: any(int(c.parameters.get("offset", 0)) > update for c in api.called("getUpdates"))
    )


async def test_killed_bot_goes_on_with_a_form(
    api: BotApi, settings: Settings, bot: TelegramProcess
) -> None:
    """An answer that was taken is kept once, and the next question comes from the next process."""
    phone = Phone(api, ME)
    listed = await phone.say("/congcu")
    api.press(ME, listed, listed.buttons["Tính thử khoản vay"])
    await until(lambda: len(api.chats.sent[ME]) >= 2, PATIENCE)
    slow = asyncio.Event()
    api.fail("sendMessage", gate=slow, dropped=True)
    await confirmed(api, api.say(ME, "300 triệu"))
    await bot.kill()
    slow.set()
    await bot.start()
    await until(lambda: "Đã ghi: 300 triệu" in api.chats.sent[ME][-1].text, PATIENCE)
    term = await phone.say("24 tháng")
    engine = make_engine(settings.database_url)
    async with make_sessions(engine)() as session:
        [run] = (await session.scalars(select(FormRun))).all()
    await engine.dispose()

    assert "Lãi suất" in term.text
    assert run.answers == {"amount": 300_000_000, "months": 24}


async def test_killed_bot_answers_and_obeys_what_it_took(
    api: BotApi, settings: Settings, bot: TelegramProcess
) -> None:
    """A question that was being answered and the /dungtin behind it are there after the start."""
    phone = Phone(api, ME)
    message = await phone.start()
    for label in ("Bỏ qua", "Bỏ qua", "Nhận tất cả"):
        await phone.tap(message, label)
    slow = asyncio.Event()
    api.fail("sendMessage", gate=slow, dropped=True)
    api.say(ME, ASKED)
    await api.until(lambda: len(api.called("sendMessage")) > 2)
    await confirmed(api, api.say(ME, "/dungtin"))
    agreed_before = await agrees(settings, ME)
    await bot.kill()
    slow.set()
    await bot.start()
    await until(lambda: len(api.chats.sent[ME]) >= 4, PATIENCE)
    *_, answer, stopped = api.chats.sent[ME]

    assert agreed_before
    assert "tìm theo từ ngữ" in answer.text
    assert stopped.text.startswith("Đã dừng")
    assert not await agrees(settings, ME)
