"""SQLite as the product opens it: tuned, and a statement is one visit to the thread that runs it.

A connection has a thread of its own, and whoever asks it something waits for two changes of thread,
which cost more than most statements. aiosqlite goes there four times for each: to make a cursor, to
run the statement, to fetch its rows, to close the cursor; and twice more to end a transaction.
"""

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Self

import aiosqlite
from aiosqlite.context import contextmanager
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

BUSY_MS = 5000
"""How long whoever finds SQLite locked waits."""
_AHEAD = 100
"""Rows that a statement brings along; who reads more of them fetches those as they are wanted."""
_CHUNK = 64


class _Cursor(aiosqlite.Cursor):
    """A cursor that has the first rows of its statement as soon as that has run."""

    _conn: "_Connection"

    def __init__(self, connection: "_Connection", cursor: sqlite3.Cursor) -> None:
        """Begin with no statement."""
        super().__init__(connection, cursor)
        self._rows = deque[Any]()
        self._has_more = True
        """Whether the statement may still be under way: rows are left, or nobody saw it end."""

    async def execute(self, sql: str, parameters: Iterable[Any] | None = None) -> Self:
        """Run a statement and fetch its first rows."""
        self._has_more = True
        rows = await self._conn.visit(self._run, sql, tuple(parameters or ()))
        self._rows, self._has_more = deque(rows), len(rows) == _AHEAD
        return self

    async def fetchone(self) -> Any:
        """Return the next row, or None behind the last."""
        return next(iter(await self.fetchmany(1)), None)

    async def fetchmany(self, size: int | None = None) -> list[Any]:
        """Return so many of the next rows, fewer where the last is among them."""
        wanted = self.arraysize if size is None else size
        ready = [self._rows.popleft() for _ in range(min(wanted, len(self._rows)))]
        if self._has_more and len(ready) < wanted:
            ready += await super().fetchmany(wanted - len(ready))
        return ready

    async def fetchall(self) -> list[Any]:
        """Return all rows that were not fetched yet."""
        ready, self._rows = list(self._rows), deque()
        if self._has_more:
            ready += await super().fetchall()
            self._has_more = False
        return ready

    async def close(self) -> None:
        """End the statement; one whose rows were all fetched has ended by itself."""
        if self._has_more:
            await super().close()

    def _run(self, sql: str, parameters: Sequence[Any]) -> list[Any]:
        self._cursor.execute(sql, parameters)
        return self._cursor.fetchmany(_AHEAD) if self._cursor.description else []


class _Connection(aiosqlite.Connection):
    """A connection that goes to its thread only for what is to be done there."""

    _all_seen = True
    """Whether all that was ever begun was seen to end; a cancelled statement may still run."""

    @contextmanager
    async def cursor(self) -> aiosqlite.Cursor:
        """Return a cursor; nothing of it is in the database yet."""
        return _Cursor(self, self._conn.cursor())

    async def commit(self) -> None:
        """Commit, where there is anything to be committed."""
        if self._may_have_begun():
            await super().commit()

    async def rollback(self) -> None:
        """Roll back, where there is anything to be rolled back."""
        if self._may_have_begun():
            await super().rollback()

    async def visit(self, work: Callable[..., Any], *given: Any) -> Any:
        """Do some work in the thread."""
        return await self._execute(work, *given)

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        try:
            return await super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call]  # because aiosqlite types it not
        except asyncio.CancelledError:
            self._all_seen = False
            raise

    def _may_have_begun(self) -> bool:
        return not self._all_seen or self._conn.in_transaction


def connect(database: str, **options: Any) -> aiosqlite.Connection:
    """Return a connection, to be awaited; it ends with the process where nobody closes it."""
    connection = _Connection(lambda: sqlite3.connect(database, **options), _CHUNK)
    connection._thread.daemon = True  # noqa: SLF001  # because SQLAlchemy does so to its own
    return connection


def tune(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    """Set what https://www.sqlite.org/pragma.html advises for one writer and many readers.

    Whoever finds the database locked waits for a while. Keys are kept as PostgreSQL
    keeps them: SQLite gives a deleted person's number to the next, who must not inherit anything.
    """
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        f"busy_timeout={BUSY_MS}",
        "secure_delete=ON",
        "foreign_keys=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
