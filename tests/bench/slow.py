"""`make bench-slow`: questions on the page while staff press buttons and Telegram hardly answers.

Quiet and slow in turn over one running product, so that a noisy machine is the same to both.
"""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from sqlalchemy import func, select

from bot.terminal import progress, result
from services.knowledge.library import Library
from services.storage.models import Received, Staff
from tests.bench.announcing import tell_waits
from tests.bench.stage import Stage, product, quantile, stage
from tests.doubles import postgres
from tests.doubles.bot_api import BotApi
from tests.doubles.bot_api_chats import Sent
from tests.doubles.flow import Flow, distinct
from tests.doubles.waiting import PATIENCE, until_so

STAFF = range(501, 531)
"""The chats of those who press."""
ANSWERS_AFTER = 20.0
"""Seconds that our Telegram takes for everything but telling what people did."""
CALLS = ("sendMessage", "editMessageText", "sendChatAction", "answerCallbackQuery")
ROUNDS = 3
LASTS = 30.0
"""Seconds of each half of a round."""
RATE = 4.0
"""Questions a second, none asked before."""


async def measure(name: str, url: str) -> None:
    """Print what a question takes on one database, quiet and slow, and the difference."""
    async with stage(0, url) as on:
        await hire(on)
        questions, quiet, slow = asked(on.broadcast.library), list[float](), list[float]()
        async with product(on) as running:
            menus = await opened(on.api)
            for place in range(ROUNDS):
                progress(f"{name}, {place + 1}/{ROUNDS}…")
                quiet += await waits(Flow(running.url, f"quiet-{place}", questions, RATE))
                for method in CALLS:
                    on.api.fail(method, times=10**9, latency=ANSWERS_AFTER)
                on.api.calls.clear()
                press(on.api, menus)
                slow += await waits(Flow(running.url, f"slow-{place}", questions, RATE))
                await on.api.until(lambda: set(STAFF) <= changed(on.api))
                on.api.faults.waiting.clear()
                await until_so(lambda: is_answered(on), PATIENCE)
    tell_waits(f"{name}, quiet", quiet)
    tell_waits(f"{name}, {len(STAFF)} buttons, {ANSWERS_AFTER:.0f} s", slow)
    more = {share: quantile(slow, share) - quantile(quiet, share) for share in (50, 95)}
    result(f"{f'{name}, more':32} p50 {more[50]:7.0f} ms   p95 {more[95]:7.0f} ms")


async def hire(on: Stage) -> None:
    """Link an account of staff to each chat."""
    async with on.broadcast.sessions.begin() as session:
        for chat in STAFF:
            now = datetime.now(UTC)
            session.add(Staff(name=f"Cán bộ {chat}", role="author", created_at=now, chat=str(chat)))


async def opened(api: BotApi) -> list[Sent]:
    """Have everybody open their menu; return what they see."""
    for chat in STAFF:
        api.say(chat, "/thongbao")
    return [(await api.replies(chat, 1))[0] for chat in STAFF]


def press(api: BotApi, menus: Sequence[Sent]) -> None:
    """Press the last button of each menu."""
    for chat, menu in zip(STAFF, menus, strict=True):
        api.press(chat, menu, [*menu.buttons.values()][-1])


def changed(api: BotApi) -> set[int | None]:
    """Return the chats whose menu was asked to be changed."""
    return {call.chat for call in api.called("editMessageText")}


def asked(library: Library) -> Iterator[str]:
    """Yield questions about the articles, each once."""
    texts = [text for article in library.articles.values() for text in article.questions]
    return distinct(texts[::2], texts[1::2])


async def waits(flow: Flow) -> list[float]:
    """Ask for a while; return milliseconds until each reply.

    Raises:
        RuntimeError: a question was lost.

    """
    async with flow.running():
        await asyncio.sleep(LASTS)
    if flow.lost:
        message = f"{len(flow.lost)} questions were lost, as {flow.lost[0]}"
        raise RuntimeError(message)
    return [1000 * (one.ended - one.began) for one in flow.asked]


async def is_answered(on: Stage) -> bool:
    """Say whether nobody waits for Telegram any more."""
    waiting = select(func.count()).where(Received.until.is_not(None))
    async with on.broadcast.sessions() as session:
        return await session.scalar(waiting) == 0


async def main() -> None:
    """Measure on both databases."""
    await measure("SQLite", "")
    with postgres.running() as server, server.database() as url:
        await measure("PostgreSQL", url)


if __name__ == "__main__":
    asyncio.run(main())
