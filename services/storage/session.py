"""Engines and sessions. The edge (handler, request, job) opens a session and commits it."""

from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.pool import ConnectionPoolEntry

Sessions = async_sessionmaker[AsyncSession]


_KEPT_OPEN = 20


def make_engine(url: str) -> AsyncEngine:
    """Make an engine; SQLite gets a write-ahead log and waits up to five seconds for a lock.

    Nobody waits for a connection: who has one may be waiting for the NLU, whose pace says how many
    may; a queue here would keep it from seeing the crowd, and that crowd waits without end.
    """
    engine = create_async_engine(url, pool_size=_KEPT_OPEN, max_overflow=-1)
    if engine.dialect.name == "sqlite":
        event.listen(engine.sync_engine, "connect", _tune_sqlite)
    return engine


def make_sessions(engine: AsyncEngine) -> Sessions:
    """Make the factory of sessions."""
    return async_sessionmaker(engine, expire_on_commit=False)


def _tune_sqlite(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    """Set what https://www.sqlite.org/pragma.html advises for one writer and many readers."""
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "busy_timeout=5000",
        "secure_delete=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
