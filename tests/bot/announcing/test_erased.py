"""Erased means erased, also in the midst of an announcement."""

import asyncio
from functools import partial
from pathlib import Path

from sqlalchemy import select

from bot.runner import Runner
from bot.telegram.application import build, running
from services.announcements.sending.batch_sender import IN_FLIGHT
from services.bootstrap import Services
from services.storage.models import Base
from services.storage.session import Sessions
from tests.doubles.bot_api import BotApi
from tests.doubles.broadcast import Broadcast
from tests.doubles.databases import on_one
from tests.doubles.waiting import PATIENCE, until_so
from tests.doubles.worker import Worker, environment

pytestmark = on_one("sqlite")

PEOPLE = 120
CHAT = 7_345_678_901
NAME = "Nguyễn Thị Ẩn Danh"
ASKED = "Chuyện riêng của tui về cây quế Trà My"


async def test_erased_in_the_midst_of_a_sending(
    services: Services, broadcast: Broadcast, api: BotApi, tmp_path: Path
) -> None:
    """Who says /xoa before their turn gets nothing more, and no table, log or file names them."""
    people = (*range(1, PEOPLE), CHAT)
    for chat in people:
        api.chats.open(chat)
    await broadcast.settle(people[:-1])
    await broadcast.settle([CHAT], name=NAME)
    telegram = build(Runner(services))
    async with running(telegram):
        api.say(CHAT, ASKED)
        await api.replies(CHAT, 1)
        await until_so(partial(is_kept, services.sessions), PATIENCE)
        before = await left_in_tables(services.sessions)
        number = await broadcast.queued(tmp_path)
        gate, held = asyncio.Event(), set(range(21, 21 + IN_FLIGHT))
        for chat in held:
            api.fail("sendMessage", chat=chat, gate=gate)
        async with Worker(environment(services.settings)):
            await api.until(lambda: held.issubset(call.chat for call in api.called("sendMessage")))
            api.say(CHAT, "/xoa")
            announcement = await api.replies(CHAT, 2)
            gate.set()
            await broadcast.ended(number)
    counted = await broadcast.counted(number)

    assert set(before) == {"conversation", "person", "turn"}
    assert "xóa" in announcement[1].text.lower()
    assert len(api.chats.sent[CHAT]) == 2
    assert counted == {"sent": PEOPLE - 1, "stopped": 1}
    assert await left_in_tables(services.sessions) == []
    assert left_in_files(services.settings.data_dir) == []


async def is_kept(sessions: Sessions) -> bool:
    """Say whether the turn is kept: that is so a moment after its reply."""
    return "turn" in await left_in_tables(sessions)


async def left_in_tables(sessions: Sessions) -> list[str]:
    """Name every table in which something of the person stands."""
    async with sessions() as session:
        rows = [
            (table.name, "\n".join(map(str, row)))
            for table in Base.metadata.sorted_tables
            for row in await session.execute(select(table))
        ]
    return [name for name, words in rows if any(sign in words for sign in signs())]


def left_in_files(folder: Path) -> list[str]:
    """Name every file in which something of the person stands, as bytes."""
    return [
        f"{path.relative_to(folder)}: {sign}"
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        for sign in signs()
        if sign.encode() in path.read_bytes() or sign.encode("utf-16-le") in path.read_bytes()
    ]


def signs() -> tuple[str, ...]:
    """Return what would name the person: name, words, chat."""
    return NAME, ASKED, str(CHAT)
