"""A pen: what several sessions leave behind at a time is written in one transaction.

SQLite has one writer at a time, and a transaction takes many steps between threads however little
it writes: under load those who wait are quicker together (P. Helland et al., Group commit timers
and high volume transaction systems, 1987).
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.storage.session import Sessions


@dataclass(frozen=True)
class _Sheet:
    """The rows of one session, and what became of them: None once written, or why they are not."""

    rows: Sequence[Any]
    ended: asyncio.Future[Exception | None]


@dataclass
class Pen:
    """Writes for many sessions, one transaction after another.

    It writes in a task of its own: whoever is cancelled while he waits takes nobody else along.
    """

    sessions: Sessions
    _waiting: list[_Sheet] = field(default_factory=list, init=False)
    _writing: asyncio.Task[None] | None = field(default=None, init=False)

    async def keep(self, session: AsyncSession) -> None:
        """Write the rows that were added to or changed in `session`, and close it.

        Raises:
            SQLAlchemyError: they could not be written.

        """
        sheet = _Sheet([*session.new, *session.dirty], asyncio.get_running_loop().create_future())
        await session.close()
        self._waiting.append(sheet)
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        error = await asyncio.shield(sheet.ended)
        if error:
            raise error

    async def _write(self) -> None:
        """Write all that wait, for as long as any do; each by itself when together they fail."""
        while self._waiting:
            sheets, self._waiting = self._waiting, []
            error = await self._commit([row for sheet in sheets for row in sheet.rows])
            for sheet in sheets:
                alone = error and len(sheets) > 1
                sheet.ended.set_result(await self._commit(sheet.rows) if alone else error)

    async def _commit(self, rows: Sequence[Any]) -> Exception | None:
        try:
            async with self.sessions.begin() as session:
                session.add_all(rows)
        except Exception as error:  # noqa: BLE001  # because it is raised where the rows came from
            return error
        return None
