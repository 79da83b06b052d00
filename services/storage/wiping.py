"""What was deleted is taken off the disk: SQLite's write-ahead log holds old pages otherwise.

`secure_delete` has zeroed what was deleted (https://www.sqlite.org/pragma.html#pragma_secure_delete);
the log is written back and cut to nothing (https://www.sqlite.org/pragma.html#pragma_wal_checkpoint).
"""

import asyncio
import contextlib
import time
from dataclasses import dataclass, field

import structlog
from sqlalchemy import text
from sqlalchemy.exc import PendingRollbackError

from services.storage.session import Sessions
from services.storage.sqlite import BUSY_MS

_log = structlog.get_logger()

_PAUSE = 0.05
"""Seconds between two tries while somebody is in the way."""
_PATIENCE = 2.0
"""Seconds for which whoever wants to know whether it was done waits for readers."""
_LATER = 60.0
"""Seconds for which it is tried beside everything else; then the daily tidying does it."""


@dataclass
class Wiper:
    """Cuts the log for all of a process who ask at a time; none of them waits for a reader.

    A try is over at once: while it waited for whoever reads, nobody could write.
    """

    sessions: Sessions
    _one: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)
    _asked: int = field(default=0, init=False)
    _covered: int = field(default=0, init=False)
    """How many of those who asked had done so before the last try began."""
    _clean: bool = field(default=False, init=False)
    """What came of that try."""
    _later: asyncio.Task[bool] | None = field(default=None, init=False)

    async def wipe(self) -> bool:
        """Cut the log, or leave it to be done as soon as nobody is in the way; say which.

        A try that was under way before may not know of what has just been deleted: those who come
        meanwhile share the next one.
        """
        clean = await self._tried()
        if not clean and (self._later is None or self._later.done()):
            self._later = asyncio.create_task(self.insist(_LATER))
        return clean

    async def insist(self, seconds: float = _PATIENCE) -> bool:
        """Try for a while; return whether the log was cut."""
        end = time.monotonic() + seconds
        while not await self._tried():
            if time.monotonic() > end:
                _log.warning("storage.log_not_wiped")
                return False
            await asyncio.sleep(_PAUSE)
        return True

    async def settle(self) -> None:
        """Try no more: the last to close the database cuts the log."""
        if self._later is not None:
            self._later.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._later

    async def _tried(self) -> bool:
        """Try once, or take what came of a try that began after this was asked for."""
        self._asked += 1
        mine = self._asked
        async with self._one:
            if self._covered < mine:
                covers = self._asked
                self._clean = await self._cut()
                self._covered = covers
            return self._clean

    async def _cut(self) -> bool:
        """Write back what can be, then cut the log unless anybody is in the way."""
        async with self.sessions() as session:
            if session.get_bind().dialect.name != "sqlite":
                return True
            await session.execute(text("PRAGMA busy_timeout=0"))
            try:
                await session.execute(text("PRAGMA wal_checkpoint(PASSIVE)"))
                cut = await session.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
                return not cut.scalar_one()
            finally:
                # The connection goes on to others, unless whoever had it was cancelled: then it is
                # closed, and what says so may not take the place of the cancellation.
                with contextlib.suppress(PendingRollbackError):
                    await session.execute(text(f"PRAGMA busy_timeout={BUSY_MS}"))
