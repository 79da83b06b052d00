"""A letter of several messages: each arrives once, whatever comes between two of them."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path

from tests.doubles.bot_api import BotApi
from tests.doubles.broadcast import APPROVER, AUTHOR, PAPERS, Broadcast

Work = Callable[[int], Coroutine[None, None, None]]
PEOPLE = 3
SOON = 20.0
"""Seconds in which a worker that may rest comes to rest."""


async def letter_to_all(broadcast: Broadcast, api: BotApi, folder: Path) -> int:
    """Queue a text and two files to some people who have started the bot."""
    for chat in range(1, PEOPLE + 1):
        api.chats.open(chat)
    await broadcast.settle(range(1, PEOPLE + 1))
    return await broadcast.queued_with_papers(folder)


async def resumed(broadcast: Broadcast, number: int) -> None:
    """Have staff go on with what was paused."""
    async with broadcast.sessions.begin() as session:
        await broadcast.announcer.resume(session, number, APPROVER)


def received(api: BotApi) -> dict[int, list[str]]:
    """Return of each chat what it got: a file's name, nothing for the text."""
    return {chat: [message.file for message in sent] for chat, sent in api.chats.sent.items()}


async def test_letter_that_the_channel_stopped_goes_on_where_it_was(
    broadcast: Broadcast, api: BotApi, work: Work, tmp_path: Path
) -> None:
    """A bot that Telegram refuses after the first message: what is out is not sent again."""
    number = await letter_to_all(broadcast, api, tmp_path)
    api.fail("sendDocument", 401, chat=1)
    await work(number)
    paused = await broadcast.state(number)
    await resumed(broadcast, number)
    await work(number)

    assert (paused.state, "bot" in paused.reason) == ("paused", True)
    assert received(api) == {chat: ["", *PAPERS] for chat in range(1, PEOPLE + 1)}
    assert await broadcast.counted(number) == {"sent": PEOPLE}


async def test_pause_takes_hold_between_two_messages_of_a_letter(
    broadcast: Broadcast, api: BotApi, work: Work, tmp_path: Path
) -> None:
    """While files can't be sent staff pause: the worker rests, and goes on with the files later."""
    number = await letter_to_all(broadcast, api, tmp_path)
    down = api.fail("sendDocument", 502, times=10**9)
    working = asyncio.create_task(work(number))
    await api.until(lambda: api.called("sendDocument"))
    async with broadcast.sessions.begin() as session:
        await broadcast.announcer.pause(session, number, AUTHOR)
    await asyncio.wait_for(working, SOON)
    down.times = 0
    await resumed(broadcast, number)
    await work(number)

    assert received(api) == {chat: ["", *PAPERS] for chat in range(1, PEOPLE + 1)}
    assert await broadcast.counted(number) == {"sent": PEOPLE}


async def test_erased_while_under_way_and_paused_ends_all_the_same(
    broadcast: Broadcast, api: BotApi, work: Work, tmp_path: Path
) -> None:
    """Who is erased while Telegram puts them off is no reason never to end."""
    for chat in range(1, PEOPLE + 1):
        api.chats.open(chat)
    await broadcast.settle(range(1, PEOPLE + 1))
    number, gate = await broadcast.queued(tmp_path), asyncio.Event()
    api.fail("sendMessage", 429, chat=2, gate=gate, parameters={"retry_after": 1})
    working = asyncio.create_task(work(number))
    await api.until(lambda: any(call.chat == 2 for call in api.called("sendMessage")))
    await broadcast.erase(2)
    async with broadcast.sessions.begin() as session:
        await broadcast.announcer.pause(session, number, AUTHOR)
    gate.set()
    await working
    await resumed(broadcast, number)
    await asyncio.wait_for(work(number), SOON)

    assert (await broadcast.state(number)).state == "done"
    assert await broadcast.counted(number) == {"sent": PEOPLE - 1, "stopped": 1}
