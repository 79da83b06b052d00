"""What can go wrong at the Bot API, on demand, and the limits that Telegram keeps."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

_REASONS = {
    400: "Bad Request: refused on demand",
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    404: "Not Found",
    409: "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running",
    429: "Too Many Requests: retry later",
    500: "Internal Server Error",
    502: "Bad Gateway",
}


class ApiError(Exception):
    """An answer that says no."""

    def __init__(self, code: int, description: str = "", **parameters: Any) -> None:
        """Keep the code, Telegram's words for it and its parameters."""
        super().__init__(description)
        self.code = code
        self.description = description or _REASONS.get(code, "Error")
        self.parameters = parameters


class DroppedError(Exception):
    """The connection is to be dropped without an answer."""


@dataclass
class Fault:
    """What happens to the next calls of a method."""

    method: str
    """A method's name, or `*` for all."""
    times: int
    chat: int | None = None
    code: int | None = None
    description: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)
    dropped: bool = False
    latency: float = 0.0
    gate: asyncio.Event | None = None
    """The call waits until this is set."""
    afterwards: bool = False
    """The call does its work first: the caller can't know that."""

    def fits(self, method: str, chat: int | None) -> bool:
        """Say whether this is to happen to a call."""
        return (
            self.times > 0
            and self.method in {"*", method}
            and (self.chat is None or self.chat == chat)
        )

    async def happen(self) -> None:
        """Let it happen.

        Raises:
            ApiError: the call is refused.
            DroppedError: the call's connection is dropped.

        """
        if self.latency:
            await asyncio.sleep(self.latency)
        if self.gate:
            await self.gate.wait()
        if self.dropped:
            raise DroppedError
        if self.code:
            raise ApiError(self.code, self.description, **self.parameters)


@dataclass
class Faults:
    """The faults that are still to happen, in order."""

    waiting: list[Fault] = field(default_factory=list)

    def next(self, method: str, chat: int | None) -> Fault | None:
        """Return what happens to a call now, once less from now on."""
        fault = next((fault for fault in self.waiting if fault.fits(method, chat)), None)
        if fault:
            fault.times -= 1
        return fault


@dataclass
class Limits:
    """Telegram's limits: so many messages a second, to one chat and to all; off until `on`."""

    on: bool = False
    per_chat: float = 1.0
    overall: int = 30
    clock: Callable[[], float] = time.monotonic
    refused: int = 0
    """Messages that were one too many."""
    _last: dict[int, float] = field(default_factory=dict)
    _recent: deque[float] = field(default_factory=deque)

    def count(self, chat: int) -> None:
        """Count a message.

        Raises:
            ApiError: it is one too many, 429.

        """
        if not self.on:
            return
        now = self.clock()
        while self._recent and now - self._recent[0] >= 1:
            self._recent.popleft()
        too_soon = now - self._last.get(chat, -1.0e9) < 1 / self.per_chat
        if too_soon or len(self._recent) >= self.overall:
            self.refused += 1
            raise ApiError(429, retry_after=1)
        self._last[chat] = now
        self._recent.append(now)
