import asyncio
import sqlite3
from queue import SimpleQueue
from typing import Any

import pytest
from sqlalchemy import func, select

from services.bootstrap import Services
from services.settings import Settings
from services.storage.models import Conversation
from services.storage.session import make_engine, make_sessions
from tests.conftest import NOON

MANY = 250
"""Rows: more than a statement brings along."""


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Return the URL of a SQLite database."""
    return sqlite_url


def conversations(number: int) -> list[Conversation]:
    """Return conversations to be kept."""
    return [Conversation(channel="web", key=f"{at}", updated_at=NOON) for at in range(number)]


async def test_statement_and_commit_are_a_visit_each(
    migrated: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The thread of a connection is visited for a statement and its rows once, and to commit."""
    visits: list[object] = []

    class _Counted(SimpleQueue[Any]):
        """What a connection's thread takes its work from."""

        def put_nowait(self, item: Any) -> None:
            visits.append(item)
            super().put_nowait(item)

    monkeypatch.setattr("aiosqlite.core.SimpleQueue", _Counted)
    engine = make_engine(migrated.database_url)
    sessions = make_sessions(engine)
    async with sessions() as session:
        await session.scalar(select(1))
    opened = len(visits)
    async with sessions() as session:
        assert (await session.scalars(select(Conversation))).all() == []
    read = len(visits) - opened
    async with sessions.begin() as session:
        session.add_all(conversations(1))
    written = len(visits) - opened - read
    await engine.dispose()

    assert read == 1
    assert written == 2


async def test_all_rows_are_read_whichever_way(services: Services) -> None:
    """What has more rows than come along at once is read to its end, together or bit by bit."""
    async with services.sessions.begin() as session:
        session.add_all(conversations(MANY))
    async with services.sessions() as session:
        together = (await session.scalars(select(Conversation.id))).all()
        streamed = await session.stream_scalars(
            select(Conversation.id).execution_options(yield_per=30)
        )
        one_by_one = [number async for number in streamed]
        half = await session.stream_scalars(select(Conversation.id))
        first = await half.fetchmany(1)
        await half.close()

    assert len(set(together)) == MANY
    assert one_by_one == list(together)
    assert first == [together[0]]


async def test_write_that_was_given_up_leaves_nothing(migrated: Settings) -> None:
    """Who is cancelled while the database is locked has written nothing, and bars nobody after."""
    engine = make_engine(migrated.database_url, connections=1)
    sessions = make_sessions(engine)
    assert migrated.sqlite_path is not None
    other = sqlite3.connect(migrated.sqlite_path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    async def _write(rows: list[Conversation]) -> None:
        async with sessions.begin() as session:
            session.add_all(rows)
            await session.flush()  # a commit that began is not given up

    writing = asyncio.create_task(_write(conversations(1)))
    done, _ = await asyncio.wait((writing,), timeout=0.2)
    writing.cancel()
    other.execute("COMMIT")
    other.close()
    with pytest.raises(asyncio.CancelledError):
        await writing
    async with sessions() as session:
        left = await session.scalar(select(func.count()).select_from(Conversation))
    await _write(conversations(1))
    await engine.dispose()

    assert not done
    assert left == 0
