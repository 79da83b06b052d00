"""Letters of three messages, a worker that is killed, a bot that is refused between two of them."""

import asyncio
import os
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from tests.doubles.bot_api import BotApi
from tests.doubles.bot_api_faults import Fault
from tests.doubles.broadcast import APPROVER, PAPERS, Broadcast
from tests.doubles.databases import on_one
from tests.doubles.waiting import until_so
from tests.doubles.worker import Worker, environment

pytestmark = on_one("sqlite")

PEOPLE = int(os.environ.get("PARTS_PEOPLE", "50"))
KILLS = int(os.environ.get("PARTS_KILLS", "1"))
PAUSES = int(os.environ.get("PARTS_PAUSES", "1"))
PATIENCE = 240.0 + PEOPLE / 2
LATENCY = 0.04
"""Seconds that our Telegram takes for a message: longer than a claim, so that kills meet some."""
WHOLE = ["", *PAPERS]
"""What a recipient gets: a text, then two files."""
BLOCKS, ODD = PEOPLE // 3, PEOPLE // 2
"""Who blocks the bot after the text, and whom Telegram refuses the file for a reason of its own."""


@dataclass
class Storm:
    """Kills the worker and has the bot refused, at moments of chance, until all is sent."""

    broadcast: Broadcast
    api: BotApi
    number: int
    worker: Worker
    chance: random.Random
    under_way: set[int] = field(default_factory=set)
    """The chats whose message was on its way at a kill."""
    pauses: int = 0

    async def blow(self) -> None:
        """Do everything at its moment."""
        steps = [self.kill] * KILLS + [self.pause] * PAUSES
        self.chance.shuffle(steps)
        await self.worker.start()
        for place, step in enumerate(steps, 1):
            share = (place - 0.8 + 0.5 * self.chance.random()) / (len(steps) + 1)
            least = int(len(WHOLE) * PEOPLE * share)
            await self.unless_paused(partial(self.has_given, least))
            await asyncio.sleep(self.chance.random() * LATENCY)  # any moment, not just after a call
            await step()

    async def kill(self) -> None:
        """Kill the worker; note whose message is on its way, and start it again."""
        await self.worker.kill()
        states = await self.broadcast.parts(self.number)
        self.under_way |= {chat for chat, (state, _) in states.items() if state == "sending"}
        await self.worker.start()

    async def pause(self) -> None:
        """Refuse the bot for the second message of somebody, until the announcement is paused."""
        before = self.pauses
        while self.pauses == before:
            begun = [chat for chat, got in received(self.api).items() if got == [""]]
            if begun:
                self.api.faults.waiting.insert(0, Fault("sendDocument", 1, begun[-1], 401))
            await self.unless_paused(lambda: True)
            await asyncio.sleep(LATENCY)

    async def unless_paused(self, true: Callable[[], bool]) -> None:
        """Wait until something is so; have staff go on with what is paused meanwhile."""

        async def is_so() -> bool:
            state = (await self.broadcast.state(self.number)).state
            if state == "paused":
                self.pauses += 1
                self.api.faults.waiting = [f for f in self.api.faults.waiting if f.code != 401]
                async with self.broadcast.sessions.begin() as session:
                    await self.broadcast.announcer.resume(session, self.number, APPROVER)
            return true() or state == "done"

        await until_so(is_so, PATIENCE)

    async def ended(self) -> None:
        """Wait until everybody had their turn."""
        await self.unless_paused(lambda: False)

    def has_given(self, least: int) -> bool:
        """Say whether so many messages were asked for."""
        return least <= len(self.api.called("sendMessage")) + len(self.api.called("sendDocument"))


def received(api: BotApi) -> dict[int, list[str]]:
    """Return of each chat what it got: a file's name, nothing for the text."""
    return {chat: [message.file for message in sent] for chat, sent in api.chats.sent.items()}


async def test_no_message_comes_twice_and_each_row_tells_the_truth(
    broadcast: Broadcast, api: BotApi, tmp_path: Path
) -> None:
    """Whatever stops a letter in its midst, what is out stays out, what is in doubt is listed."""
    for chat in range(1, PEOPLE + 1):
        api.chats.open(chat)
    await broadcast.settle(range(1, PEOPLE + 1))
    number = await broadcast.queued_with_papers(tmp_path)
    api.fail("sendDocument", 403, chat=BLOCKS)
    api.fail("sendDocument", 400, chat=ODD, description="Bad Request: something odd")
    for method in ("sendMessage", "sendDocument"):
        api.fail(method, times=10**9, latency=LATENCY)
    worker = Worker(environment(broadcast.settings, HTX_FAIL_SHARE="0.9"))  # the kills alone
    chance = random.Random(20261129)  # noqa: S311  # because a test must meet the same moments again
    storm = Storm(broadcast, api, number, worker, chance)
    await storm.blow()
    try:
        await storm.ended()
    finally:
        await worker.stop()
    got, rows = received(api), await broadcast.parts(number)
    in_doubt = {chat for chat, (state, _) in rows.items() if state == "uncertain"}
    print(  # noqa: T201  # because `make long` shows it
        f"{PEOPLE} letters of three messages, {KILLS} kills, {storm.pauses} pauses: "
        f"{sum(state == 'sent' for state, _ in rows.values())} sent, {len(in_doubt)} uncertain"
    )

    assert len(rows) == PEOPLE
    assert in_doubt == storm.under_way
    assert storm.pauses >= PAUSES
    for chat, (state, parts) in rows.items():
        mine = got.get(chat, [])
        assert mine == WHOLE[: len(mine)], (chat, "nothing twice, nothing out of turn")
        assert state in {"sent", "failed", "stopped", "uncertain"}
        assert (state == "sent") == (len(mine) == len(WHOLE)) or state == "uncertain"
        assert len(mine) - parts in ({0, 1} if state == "uncertain" else {0})
    assert {rows[BLOCKS][0], rows[ODD][0]} <= {"stopped", "failed", "uncertain"}
