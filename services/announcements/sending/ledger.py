"""The ledger of deliveries: claimed just before the call, closed right after its answer.

Those who wait are written together, in one transaction after another: a database takes about as
long for twenty rows as for one (P. Helland et al., Group commit timers, 1987).
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Engine, bindparam, exists, update

from services.announcements.audience import turned_off
from services.storage.models import Announcement, Delivery, Person

CLAIM = "sending"
RELEASE = "pending"


@dataclass(frozen=True)
class _Line:
    """What is to be written of one delivery, and who waits for it."""

    delivery: int
    state: str
    reason: str
    written: asyncio.Future[bool]


@dataclass
class Ledger:
    """Writes what becomes of deliveries, for all that are under way."""

    engine: Engine
    """A blocking one: a transaction is one step in a thread, not one for each statement."""
    now: Callable[[], datetime]
    _waiting: list[_Line] = field(default_factory=list, init=False)
    _writing: asyncio.Task[None] | None = field(default=None, init=False)
    _thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1), init=False)

    async def claim(self, delivery: int) -> bool:
        """Take a delivery that waits; say whether it may be sent now.

        It may not when its announcement is held, when it is another's, or when the person has
        gone or no longer agrees: then it is closed as stopped.
        """
        return await self._write(delivery, CLAIM)

    async def release(self, delivery: int) -> None:
        """Put back a delivery of which nothing was sent."""
        await self._write(delivery, RELEASE)

    async def close(self, delivery: int, state: str, reason: str = "") -> None:
        """Write what became of a delivery that was claimed."""
        await self._write(delivery, state, reason)

    async def _write(self, delivery: int, state: str, reason: str = "") -> bool:
        line = _Line(delivery, state, reason[:200], asyncio.get_running_loop().create_future())
        self._waiting.append(line)
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_all())
        return await asyncio.shield(line.written)

    async def _write_all(self) -> None:
        while self._waiting:
            lines, self._waiting = self._waiting, []
            try:
                claimed = await asyncio.get_running_loop().run_in_executor(
                    self._thread, self._commit, lines
                )
            except Exception as error:  # noqa: BLE001  # because it is raised where each line came from
                for line in lines:
                    line.written.set_exception(error)
                continue
            for line in lines:
                line.written.set_result(line.state != CLAIM or line.delivery in claimed)

    def _commit(self, lines: Sequence[_Line]) -> set[int]:
        """Write lines together; return the deliveries that were claimed."""
        wanted = [line.delivery for line in lines if line.state == CLAIM]
        ended = [line for line in lines if line.state != CLAIM]
        with self.engine.begin() as connection:
            if ended:
                self._end(connection, ended)
            return self._claim(connection, wanted) if wanted else set()

    def _end(self, connection: Connection, lines: Sequence[_Line]) -> None:
        now = self.now()
        rows = [
            {"line": line.delivery, "to": line.state, "why": line.reason, "then": now}
            for line in lines
        ]
        connection.execute(_END, rows)

    def _claim(self, connection: Connection, wanted: Sequence[int]) -> set[int]:
        given = {"wanted": wanted, "then": self.now()}
        claimed = set(connection.execute(_CLAIM, given).scalars())
        if len(claimed) < len(wanted):
            connection.execute(_GONE, given)
        return claimed


def _is_sending() -> ColumnElement[bool]:
    return exists().where(
        Announcement.id == Delivery.announcement_id, Announcement.state == "sending"
    )


def _is_reachable() -> ColumnElement[bool]:
    """Say that the person still agrees, also to the topic, and is not known to be gone."""
    return exists().where(
        Announcement.id == Delivery.announcement_id,
        Person.id == Delivery.person_id,
        Person.agreed,
        Person.stopped.is_(None),
        ~turned_off(Announcement.topic),
    )


_END = (
    update(Delivery)
    .where(Delivery.id == bindparam("line"), Delivery.state == CLAIM)
    .values(state=bindparam("to"), reason=bindparam("why"), at=bindparam("then"))
)
_WAITING = (
    Delivery.id.in_(bindparam("wanted", expanding=True)),
    Delivery.state == RELEASE,
    _is_sending(),
)
_CLAIM = (
    update(Delivery)
    .where(*_WAITING, _is_reachable())
    .values(state=CLAIM, at=bindparam("then"))
    .returning(Delivery.id)
)
_GONE = (
    update(Delivery)
    .where(*_WAITING, ~_is_reachable())
    .values(state="stopped", reason="withdrawn", at=bindparam("then"))
)
