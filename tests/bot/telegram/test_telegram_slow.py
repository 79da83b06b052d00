"""Telegram is slow: whoever asks on the page does not feel it."""

import asyncio

import httpx
import pytest

from bot.runner import Runner
from bot.web.app import make_app
from services.bootstrap import Services
from tests.doubles.bot_api import BotApi
from tests.doubles.telegram import ASKED, Start
from tests.doubles.web import Probe

PEOPLE = range(1, 31)
LONG = 5.0
"""Seconds in which a page answers on any machine, and in which no connection is given up."""


@pytest.fixture
def database_url(any_database: str) -> str:
    """Return the URL of each database in turn."""
    return any_database


async def test_page_answers_while_pressed_buttons_wait_for_telegram(
    api: BotApi, services: Services, start: Start
) -> None:
    """Thirty people have pressed, Telegram takes no message: the page answers as ever."""
    slow = asyncio.Event()
    page = httpx.ASGITransport(make_app(Runner(services), nlu_ready=Probe()))
    async with start(), httpx.AsyncClient(transport=page, base_url="http://htx.test") as client:
        for person in PEOPLE:
            api.say(person, "/help")
        shown = [(await api.replies(person, 1))[0] for person in PEOPLE]
        api.fail("sendMessage", times=len(PEOPLE), gate=slow)
        for person, message in zip(PEOPLE, shown, strict=True):
            api.press(person, message, "s:ocop")
        await api.until(lambda: len(api.called("sendMessage")) >= len(PEOPLE) + 10)
        try:
            async with asyncio.timeout(LONG):
                question = {"conversation": "trang", "text": ASKED}
                answer = await client.post("/api/messages", json=question)
        finally:
            slow.set()

    assert "05 thành viên" in answer.json()["text"]
