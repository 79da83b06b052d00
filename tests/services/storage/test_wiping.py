"""What was deleted is taken off the disk without anybody waiting for it."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from services.bootstrap import Services
from services.storage.session import wipe

SHORT = 1.0
"""Seconds that a writer waits here, a fifth of what the product's wait."""


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Return the URL of an SQLite database, the only one that has such a log."""
    return sqlite_url


def _write(database: Path) -> None:
    """Write as another process does; `sqlite3.OperationalError` when the database stays locked."""
    with closing(sqlite3.connect(database, timeout=SHORT)) as writer, writer:
        writer.execute("UPDATE turn SET text = ''")


async def test_long_reader_keeps_nobody_from_writing(services: Services) -> None:
    """While the log can't be cut because somebody reads, others write; then it is cut."""
    database = services.settings.sqlite_path
    assert database
    log = Path(f"{database}-wal")
    with closing(sqlite3.connect(database, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT 1 FROM turn").fetchall()
        await asyncio.to_thread(_write, database)
        wiping = asyncio.create_task(wipe(services.sessions))
        while not wiping.done():
            await asyncio.to_thread(_write, database)
        wiped_meanwhile = await wiping

    assert not wiped_meanwhile
    assert await wipe(services.sessions)
    assert not await asyncio.to_thread(log.read_bytes)
