"""The follower: serves what another process publishes, in one that publishes nothing itself."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from services.edition import CurrentEdition
from services.errors import HtxError
from services.knowledge.library import Library
from services.publishing.editions import open_edition
from services.publishing.rehearsal import rehearsed
from services.publishing.status import read_record, record_path
from services.settings import Settings
from services.understanding.client import NluClient, client_of

_log = structlog.get_logger()

_LOOK_EVERY = 2.0
"""Seconds between two looks; longer than a question that is under way may take."""


async def follow(
    settings: Settings,
    current: CurrentEdition,
    on_published: Callable[[Library], Awaitable[None]],
    every: float = _LOOK_EVERY,
) -> None:
    """Serve each edition as soon as it is recorded, until cancelled.

    Its model is the publisher's: behind `HTX_NLU_URL` it changed just before the record did. What
    the client before has read and the connections that it keeps belong to the other model, so each
    edition gets a client of its own; the one before may end its answers first.
    """
    used: list[NluClient] = []
    try:
        while True:
            await asyncio.sleep(every)
            for before in used[:-1]:
                await before.close()
            del used[:-1]
            try:
                client = await _follow(settings, current)
            except HtxError as error:  # half gone already; the next record names another
                _log.warning("publishing.not_followed", reason=str(error))
                continue
            if client is not None:
                used.append(client)
                await _tell(on_published, current.library)
    finally:
        for before in used:
            await before.close()


async def _tell(on_published: Callable[[Library], Awaitable[None]], library: Library) -> None:
    """Let others know what is served now."""
    try:
        await on_published(library)
    except Exception:  # noqa: BLE001  # because a database that is away must not end what serves
        _log.exception("publishing.not_told")


async def _follow(settings: Settings, current: CurrentEdition) -> NluClient | None:
    """Serve the recorded edition; return the client that asks its model, None where it is served.

    Raises:
        EditionGone: it is not there any more.

    """
    record = await asyncio.to_thread(read_record, record_path(settings))
    if record is None or record.edition == current.edition.fingerprint:
        return None
    built = await asyncio.to_thread(open_edition, settings, record.edition)
    client = client_of(settings)
    current.edition, _ = await asyncio.to_thread(rehearsed, settings, built, client)
    _log.info("publishing.followed", edition=built.fingerprint)
    return client
