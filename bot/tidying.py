"""What a running product lets go of each day."""

import asyncio

import structlog

from services.bootstrap import Services
from services.clock import utc_now
from services.conversation.retention import reduce_old
from services.storage.backup import expire
from services.storage.session import wipe

_log = structlog.get_logger()


async def tidy(services: Services) -> None:
    """Reduce old turns to counts and delete old backups, then leave no trace on the disk."""
    settings, now = services.settings, utc_now()
    gone = await reduce_old(services.sessions, now, settings.keep_days)
    expired = await asyncio.to_thread(expire, settings, now)
    await wipe(services.sessions)
    _log.info("storage.tidied", turns=gone, backups=expired)
