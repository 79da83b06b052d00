"""The readings of one message: each once, two at a time."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Self

from services.understanding.interpretation import Interpretation

_AT_ONCE = 2
"""Readings of a message that are under way together: the server reads as many side by side, and
more would only look like a crowd to it."""

Read = Callable[[str, str | None], Awaitable[Interpretation]]
"""Reads a text beside the open article, if any."""


@dataclass
class Readings:
    """What is read of one message; what will surely be needed is begun before it is.

    Within `async with`: at its end nothing is read that nobody waits for. `needed` are the texts
    that somebody waited for, each with its reading: those alone tell anything of the message, for
    how many others were read in the meantime is chance.
    """

    read: Read
    needed: list[tuple[str, Interpretation]] = field(default_factory=list)
    _gate: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_ONCE))
    _begun: dict[tuple[str, str | None], asyncio.Task[Interpretation]] = field(default_factory=dict)

    async def of(self, text: str, opened: str | None) -> Interpretation:
        """Read a text beside the open article, if any, unless that was begun before."""
        reading = await self.begin(text, opened)
        self.needed.append((text, reading))
        return reading

    def begin(self, text: str, opened: str | None) -> asyncio.Task[Interpretation]:
        """Have a text read after those that were begun before it."""
        task = self._begun.get((text, opened))
        if task is None:
            task = self._begun[text, opened] = asyncio.create_task(self._one(text, opened))
        return task

    async def __aenter__(self) -> Self:
        """Begin with none."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """End what is under way."""
        tasks = self._begun.values()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _one(self, text: str, opened: str | None) -> Interpretation:
        async with self._gate:
            return await self.read(text, opened)
