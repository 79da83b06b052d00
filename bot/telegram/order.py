"""The order in which people are served: each in the order they wrote, all side by side."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from weakref import WeakValueDictionary


class Order:
    """Keeps updates that are being served, and one line of waiting updates per conversation."""

    def __init__(self) -> None:
        """Start with nobody waiting."""
        self._lines: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._in_flight: set[int] = set()

    @contextmanager
    def once(self, update: int) -> Iterator[bool]:
        """Give whether this update is not being served already."""
        if update in self._in_flight:
            yield False
            return
        self._in_flight.add(update)
        try:
            yield True
        finally:
            self._in_flight.discard(update)

    @asynccontextmanager
    async def line(self, conversation: str) -> AsyncIterator[None]:
        """Wait for one's place: whoever asked for it first has it first."""
        lock = self._lines.setdefault(conversation, asyncio.Lock())
        async with lock:
            yield
