"""A pen: what several sessions leave behind at a time is written in one transaction.

SQLite has one writer at a time, and a transaction takes many steps between threads however little
it writes: under load those who wait are quicker together (P. Helland et al., Group commit timers
and high volume transaction systems, 1987).
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from services.storage.session import Sessions


@dataclass
class _Sheet:
    """The rows of one session, and what became of them."""

    rows: Sequence[Any]
    written: bool = False
    error: SQLAlchemyError | None = None


@dataclass
class Pen:
    """Writes for many sessions, one transaction after another.

    Whoever writes is cancelled only once all is written: SQLAlchemy runs a session to its end.
    """

    sessions: Sessions
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)
    _waiting: list[_Sheet] = field(default_factory=list, init=False)

    async def keep(self, session: AsyncSession) -> None:
        """Write the rows that were added to or changed in `session`, and close it.

        Raises:
            SQLAlchemyError: they could not be written.

        """
        sheet = _Sheet([*session.new, *session.dirty])
        await session.close()
        self._waiting.append(sheet)
        async with self._turn:
            if not sheet.written:
                await self._write()
        if sheet.error:
            raise sheet.error

    async def _write(self) -> None:
        """Write all that wait; each by itself when together they fail."""
        sheets, self._waiting = self._waiting, []
        error = await self._commit([row for sheet in sheets for row in sheet.rows])
        for sheet in sheets:
            alone = error and len(sheets) > 1
            sheet.error = await self._commit(sheet.rows) if alone else error
            sheet.written = True

    async def _commit(self, rows: Sequence[Any]) -> SQLAlchemyError | None:
        try:
            async with self.sessions.begin() as session:
                await session.run_sync(Session.bulk_save_objects, rows, preserve_order=False)
        except SQLAlchemyError as error:
            return error
        return None
