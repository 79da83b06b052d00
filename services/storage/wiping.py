"""What was deleted is gone from the disk: SQLite's write-ahead log holds old pages otherwise."""

import asyncio

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from services.storage.session import BUSY_MS, Sessions

_log = structlog.get_logger()

_TRIES = 20
_PAUSE = 0.05
_WAIT_MS = 50
"""How long one try waits in SQLite: nobody else writes meanwhile, so it must not be long."""


async def wipe(sessions: Sessions) -> bool:
    """Write the log back and cut it to nothing; return whether that was done.

    `secure_delete` has zeroed what was deleted (https://www.sqlite.org/pragma.html#pragma_secure_delete).
    Whoever reads at this moment keeps the log open: then it is tried again, for two seconds.
    """
    for _ in range(_TRIES):
        async with sessions() as session:
            if session.get_bind().dialect.name != "sqlite":
                return True
            if await _cut(session):
                return True
        await asyncio.sleep(_PAUSE)
    _log.warning("storage.log_not_wiped")
    return False


async def _cut(session: AsyncSession) -> bool:
    """Try once to cut the log; return whether nobody was in the way."""
    await session.execute(text(f"PRAGMA busy_timeout={_WAIT_MS}"))
    try:
        busy = (await session.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))).scalar_one()
    finally:  # the connection goes on to others
        await session.execute(text(f"PRAGMA busy_timeout={BUSY_MS}"))
    return not busy
