"""The bot is killed while it tells reminders: each is told once, or nobody knows and it is left so.

A tenth of it runs with every test; the whole is `REMIND_CHATS=50 REMIND_KILLS=10`.
"""

import asyncio
import os
import random
import shutil
from collections import Counter
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update

from services.clock import day_of, utc_now
from services.reminders import reminders
from services.settings import ROOT, Settings
from services.storage.models import Notice, Reminder
from services.storage.session import Sessions
from tests.doubles.bot_api import BotApi
from tests.doubles.databases import on_one
from tests.doubles.telegram_process import TelegramProcess
from tests.doubles.waiting import until, until_so
from tests.doubles.worker import environment

pytestmark = on_one("postgresql")

PEOPLE = int(os.environ.get("REMIND_CHATS", "20"))
KILLS = int(os.environ.get("REMIND_KILLS", "1"))
LATENCY = 0.04
"""Seconds that our Telegram takes for a message: longer than a claim, so that kills meet some."""
PATIENCE = 240.0


@pytest.fixture
def content(content: Path) -> Path:
    """Return content that a process finds sound, and deadlines."""
    shutil.copytree(ROOT / "content/deadlines", content / "deadlines")
    return content


async def plant(sessions: Sessions) -> None:
    """Have a deadline of tomorrow in every chat, whose time to be told has come."""
    event = day_of(utc_now()) - timedelta(9)
    row = {"name": "dang-ky-thay-doi", "deadline": "nop-ho-so", "event": event, "before": [7, 1]}
    row |= {"day": event + timedelta(10), "what": "Nộp hồ sơ", "created_at": utc_now()}
    row |= {"channel": "telegram", "due_at": utc_now() - timedelta(minutes=1)}
    async with sessions.begin() as session:
        await session.execute(
            insert(Reminder), [row | {"key": str(chat)} for chat in range(1, PEOPLE + 1)]
        )


async def states(sessions: Sessions) -> dict[int, str]:
    """Return what became of each chat's notice."""
    async with sessions() as session:
        rows = await session.execute(select(Notice.key, Notice.state))
    return {int(key): state for key, state in rows}


async def outlast(sessions: Sessions) -> None:
    """Let what a dead process had claimed be as old as it must be to be given up."""
    async with sessions.begin() as session:
        claimed = update(Notice).where(Notice.state == "sending")
        await session.execute(claimed.values(at=utc_now() - timedelta(minutes=5)))


async def test_each_is_told_once_or_uncertain(
    api: BotApi, settings: Settings, sessions: Sessions
) -> None:
    """Nothing is lost, nothing comes twice; only what was on its way at a kill is in doubt."""
    for chat in range(1, PEOPLE + 1):
        api.chats.open(chat)
    await plant(sessions)
    api.fail("sendMessage", times=10**9, latency=LATENCY)
    bot = TelegramProcess(environment(settings, HTX_QUIET_HOURS=""))
    chance = random.Random(20261130)  # noqa: S311  # because a test must meet the same moments again
    doubtful = set[int]()
    async with bot:
        for kill in range(1, KILLS + 1):
            least = int(PEOPLE * (kill - chance.random()) / (KILLS + 1))
            await until(partial(_has_called, api, least), PATIENCE)
            await asyncio.sleep(chance.random() * LATENCY)  # any moment, not just after a call
            await bot.kill()
            found = await states(sessions)
            doubtful |= {chat for chat, state in found.items() if state == "sending"}
            await outlast(sessions)
            await bot.start()
        await until_so(lambda: _ended(sessions), PATIENCE)
    found = await states(sessions)
    got = Counter({chat: len(sent) for chat, sent in api.chats.sent.items()})
    async with sessions() as session:
        left = [await reminders.of_chat(session, ("telegram", str(chat))) for chat in found]
    print(f"{PEOPLE} reminders, {KILLS} kills: {Counter(found.values())}")  # noqa: T201  # because `make long` shows it

    assert len(found) == PEOPLE
    assert {chat for chat, state in found.items() if state == "uncertain"} == doubtful
    assert {chat for chat, state in found.items() if state == "sent"} == found.keys() - doubtful
    assert all(got[chat] == 1 for chat in found.keys() - doubtful)
    assert all(got[chat] <= 1 for chat in doubtful)
    assert all(row.due_at is None or row.due_at > utc_now() for rows in left for row in rows)


def _has_called(api: BotApi, least: int) -> bool:
    return len(api.called("sendMessage")) >= least


async def _ended(sessions: Sessions) -> bool:
    found = await states(sessions)
    return len(found) == PEOPLE and not {"pending", "sending"} & set(found.values())
