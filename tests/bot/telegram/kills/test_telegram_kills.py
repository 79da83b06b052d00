"""The bot is killed at any moment while many people write: nothing is lost, next to nothing twice.

Every reply that one person gets is another text, so that one which comes again is known by it.
A tenth of it runs with every test; the whole is `INBOX_CHATS=50 INBOX_KILLS=10`.
"""

import asyncio
import os
import random
from collections import Counter
from collections.abc import Sequence
from functools import partial
from itertools import pairwise, product

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.telegram.updates import PATH
from services.processes import free_port
from services.settings import Settings
from services.storage.models import Person, Received, Turn
from services.storage.session import Sessions
from tests.doubles.bot_api import BotApi
from tests.doubles.databases import EACH, WHOLE
from tests.doubles.telegram_process import TelegramProcess
from tests.doubles.waiting import until, until_so
from tests.doubles.worker import environment

PEOPLE = int(os.environ.get("INBOX_CHATS", "5"))
KILLS = int(os.environ.get("INBOX_KILLS", "1"))
TEXTS = (
    "/nhantin",
    "Hồ sơ OCOP",
    "Số thành viên để lập hợp tác xã",
    "Hạng sao OCOP",
    "Hồ sơ đăng ký hợp tác xã",
    "/dungtin",
    "Hôm nay có mưa không?",
)
"""What everybody writes; one in two then asks to be erased, the others for help."""
LATENCY = 0.04
"""Seconds that our Telegram takes for a message, so that kills meet some on their way."""
PATIENCE = 240.0 + PEOPLE
WALKED = (("postgresql", "webhook"),)
EVERY = tuple(product(EACH, ("polling", "webhook")))
"""On which database, by which way messages come; every pair under `make long`."""


def written(person: int) -> tuple[str, ...]:
    """Return what a person writes, in order."""
    return (*TEXTS, "/xoa" if person % 2 else "/help")


def sent(api: BotApi) -> int:
    """Count the messages that the bot sent."""
    return sum(map(len, api.chats.sent.values()))


async def out(api: BotApi) -> Counter[int]:
    """Count the messages in each chat, once those that a dead bot had on their way have arrived."""
    await api.until(lambda: len(api.called("sendMessage")) == sent(api))
    return Counter({chat: len(messages) for chat, messages in api.chats.sent.items()})


def repeats(replies: Sequence[str], kills: Sequence[int]) -> list[int]:
    """Count of each kill the replies after it, up to the next, that had been out before it.

    `kills` says how many replies were out at each.
    """
    lives = pairwise([*kills, len(replies)])
    return [sum(reply in replies[:at] for reply in replies[at:end]) for at, end in lives]


async def answered(sessions: Sessions, total: int) -> bool:
    """Say whether every update is written down and answered."""
    async with sessions() as session:
        closed = await session.scalar(
            select(func.count()).select_from(Received).where(Received.until.is_(None))
        )
    return closed == total


async def turns_by_chat(session: AsyncSession) -> Counter[int]:
    """Count what is kept of each person's questions."""
    rows = await session.execute(select(Turn.key, func.count()).group_by(Turn.key))
    return Counter({int(key): number for key, number in rows})


@pytest.mark.parametrize(
    ("any_database", "way"), EVERY if WHOLE else WALKED, indirect=["any_database"]
)
async def test_killed_at_random_it_answers_all_and_obeys_once(
    api: BotApi, settings: Settings, sessions: Sessions, way: str
) -> None:
    """All is answered, every command obeyed once; a kill repeats at most one reply in a chat."""
    chance = random.Random(20261129)  # noqa: S311  # because a test must kill at the same moments again
    people = range(1, PEOPLE + 1)
    port = free_port()
    webhook = {
        "HTX_TELEGRAM_WEBHOOK_URL": f"http://127.0.0.1:{port}{PATH}",
        "HTX_WEB_PORT": str(port),
    }
    bot = TelegramProcess(environment(settings, **(webhook if way == "webhook" else {})))
    api.fail("sendMessage", times=10**9, latency=LATENCY)
    for text in zip(*map(written, people), strict=True):
        for person, words in zip(people, text, strict=True):
            api.say(person, words)
    total, kills = len(api.updates), list[Counter[int]]()
    for kill in range(1, KILLS + 1):
        await bot.start()
        before = sent(api)
        least = min(before + 1, total) if before >= total * kill / (KILLS + 1) else before
        least = max(least, int(total * (kill - 0.8 + 0.5 * chance.random()) / (KILLS + 1)))
        await until(lambda least=least: sent(api) >= least, PATIENCE)  # type: ignore[misc]  # because mypy sees no default
        await asyncio.sleep(chance.random() * LATENCY)  # the moment of a kill is any moment
        await bot.kill()
        kills.append(await out(api))
    async with bot:
        await until_so(partial(answered, sessions, total), PATIENCE)
    async with sessions() as session:
        kept = await turns_by_chat(session)
        known = set(await session.scalars(select(Person.chat)))
        agreed = set(await session.scalars(select(Person.chat).where(Person.agreed)))
    replies = {chat: [message.text for message in api.chats.sent[chat]] for chat in people}
    repeated = {chat: repeats(replies[chat], [at[chat] for at in kills]) for chat in people}
    print(  # noqa: T201  # because whoever runs the whole wants to see it
        f"{way}: {len(people)} people, {total} messages, {KILLS} kills, "
        f"{sum(map(sum, repeated.values()))} replies repeated, "
        f"at most {max(map(max, repeated.values()))} in a chat by one kill"
    )
    asked = [text for text in written(2) if not text.startswith("/")]

    for chat in people:
        different, usual = list(dict.fromkeys(replies[chat])), dict.fromkeys(replies[2 - chat % 2])
        assert different == list(usual), (chat, "what others who wrote the same got, in that order")
        assert len(different) == len(written(chat)), (chat, "everything is answered")
        assert max(repeated[chat]) <= 1, (chat, "at most one reply comes again by a kill")
        assert len(replies[chat]) == len(different) + sum(repeated[chat]), (chat, "none without")
    assert kept == Counter({chat: len(asked) for chat in people if chat % 2 == 0})
    assert known == {str(chat) for chat in people if chat % 2 == 0}
    assert agreed == set()
