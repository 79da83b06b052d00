"""Work beside other work: none of it can end unseen, and all of it ends when that is asked."""

import asyncio
import signal
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from services.errors import HtxError


@asynccontextmanager
async def background(*works: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Run works beside the block and end them with the block; where one fails, the block fails too.

    Raises what failed: of several the one that says what to do, if any does.
    """
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(work) for work in works]
            try:
                yield
            finally:
                for task in tasks:
                    task.cancel()
    except BaseExceptionGroup as failed:
        errors = list(_leaves(failed))
        raise next((one for one in errors if isinstance(one, HtxError)), errors[0]) from None


@contextmanager
def stop_signals() -> Iterator[asyncio.Event]:
    """Give an event that Ctrl-C and `kill` set."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    yield stop


def _leaves(group: BaseExceptionGroup[BaseException]) -> Iterator[BaseException]:
    for error in group.exceptions:
        if isinstance(error, BaseExceptionGroup):
            yield from _leaves(error)
        else:
            yield error
