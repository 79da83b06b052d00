import asyncio
from pathlib import Path

import pytest

from services.settings import Settings
from tests.doubles.bot_api import BotApi
from tests.doubles.broadcast import Broadcast
from tests.doubles.worker import Worker, environment

PEOPLE = 200


@pytest.fixture
def any_database(postgres_url: str) -> str:
    """Return the database that several workers share."""
    return postgres_url


async def test_another_worker_adopts_the_jobs_of_a_dead_one(
    broadcast: Broadcast, api: BotApi, settings: Settings, tmp_path: Path
) -> None:
    """A worker that is killed and not started again leaves nothing undone: the other does it."""
    for chat in range(1, PEOPLE + 1):
        api.chats.open(chat)
    await broadcast.settle(range(1, PEOPLE + 1))
    number = await broadcast.queued(tmp_path)
    gate = asyncio.Event()
    api.fail("sendMessage", chat=150, gate=gate)
    dead = Worker(environment(settings))
    await dead.start()
    await api.until(lambda: any(call.chat == 150 for call in api.called("sendMessage")))
    async with Worker(environment(settings)):
        await dead.kill()
        gate.set()
        await broadcast.ended(number)
    counted = await broadcast.counted(number)

    assert counted["sent"] + counted["uncertain"] == PEOPLE
    assert 1 <= counted["uncertain"] <= 16
    assert {len(sent) for sent in api.chats.sent.values()} == {1}
