"""Engines and sessions. The edge (handler, request, job) opens a session and commits it."""

from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.pool import ConnectionPoolEntry

Sessions = async_sessionmaker[AsyncSession]


_CONNECTIONS = 10


def make_engine(url: str) -> AsyncEngine:
    """Make an engine; SQLite gets a write-ahead log and waits up to five seconds for a lock.

    Nobody may hold a connection while it waits for anything but the database: there are few, and a
    crowd that opened more would be slowed by opening them.
    """
    engine = create_async_engine(url, pool_size=_CONNECTIONS, max_overflow=0)
    if engine.dialect.name == "sqlite":
        event.listen(engine.sync_engine, "connect", _tune_sqlite)
    return engine


def make_blocking_engine(url: str) -> Engine:
    """Make an engine for a thread of its own, over the same database and tuned alike."""
    address = make_url(url)
    plain = address.set(drivername=address.drivername.removesuffix("+aiosqlite"))
    engine = create_engine(plain, pool_size=1, max_overflow=0)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _tune_sqlite)
    return engine


def make_sessions(engine: AsyncEngine) -> Sessions:
    """Make the factory of sessions."""
    return async_sessionmaker(engine, expire_on_commit=False)


async def claim(session: AsyncSession) -> None:
    """Begin as the one writer of SQLite: what is read stays so until the transaction ends.

    PostgreSQL has many writers: there a row that came or went meanwhile is an `IntegrityError`.
    """
    if session.get_bind().dialect.name == "sqlite":
        await session.execute(text("BEGIN IMMEDIATE"))


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
