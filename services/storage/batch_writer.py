"""A batch writer: what several sessions leave behind at a time is written in one transaction.

SQLite has one writer at a time, and a transaction takes many steps between threads however little
it writes: under load those who wait are quicker together (P. Helland et al., Group commit timers
and high volume transaction systems, 1987).
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.attributes import instance_state

from services.storage.session import Sessions, has_connection, is_away

T = TypeVar("T")
Work: TypeAlias = Callable[[AsyncSession], Awaitable[T]]
"""Writes by statements; it may be done again from the start, should its transaction fail."""


async def nothing(_session: AsyncSession) -> None:
    """Write nothing more."""


@dataclass(frozen=True)
class _Entry:
    """What one writer leaves behind, and what comes of it."""

    rows: Sequence[tuple[Any, Mapping[str, Any]]]
    """Rows, each with what must be set in it anew once a transaction with it failed."""
    work: Work[Any]
    ended: asyncio.Future[Any]

    def restore(self) -> None:
        """Make the rows what their writer left: a failed transaction takes their changes away."""
        for row, values in self.rows:
            for name, value in values.items():
                setattr(row, name, value)


@dataclass
class BatchWriter:
    """Writes for many, one transaction after another, in the order in which they came.

    It writes in a task of its own: whoever is cancelled while he waits takes nobody else along.
    """

    sessions: Sessions
    _waiting: list[_Entry] = field(default_factory=list, init=False)
    _writing: asyncio.Task[None] | None = field(default=None, init=False)

    async def write(self, session: AsyncSession, work: Work[T]) -> T:
        """Write what a session holds and what `work` writes, in one transaction; return the latter.

        The rows of a session that has no connection are written along with others'. One that has
        asked the database something may have changed it too, which no other transaction can do
        for it: it is committed by itself.

        Raises:
            SQLAlchemyError: it could not be written. What `work` raises, nothing is written then.

        """
        if has_connection(session):
            result = await work(session)
            await session.commit()
            return result
        fresh = [(row, _unnumbered(row)) for row in session.new]
        rows = [*fresh, *((row, _changes(row)) for row in session.dirty)]
        await session.close()
        return await self._written(rows, work)

    async def run(self, work: Work[T]) -> T:
        """Write what `work` writes, along with what others leave behind; raises as `write` does."""
        return await self._written([], work)

    async def settle(self) -> None:
        """Wait until all that was left here is written."""
        while self._writing is not None and not self._writing.done():
            await asyncio.wait((self._writing,))

    async def _written(self, rows: Sequence[tuple[Any, Mapping[str, Any]]], work: Work[T]) -> T:
        entry = _Entry(rows, work, asyncio.get_running_loop().create_future())
        self._waiting.append(entry)
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_all())
        result: T = await asyncio.shield(entry.ended)
        return result

    async def _write_all(self) -> None:
        """Write all that wait, for as long as any do; each by itself when together they fail."""
        while self._waiting:
            entries, self._waiting = self._waiting, []
            error = await self._commit(entries)
            if error is not None and len(entries) > 1:
                await self._commit_each(entries)

    async def _commit_each(self, entries: Sequence[_Entry]) -> None:
        """Write each by itself; where the database is away for one, the others need not wait."""
        error: Exception | None = None
        for entry in entries:
            entry.restore()
            if error is not None and is_away(error):
                _tell(entry.ended, error)
            else:
                error = await self._commit([entry])

    async def _commit(self, entries: Sequence[_Entry]) -> Exception | None:
        """Write entries in one transaction; tell of what failed only whom it concerns alone.

        Return it too.
        """
        try:
            # Closed whatever fails: `sessions.begin()` leaves one open whose commit did.
            async with self.sessions() as session, session.begin():
                session.add_all(row for entry in entries for row, _ in entry.rows)
                results = [await entry.work(session) for entry in entries]
        except Exception as error:  # noqa: BLE001  # because it is raised where the rows came from
            if len(entries) == 1:
                _tell(entries[0].ended, error)
            return error
        for entry, result in zip(entries, results, strict=True):
            if not entry.ended.done():
                entry.ended.set_result(result)
        return None


def _unnumbered(row: object) -> Mapping[str, Any]:
    """Return the keys that a new row has not yet: another's may have been given them meanwhile."""
    state = instance_state(row)
    return {
        column.name: None for column in state.mapper.primary_key if column.name not in state.dict
    }


def _changes(row: object) -> Mapping[str, Any]:
    """Return what was set in a row that the database knows."""
    state = instance_state(row)
    return {name: state.dict[name] for name in state.committed_state}


def _tell(ended: asyncio.Future[Any], error: Exception) -> None:
    """Raise an error where a writer waits; one who has gone meanwhile is told nothing."""
    if not ended.done():
        ended.set_exception(error)
        ended.exception()  # marks it as seen: nobody may be left who waits
