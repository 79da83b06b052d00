"""Engines and sessions. The edge (handler, request, job) opens a session and commits it."""

import sqlite3
from datetime import datetime
from typing import Any

import psycopg
from sqlalchemy import (
    URL,
    Connection,
    Engine,
    create_engine,
    event,
    func,
    make_url,
    select,
    text,
)
from sqlalchemy.engine.interfaces import ExceptionContext
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoneFreeError
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.orm import Session, SessionTransaction

from services.clock import utc_now
from services.storage import sqlite

Sessions = async_sessionmaker[AsyncSession]

AWAY = (OperationalError, InterfaceError, NoneFreeError)
"""What is raised where a database is locked, full, restarted or cut off, or where all connections
wait for one that is: the same may do a moment later
(https://docs.sqlalchemy.org/en/20/errors.html#operationalerror)."""
_OF_ONE = ("40", "55P03", "57014")
"""How SQLSTATE begins where the server gave up one transaction or statement: a deadlock, a lock or
a time that was waited for too long (https://www.postgresql.org/docs/current/errcodes-appendix.html).
"""
_CONNECTIONS = 10
_SPACE = 0x414C4F
"""What sets the locks of `alone` apart from any others of PostgreSQL's."""
_PATIENCE = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
"""How long a server may be silent, in seconds, the last in milliseconds; libpq waits for hours.

https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS
"""


def is_away(error: Exception) -> bool:
    """Say whether an error means that nobody can write now, not that one could not."""
    if not isinstance(error, AWAY):
        return False
    cause = getattr(error, "orig", None)
    if isinstance(cause, psycopg.Error):
        return not (cause.sqlstate or "").startswith(_OF_ONE)
    return getattr(cause, "sqlite_errorcode", None) != sqlite3.SQLITE_ERROR


def make_engine(url: str, connections: int = _CONNECTIONS) -> AsyncEngine:
    """Make an engine for SQLite or PostgreSQL; its errors tell nothing of what was to be kept.

    Nobody may hold a connection while it waits for anything but the database: there are few, and a
    crowd that opened more would be slowed by opening them. A connection to PostgreSQL is tried
    before it is lent, which costs 0.07 ms on one machine and a round trip on a network: else a
    server that was started anew would cost somebody a turn, or the record of a message that is
    out already.
    """
    address = make_url(url)
    engine = create_async_engine(address, **_options(address, connections))
    _tune(engine.sync_engine)
    return engine


def make_blocking_engine(url: str) -> Engine:
    """Make an engine of one connection for a thread of its own, over the same database."""
    address = make_url(url)
    plain = address.set(drivername=address.drivername.removesuffix("+aiosqlite"))
    engine = create_engine(plain, **_options(plain, 1))
    _tune(engine)
    return engine


class _Session(Session):
    """Knows whether it has a connection: rows may wait in it without one."""


@event.listens_for(_Session, "after_begin")
def _lent(session: Session, _transaction: SessionTransaction, _connection: Connection) -> None:
    session.info["lent"] = True


@event.listens_for(_Session, "after_transaction_end")
def _back(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop("lent", None)


def make_sessions(engine: AsyncEngine) -> Sessions:
    """Make the factory of sessions."""
    return async_sessionmaker(engine, expire_on_commit=False, sync_session_class=_Session)


def has_connection(session: AsyncSession) -> bool:
    """Say whether a session has asked the database anything since its last commit."""
    return "lent" in session.info


async def claim(session: AsyncSession) -> None:
    """Begin as the one writer of SQLite: what is read stays so until the transaction ends.

    PostgreSQL has many writers: there a row that came or went meanwhile is an `IntegrityError`.
    """
    if session.get_bind().dialect.name == "sqlite":
        await session.execute(text("BEGIN IMMEDIATE"))


async def time_of(session: AsyncSession) -> datetime:
    """Return the time by the one clock that all processes of a database share.

    SQLite is on one machine; machines that share PostgreSQL go by its clock, not each by its own.
    """
    if session.get_bind().dialect.name != "postgresql":
        return utc_now()
    now: datetime = (await session.execute(select(func.clock_timestamp()))).scalar_one()
    return now


async def alone(session: AsyncSession, what: str) -> None:
    """Let nobody else do the same until the session's transaction ends; whoever does is waited for.

    SQLite has one writer in any case.
    """
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(select(func.pg_advisory_xact_lock(_SPACE, func.hashtext(what))))


def _options(address: URL, connections: int) -> dict[str, Any]:
    pool = {"pool_size": connections, "max_overflow": 0, "hide_parameters": True}
    if address.get_driver_name() == "aiosqlite":
        return pool | {"connect_args": {"async_creator_fn": sqlite.connect}}
    if address.get_backend_name() == "sqlite":
        return pool
    return pool | {"pool_pre_ping": True, "connect_args": _patience(address)}


def _tune(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", sqlite.tune)
    else:
        event.listen(engine, "handle_error", _hide_values)


def _patience(address: URL) -> dict[str, int]:
    """Return how long to wait for a server, as far as its address does not say."""
    return {name: most for name, most in _PATIENCE.items() if name not in address.query}


def _hide_values(context: ExceptionContext) -> None:
    """Take the details out of a PostgreSQL error: they quote rows, and no log may hold those."""
    error, wrapped = context.original_exception, context.sqlalchemy_exception
    plain = error.diag.message_primary if isinstance(error, psycopg.Error) else None
    if plain and wrapped:
        error.args, wrapped.args = (plain,), (plain,)
