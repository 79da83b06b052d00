"""What was deleted is gone from the disk: SQLite's write-ahead log holds old pages otherwise."""

import asyncio

import structlog
from sqlalchemy import text

from services.storage.session import Sessions

_log = structlog.get_logger()

_TRIES = 20
_PAUSE = 0.1


async def wipe(sessions: Sessions) -> bool:
    """Write the log back and cut it to nothing; return whether that was done.

    `secure_delete` has zeroed what was deleted (https://www.sqlite.org/pragma.html#pragma_secure_delete).
    Whoever reads at this moment keeps the log open: then it is tried again, for two seconds.
    """
    for _ in range(_TRIES):
        async with sessions() as session:
            if session.get_bind().dialect.name != "sqlite":
                return True
            busy = (await session.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))).scalar_one()
        if not busy:
            return True
        await asyncio.sleep(_PAUSE)
    _log.warning("storage.log_not_wiped")
    return False
