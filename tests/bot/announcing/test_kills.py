import asyncio
import os
import random
from functools import partial
from pathlib import Path

from sqlalchemy import func, select

from services.settings import Settings
from services.storage.models import Delivery
from tests.doubles.bot_api import BotApi
from tests.doubles.broadcast import Broadcast
from tests.doubles.databases import on_one
from tests.doubles.waiting import until
from tests.doubles.worker import Worker, environment

pytestmark = on_one("postgresql")

PEOPLE = int(os.environ.get("ANNOUNCE_PEOPLE", "100"))
KILLS = int(os.environ.get("ANNOUNCE_KILLS", "1"))
LATENCY = 0.04
"""Seconds that our Telegram takes for a message: longer than a claim, so that kills meet some."""
PATIENCE = 240.0 + PEOPLE / 20


async def under_way(broadcast: Broadcast, number: int) -> int:
    """Return how many deliveries are claimed and not closed."""
    query = select(func.count()).where(
        Delivery.announcement_id == number, Delivery.state == "sending"
    )
    async with broadcast.sessions() as session:
        return await session.scalar(query) or 0


def asked(api: BotApi, least: float) -> bool:
    """Say whether so many messages were asked for."""
    return len(api.called("sendMessage")) >= least


async def test_worker_killed_at_random_sends_nothing_twice_and_loses_nothing(
    broadcast: Broadcast, api: BotApi, settings: Settings, tmp_path: Path
) -> None:
    """However often the worker is killed, everybody has one final row, and nobody two messages."""
    chance = random.Random(20261126)  # noqa: S311  # because a test must kill at the same moments again
    agreed, silent = range(1, PEOPLE + 1), range(PEOPLE + 1, PEOPLE + PEOPLE // 10 + 1)
    for chat in (*agreed, *silent):
        api.chats.open(chat)
    await broadcast.settle(agreed)
    await broadcast.settle(silent, agreed=False)
    number = await broadcast.queued(tmp_path)
    api.fail("sendMessage", times=10**9, latency=LATENCY)
    patient = environment(settings, HTX_FAIL_SHARE="0.9")  # the kills are so many on purpose
    worker, lost = Worker(patient), 0
    for kill in range(1, KILLS + 1):
        await worker.start()
        least = PEOPLE * (kill - 0.8 + 0.5 * chance.random()) / (KILLS + 1)
        await until(partial(asked, api, least), PATIENCE)
        await asyncio.sleep(chance.random() * LATENCY)  # the moment of a kill is any moment
        await worker.kill()
        lost += await under_way(broadcast, number)
    async with worker:
        await broadcast.ended(number, PATIENCE)
    rows = await broadcast.rows(number)
    async with broadcast.sessions() as session:
        told = (await broadcast.announcer.report(session, number)).as_json()
    received = {chat: len(sent) for chat, sent in api.chats.sent.items()}
    sent = {chat for chat, (state, _) in rows.items() if state == "sent"}
    uncertain = {chat for chat, (state, _) in rows.items() if state == "uncertain"}
    print(  # noqa: T201  # because `make bench-announce` shows it
        f"{PEOPLE} people, {KILLS} kills: {len(sent)} sent, {len(uncertain)} uncertain, of which "
        f"{len(uncertain & set(received))} had it; {lost} under way at the kills"
    )

    assert set(rows) == set(agreed)
    assert sent | uncertain == set(agreed)
    assert set(received.values()) == {1}
    assert sent <= set(received) <= set(agreed)
    assert len(uncertain) == lost
    assert (told["total"], told["sent"], told["uncertain"]) == (PEOPLE, len(sent), lost)
    assert len(received) == len(sent) + len(uncertain & set(received))
