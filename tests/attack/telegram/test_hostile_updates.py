"""Thousands of updates that nobody means well: each is answered or passed over, none breaks it."""

from itertools import islice
from typing import Any

from sqlalchemy import func, select
from structlog.testing import capture_logs
from telegram import Update

from bot.telegram.application import Telegram
from services.bootstrap import Services
from services.storage.models import Received
from tests.doubles.bot_api import BotApi
from tests.doubles.bot_api_chats import Sent
from tests.doubles.hostile import drawn, numbered, updates
from tests.doubles.phone import ME, Phone
from tests.doubles.telegram import ASKED, Start

WHOLE, AT_ONCE = 5_000, 100


def happen(api: BotApi, updates: list[dict[str, Any]]) -> None:
    """Have the chats and the messages that updates are about be there."""
    for update in updates:
        pressed: dict[str, Any] = update.get("callback_query", {}).get("message", {})
        if message := pressed or update.get("message"):
            chat = api.chats.open(message["chat"]["id"])["id"]
            if pressed:
                api.chats.sent.setdefault(chat, []).append(Sent(pressed, ""))


async def test_hostile_updates_break_nothing(
    api: BotApi, telegram: Telegram, start: Start, services: Services, phone: Phone
) -> None:
    """No error is logged, Telegram refuses nothing, no row stays open; the next is answered."""
    coming = numbered(drawn(updates, WHOLE))
    async with start():
        with capture_logs() as logs:
            while some := list(islice(coming, AT_ONCE)):
                happen(api, some)
                read = [Update.de_json(one, telegram.bot) for one in some]
                await telegram.take(read)
                await telegram.runner.rest()
        answer = await phone.say(ASKED)
    async with services.sessions() as session:
        open_ = select(func.count()).where(Received.until.is_not(None))
        left = await session.scalar(open_)

    assert [one for one in logs if one["log_level"] in {"error", "critical"}] == []
    assert left == 0
    assert "05 thành viên" in answer.text


async def test_mark_that_cuts_a_sign_in_two_breaks_nothing(api: BotApi, start: Start) -> None:
    """A command that is told to end within a letter is a question like any other."""
    mark = {"type": "bot_command", "offset": 0, "length": 1}
    with capture_logs() as logs:
        async with start():
            api.say(ME, f"\U0001f469 {ASKED}", entities=[mark])
            await api.replies(ME, 1)

    assert [one for one in logs if one["log_level"] == "error"] == []
