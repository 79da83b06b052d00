"""A steady flow of questions, as many people would ask them side by side."""

import asyncio
import itertools
import statistics
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp

_BEFORE = ("", "Cho hỏi: ", "Dạ, ", "Em hỏi chút, ", "Bà con hỏi: ", "Chú ơi, ", "Ad ơi, ", "À, ")
_AFTER = ("", " ạ", " vậy", " hè", " nhỉ", " với ạ", " giúp tôi", " rứa", " nghe", " hỉ")


@dataclass(frozen=True)
class Asked:
    """One question of the flow: when it began and ended, and what came back."""

    began: float
    ended: float
    status: int
    reply: dict[str, Any]


@dataclass
class Flow:
    """Asks `rate` questions a second, however slow the replies are, each in a conversation."""

    url: str
    name: str
    questions: Iterator[str]
    rate: float
    asked: list[Asked] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Ask for as long as the block runs, then wait for what is still under way."""
        limit, connector = aiohttp.ClientTimeout(total=10), aiohttp.TCPConnector(limit=200)
        async with aiohttp.ClientSession(timeout=limit, connector=connector) as http:
            asking = asyncio.create_task(self._ask_on(http))
            try:
                yield
            finally:
                asking.cancel()
                await asyncio.wait((asking,))

    def figures(self) -> str:
        """Say how quick the replies were, and how many were read by their words."""
        times = statistics.quantiles((a.ended - a.began for a in self.asked), n=100)
        slowest = max(a.ended - a.began for a in self.asked)
        degraded = sum(bool(a.reply.get("degraded")) for a in self.asked)
        p50, p95, most = (round(1000 * seconds) for seconds in (times[49], times[94], slowest))
        return (
            f"{self.name}: {len(self.asked)} asked, {len(self.lost)} lost, {degraded} degraded, "
            f"p50 {p50} ms, p95 {p95} ms, max {most} ms"
        )

    async def _ask_on(self, http: aiohttp.ClientSession) -> None:
        started = time.monotonic()
        async with asyncio.TaskGroup() as under_way:
            try:
                for number, text in enumerate(self.questions):
                    await asyncio.sleep(started + number / self.rate - time.monotonic())
                    under_way.create_task(self._ask(http, number, text))
            except asyncio.CancelledError:
                return

    async def _ask(self, http: aiohttp.ClientSession, number: int, text: str) -> None:
        began = time.monotonic()
        body = {"conversation": f"{self.name}-{number}", "text": text}
        try:
            async with http.post(f"{self.url}/api/messages", json=body) as answer:
                reply = await answer.json()
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            self.lost.append(f"{text}: {error!r}")
            return
        self.asked.append(Asked(began, time.monotonic(), answer.status, reply))


def distinct(often: Sequence[str], others: Sequence[str]) -> Iterator[str]:
    """Yield texts made of example questions, each once; every other one is of those asked often."""
    both = [_varied(often), _varied(others)]
    return itertools.chain.from_iterable(zip(*both, strict=False))


def _varied(questions: Sequence[str]) -> Iterator[str]:
    seen = set()
    for after, before, question in itertools.product(_AFTER, _BEFORE, questions):
        text = f"{before}{question.rstrip('?')}{after}"
        if text not in seen:
            seen.add(text)
            yield text
