"""Lines of waiting: of one conversation one message at a time, in the order they came."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from weakref import WeakValueDictionary

import structlog
from sqlalchemy import TextClause, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

_log = structlog.get_logger()

_LOOK_AGAIN = 0.02
"""Seconds until a line that another process has is tried again."""
_SPACE = 0x485458
"""What sets these locks of PostgreSQL's apart from any others."""
_TAKE = text("SELECT pg_try_advisory_lock(:space, hashtext(:line))")
_GIVE = text("SELECT pg_advisory_unlock(:space, hashtext(:line))")


@dataclass
class Lines:
    """The lines of one process; on PostgreSQL all processes of one database have the same.

    There a line is an advisory lock, held by one connection for all lines of the process: it costs
    two short questions a message and writes nothing, and a process that dies leaves no line behind
    (https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS). SQLite's faces
    run in one process, or serve different conversations.
    """

    engine: AsyncEngine
    """Gives one connection that is kept."""
    _locks: WeakValueDictionary[tuple[str, str], asyncio.Lock] = field(
        default_factory=WeakValueDictionary, init=False
    )
    _connection: AsyncConnection | None = field(default=None, init=False)
    _asking: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)

    @asynccontextmanager
    async def turn(self, channel: str, conversation: str) -> AsyncIterator[None]:
        """Wait for one's turn, and have it for the block: whoever asked first has it first.

        Nothing may be awaited before it is asked for: messages come in order only so far.
        """
        lock = self._locks.setdefault((channel, conversation), asyncio.Lock())
        async with lock:
            if self.engine.dialect.name != "postgresql":
                yield
                return
            line = f"{channel}:{conversation}"
            try:
                # Whoever is cancelled here has the line all the same, so it is given back below.
                while await asyncio.shield(self._ask(_TAKE, line)) is False:  # noqa: ASYNC110  # because another process tells nobody here
                    await asyncio.sleep(_LOOK_AGAIN)
                yield
            finally:
                await asyncio.shield(self._ask(_GIVE, line))

    async def close(self) -> None:
        """Give up the connection, and all lines with it."""
        await self._drop()
        await self.engine.dispose()

    async def _ask(self, question: TextClause, line: str) -> bool | None:
        """Ask the database for a line, or give it back; None where it can't be asked.

        Without a database the line of this process alone must do: the message fails or waits
        elsewhere, and whoever may be answered shall be.
        """
        async with self._asking:
            try:
                self._connection = self._connection or await self._connected()
                answer = await self._connection.scalar(question, {"space": _SPACE, "line": line})
            except SQLAlchemyError as error:
                _log.warning("line.not_shared", reason=type(error).__name__)
                await self._drop()
                return None
            return bool(answer)

    async def _connected(self) -> AsyncConnection:
        connection = await self.engine.connect()
        return await connection.execution_options(isolation_level="AUTOCOMMIT")

    async def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.invalidate()
            await connection.close()
