"""Waiting for what tells nobody that it is done: another process, another task."""

import asyncio
from collections.abc import Awaitable, Callable

PATIENCE = 120.0
"""Seconds in which a process starts and does its work, however busy the machine."""
_LOOK_AGAIN = 0.05
"""Seconds."""


async def until(true: Callable[[], bool], seconds: float) -> None:
    """Return as soon as something is true; raise TimeoutError when it is not in time."""
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110  # because there is no event to wait for
            await asyncio.sleep(_LOOK_AGAIN)


async def until_so(true: Callable[[], Awaitable[object]], seconds: float) -> None:
    """Return as soon as something asked is true; raise TimeoutError as `until` does."""
    async with asyncio.timeout(seconds):
        while not await true():  # noqa: ASYNC110  # because a row in a database has no event
            await asyncio.sleep(_LOOK_AGAIN)
