"""What was deleted is taken off the disk without anybody waiting for it."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from services.bootstrap import Services
from services.storage.wiping import Wiper

SHORT = 1.0
"""Seconds that a writer waits here, a fifth of what the product's wait."""


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Return the URL of an SQLite database, the only one that has such a log."""
    return sqlite_url


@pytest.fixture
def database(services: Services) -> Path:
    """Return the file of the database."""
    assert services.settings.sqlite_path
    return services.settings.sqlite_path


def _write(database: Path) -> None:
    """Write as another process does; `sqlite3.OperationalError` when the database stays locked."""
    with closing(sqlite3.connect(database, timeout=SHORT)) as writer, writer:
        writer.execute("UPDATE turn SET text = ''")


def _log_of(database: Path) -> bytes:
    return Path(f"{database}-wal").read_bytes()


@contextmanager
def _reading(database: Path) -> Iterator[None]:
    """Read for as long as the block lasts, and have something stand in the log meanwhile."""
    with closing(sqlite3.connect(database, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT 1 FROM turn").fetchall()
        _write(database)
        yield


async def test_long_reader_keeps_nobody_from_writing(services: Services, database: Path) -> None:
    """While the log can't be cut because somebody reads, others write; then it is cut."""
    with _reading(database):
        wiping = asyncio.create_task(services.wiper.insist())
        while not wiping.done():
            await asyncio.to_thread(_write, database)
        wiped_meanwhile = await wiping

    assert not wiped_meanwhile
    assert await services.wiper.insist()
    assert not _log_of(database)


async def test_what_a_reader_was_in_the_way_of_is_done_once_he_ends(
    services: Services, database: Path
) -> None:
    """Who erases waits for no reader: the log is cut as soon as the reading is over."""
    with _reading(database):
        left = await services.wiper.wipe()
        before = _log_of(database)
    async with asyncio.timeout(5):
        while _log_of(database):  # noqa: ASYNC110  # because nothing signals that a file is empty
            await asyncio.sleep(0.01)

    assert not left
    assert before


async def test_those_who_ask_at_a_time_share_a_try(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of twenty who ask at a time, those who came while one try was under way share the next."""
    tries, cut = [], Wiper._cut  # noqa: SLF001  # because how often it is tried is what counts

    async def counted(wiper: Wiper) -> bool:
        tries.append(wiper)
        return await cut(wiper)

    monkeypatch.setattr(Wiper, "_cut", counted)
    clean = await asyncio.gather(*(services.wiper.wipe() for _ in range(20)))

    assert all(clean)
    assert len(tries) <= 2


async def test_cut_that_is_cancelled_ends(services: Services) -> None:
    """Else the product, told to stop while it tidies, would wait for the next day."""
    engine = services.sessions.kw["bind"].sync_engine

    def cancel(*executed: Any) -> None:
        if "TRUNCATE" in executed[2]:
            cutting.cancel()

    event.listen(engine, "before_cursor_execute", cancel)
    cutting = asyncio.create_task(services.wiper.insist())

    with pytest.raises(asyncio.CancelledError):
        await cutting
