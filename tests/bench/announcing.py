"""`make bench-announce`: rate, speed, crowds and storms of announcements, beside the usual ways.

Each part compares within one run: a machine that is slow is slow to all. Name parts to run those
alone: `python tests/bench/announcing.py rate crowd`.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from bot.terminal import progress, result
from tests.bench.stage import Stage, held, product, quantile, stage
from tests.doubles import postgres
from tests.doubles.broadcast import TEXT
from tests.doubles.worker import Worker, environment

PEOPLE = 2000
CROWD = 100_000
RATE = 24
LATENCY = 0.05
"""Seconds that a Bot API some way off takes."""
HERE = Path(__file__).parent


async def rate() -> None:
    """Hold 24 a second below Telegram's limits, a citizen asking every second; beside the usual."""
    async with stage(RATE) as on:
        on.api.chats.limits.on = True
        await on.settle(PEOPLE)
        async with product(on):
            quiet = await on.citizen(60)
            number = await on.queued()
            busy = await while_sent(on, number)
        tell_rate("ours", on)
        tell_waits("a citizen without a broadcast", quiet)
        tell_waits("a citizen beside ours", busy)
    async with stage(RATE) as on:
        on.api.chats.limits.on = True
        await on.settle(PEOPLE)
        async with usual("gather", on) as sending:
            busy = []
            while sending.returncode is None and len(busy) < 150:
                busy += await on.citizen(1)
        tell_rate("the usual way", on)
        tell_waits("a citizen beside the usual way", busy)


async def speed() -> None:
    """Send unpaced, beside a bare loop; on PostgreSQL with one worker, then two."""
    async with stage(0) as on:
        await on.settle(PEOPLE)
        async with usual("loop", on) as sending:
            await sending.wait()
        bare = held(on.announced())
        result(f"unpaced, a bare loop                 {bare:7.1f} a second")
        for name, text in (
            ("the same to all", TEXT.replace("{{ name }}", "bà con")),
            ("with names", TEXT),
        ):
            on.api.calls.clear()
            number = await on.queued(text)
            async with Worker(environment(on.settings)):
                await on.broadcast.ended(number, 300)
            ours = held(on.announced())
            result(f"unpaced, ours, {name:20}  {ours:7.1f} a second, {ours / bare:.2f} of the loop")
    with postgres.running() as server:
        for workers in (1, 2):
            with server.database() as url:
                await shared(url, workers)


async def shared(url: str, workers: int) -> None:
    """Send unpaced on PostgreSQL with so many workers, Telegram some way off."""
    async with stage(0, url) as on, AsyncExitStack() as stack:
        await on.settle(PEOPLE)
        on.api.fail("sendMessage", times=10**9, latency=LATENCY)
        number = await on.queued()
        for _ in range(workers):
            await stack.enter_async_context(Worker(environment(on.settings)))
        await on.broadcast.ended(number, 300)
        result(f"PostgreSQL, {workers} worker(s)   {held(on.announced()):7.1f} a second")


async def crowd() -> None:
    """Count and queue for a hundred thousand, on both databases."""
    with postgres.running() as server, server.database() as address:
        for name, url in (("SQLite", ""), ("PostgreSQL", address)):
            async with stage(RATE, url) as on:
                began = time.perf_counter()
                await on.broadcast.settle(range(1, CROWD + 1))
                settled = time.perf_counter() - began
                figures = await measured(on)
            result(
                f"{name:11} {figures['people']} people (added in {settled:.1f} s): "
                f"counted in {figures['count_s']:.2f} s, queued in {figures['queue_s']:.2f} s, "
                f"{figures['more_mib']:.0f} MiB more"
            )


async def storm() -> None:
    """Answer bulk with 429 while a citizen asks; then be down for a minute."""
    async with stage(RATE) as on:
        await on.settle(PEOPLE)
        async with product(on):
            quiet = await on.citizen(30)
            for chat in range(1, PEOPLE, 20):
                on.api.fail("sendMessage", 429, chat=chat, parameters={"retry_after": 1})
            number = await on.queued()
            busy = await while_sent(on, number, most=60)
        tell_waits("a citizen before the storm", quiet)
        tell_waits("a citizen in a storm of 429", busy)
    await down()


async def down() -> None:
    """Take our Telegram away for a minute in the midst of a broadcast."""
    async with stage(RATE) as on:
        await on.settle(500)
        number = await on.queued()
        async with Worker(environment(on.settings)):
            await on.api.until(lambda: len(on.announced()) > 100)
            await on.close_door()
            await asyncio.sleep(60)
            await on.open_door()
            await on.broadcast.ended(number, 300)
        counted = await on.broadcast.counted(number)
        twice = sum(len(sent) > 1 for sent in on.api.chats.sent.values())
        result(f"down for a minute: {counted}, reached {len(on.api.chats.sent)}, twice {twice}")


async def while_sent(on: Stage, number: int, most: float = 300) -> list[float]:
    """Ask every second until an announcement is done; return the waits."""
    waits, end = [], time.monotonic() + most
    while (await on.broadcast.state(number)).state != "done" and time.monotonic() < end:
        waits += await on.citizen(1)
    return waits


@asynccontextmanager
async def usual(way: str, on: Stage) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run one of the usual ways beside the block."""
    command = (sys.executable, str(HERE / "usual.py"), way, on.api.base_url, str(PEOPLE))
    sending = await asyncio.create_subprocess_exec(*command)
    try:
        yield sending
    finally:
        if sending.returncode is None:
            sending.kill()
        await sending.wait()


async def measured(on: Stage) -> dict[str, float]:
    """Count and queue in a process of its own."""
    command = (
        sys.executable,
        str(HERE / "crowd.py"),
        str(on.settings.data_dir),
        on.settings.database_url,
    )
    done = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
    printed, _ = await done.communicate()
    figures: dict[str, float] = json.loads(printed)
    return figures


def tell_rate(name: str, on: Stage) -> None:
    """Print the rate that was held, and what went wrong."""
    calls = on.announced()
    refused = on.api.chats.limits.refused
    result(f"{name:32} {held(calls):6.2f} a second, {refused} times 429")


def tell_waits(name: str, waits: list[float]) -> None:
    """Print how long people waited."""
    result(
        f"{name:32} p50 {quantile(waits, 50):7.0f} ms   p95 {quantile(waits, 95):7.0f} ms   "
        f"({len(waits)} questions)"
    )


PARTS: dict[str, Callable[[], Awaitable[None]]] = {
    "rate": rate,
    "speed": speed,
    "crowd": crowd,
    "storm": storm,
}


async def main(wanted: list[str]) -> None:
    """Measure the parts that are named, or all."""
    for name, part in PARTS.items():
        if not wanted or name in wanted:
            progress(f"{name}…")
            await part()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
