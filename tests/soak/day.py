"""A day: who lives in it, what happens in which order, and its report."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import func, select

from services.storage.models import Received, Turn
from services.storage.session import Sessions
from tests.soak.memory import Memory
from tests.soak.people import Visitor, Writer
from tests.soak.tally import Tally
from tests.soak.world import World, events

ROUND = 10.0
"""Minutes in which every accident happens once; a shorter day has one such round."""
ROUGH = 0.75
"""The share of the day in which accidents happen; the rest is calm, and memory is looked at."""


@dataclass
class Day:
    """A day: the product's world, those who live in it, and what is kept of them."""

    world: World
    sessions: Sessions
    visitors: list[Visitor]
    writers: list[Writer]
    web: Tally
    telegram: Tally
    over: asyncio.Event
    minutes: float
    memory: Memory = field(init=False)
    began: float = field(default_factory=time.monotonic)
    calm: float = 0.0

    def __post_init__(self) -> None:
        """Look at the memory of the world's processes."""
        self.memory = Memory(self.world.processes)

    async def live(self) -> None:
        """Live it, and wait until everybody has an answer."""
        watching = asyncio.create_task(self.memory.watch())
        people = [asyncio.create_task(one.live()) for one in self.visitors]
        people += [asyncio.create_task(one.live()) for one in self.writers]
        try:
            await self._accidents()
            await self.world.serves_the_last()
            self.calm = time.monotonic()
            await asyncio.sleep(60 * self.minutes * (1 - ROUGH))
        finally:
            self.over.set()
            await asyncio.gather(*people)
            watching.cancel()
            await asyncio.wait((watching,))

    async def _accidents(self) -> None:
        rounds = max(1, round(self.minutes * ROUGH / ROUND))
        for _ in range(rounds):
            for accident in self.world.accidents:
                began = time.monotonic()
                seconds = 60 * self.minutes * ROUGH / rounds / len(self.world.accidents)
                await accident(seconds)
                await asyncio.sleep(max(0.0, began + seconds - time.monotonic()))

    async def unanswered(self) -> int:
        """Count what was taken from Telegram and is not answered yet."""
        query = select(func.count()).where(Received.until.is_not(None))
        async with self.sessions() as session:
            return await session.scalar(query) or 0

    async def kept(self) -> dict[str, int]:
        """Return how many turns are kept of each conversation."""
        async with self.sessions() as session:
            rows = await session.execute(select(Turn.key, func.count()).group_by(Turn.key))
            return {str(key): int(count) for key, count in rows}

    def report(self, log: Path) -> Iterator[str]:
        """Tell what came of it, a line each."""
        world, told = self.world, events(log)
        yield f"a day of {self.minutes:g} minutes; the full disk was {world.disk.kind}"
        yield self.web.line()
        yield self.telegram.line()
        yield f"answers repeated in Telegram: {sum(one.repeated() for one in self.writers)}"
        yield from (line for one in self.writers for line in one.odd())
        yield world.letters.line()
        deaths = ", ".join(f"{role}: {count}" for role, count in sorted(world.deaths.items()))
        yield f"killed {deaths}; back after {', '.join(world.pauses)}"
        served = ", ".join(f"{seconds:.0f} s" for seconds in world.served)
        yield f"changes served after {served}; {world.superseded} changed again before"
        yield from self.memory.lines(self.began, self.calm)
        yield "told as faults and warnings: " + ", ".join(
            f"{event} {count}" for event, count in told.most_common()
        )
