"""A letter of several messages: each arrives once, whatever comes between two of them."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path

from tests.doubles.announcing import APPROVER, AUTHOR, PAPERS, Bureau
from tests.doubles.bot_api import BotApi

Work = Callable[[int], Coroutine[None, None, None]]
PEOPLE = 3
SOON = 20.0
"""Seconds in which a worker that may rest comes to rest."""


async def letter_to_all(bureau: Bureau, api: BotApi, folder: Path) -> int:
    """Queue a text and two files to some people who have started the bot."""
    for chat in range(1, PEOPLE + 1):
        api.chats.open(chat)
    await bureau.settle(range(1, PEOPLE + 1))
    return await bureau.queued_with_papers(folder)


async def resumed(bureau: Bureau, number: int) -> None:
    """Have staff go on with what was paused."""
    async with bureau.sessions.begin() as session:
        await bureau.announcer.resume(session, number, APPROVER)


def received(api: BotApi) -> dict[int, list[str]]:
    """Return of each chat what it got: a file's name, nothing for the text."""
    return {chat: [message.file for message in sent] for chat, sent in api.chats.sent.items()}


async def test_letter_that_the_channel_stopped_goes_on_where_it_was(
    bureau: Bureau, api: BotApi, work: Work, tmp_path: Path
) -> None:
    """A bot that Telegram refuses after the first message: what is out is not sent again."""
    number = await letter_to_all(bureau, api, tmp_path)
    api.fail("sendDocument", 401, chat=1)
    await work(number)
    paused = await bureau.state(number)
    await resumed(bureau, number)
    await work(number)

    assert (paused.state, "bot" in paused.reason) == ("paused", True)
    assert received(api) == {chat: ["", *PAPERS] for chat in range(1, PEOPLE + 1)}
    assert await bureau.counted(number) == {"sent": PEOPLE}


async def test_pause_takes_hold_between_two_messages_of_a_letter(
    bureau: Bureau, api: BotApi, work: Work, tmp_path: Path
) -> None:
    """While files can't be sent staff pause: the worker rests, and goes on with the files later."""
    number = await letter_to_all(bureau, api, tmp_path)
    down = api.fail("sendDocument", 502, times=10**9)
    working = asyncio.create_task(work(number))
    await api.until(lambda: api.called("sendDocument"))
    async with bureau.sessions.begin() as session:
        await bureau.announcer.pause(session, number, AUTHOR)
    await asyncio.wait_for(working, SOON)
    down.times = 0
    await resumed(bureau, number)
    await work(number)

    assert received(api) == {chat: ["", *PAPERS] for chat in range(1, PEOPLE + 1)}
    assert await bureau.counted(number) == {"sent": PEOPLE}


async def test_erased_while_under_way_and_paused_ends_all_the_same(
    bureau: Bureau, api: BotApi, work: Work, tmp_path: Path
) -> None:
    """Who is erased while Telegram puts them off is no reason never to end."""
    for chat in range(1, PEOPLE + 1):
        api.chats.open(chat)
    await bureau.settle(range(1, PEOPLE + 1))
    number, gate = await bureau.queued(tmp_path), asyncio.Event()
    api.fail("sendMessage", 429, chat=2, gate=gate, parameters={"retry_after": 1})
    working = asyncio.create_task(work(number))
    await api.until(lambda: any(call.chat == 2 for call in api.called("sendMessage")))
    await bureau.erase(2)
    async with bureau.sessions.begin() as session:
        await bureau.announcer.pause(session, number, AUTHOR)
    gate.set()
    await working
    await resumed(bureau, number)
    await asyncio.wait_for(work(number), SOON)

    assert (await bureau.state(number)).state == "done"
    assert await bureau.counted(number) == {"sent": PEOPLE - 1, "stopped": 1}
