"""An event loop in a thread, for what runs beside a test that drives a browser.

Playwright has the loop of the test's own thread for itself.
"""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from tests.doubles.waiting import PATIENCE

_T = TypeVar("_T")


@dataclass(frozen=True)
class Beside:
    """A loop that runs in a thread."""

    loop: asyncio.AbstractEventLoop

    def do(self, what: Coroutine[Any, Any, _T], within: float = PATIENCE) -> _T:
        """Have something done there and return what it returned; raise when it is not in time."""
        return asyncio.run_coroutine_threadsafe(what, self.loop).result(within)

    @contextmanager
    def open(self, what: AbstractAsyncContextManager[_T]) -> Iterator[_T]:
        """Have something stand open there until the block ends."""
        yield self.do(what.__aenter__())
        self.do(what.__aexit__(None, None, None))


@contextmanager
def beside() -> Iterator[Beside]:
    """Run a loop until the block ends."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield Beside(loop)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
