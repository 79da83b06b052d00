"""The writer of deliveries: claimed just before a call, written again right after its answer.

Those who wait are written together, in one transaction after another: a database takes about as
long for twenty rows as for one (P. Helland et al., Group commit timers, 1987).
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from sqlalchemy import ColumnElement, Connection, Engine, bindparam, exists, or_, select, update

from services.announcements.audience import turned_off
from services.storage.models import Announcement, Delivery, Person
from services.storage.session import AWAY

_log = structlog.get_logger()

CLAIM = "sending"
RELEASE = "pending"
_AGAIN = (0.1, 0.5, 1.0, 2.0, 5.0)
"""Seconds before a database that was away is asked again; the last one repeats."""


@dataclass(frozen=True)
class _Line:
    """What is to be written of one delivery, and who waits for it."""

    delivery: int
    parts_sent: int
    state: str
    reason: str
    written: asyncio.Future[bool]


@dataclass
class DeliveryWriter:
    """Writes what becomes of deliveries, for all that are under way.

    A database that is away is asked again for as long as it takes: what has arrived is known here
    alone, and a line may be written twice without harm.
    """

    engine: Engine
    """A blocking one: a transaction is one step in a thread, not one for each statement."""
    now: Callable[[], datetime]
    _waiting: list[_Line] = field(default_factory=list, init=False)
    _writing: asyncio.Task[None] | None = field(default=None, init=False)
    _thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1), init=False)

    async def claim(self, delivery: int, parts_sent: int) -> bool:
        """Take a delivery of which so many messages are out; say whether the next may be sent now.

        It may not when its announcement is held, when it is another's or further already, or when
        the person has gone or no longer agrees: then it is closed as stopped.
        """
        return await self._write(delivery, parts_sent, CLAIM)

    async def release(self, delivery: int, parts_sent: int) -> None:
        """Put back a delivery of which so many messages are out, and nothing is in doubt."""
        await self._write(delivery, parts_sent, RELEASE)

    async def close(self, delivery: int, parts_sent: int, state: str, reason: str = "") -> None:
        """Write what became of a delivery that was claimed."""
        await self._write(delivery, parts_sent, state, reason)

    async def _write(self, delivery: int, parts_sent: int, state: str, reason: str = "") -> bool:
        written = asyncio.get_running_loop().create_future()
        self._waiting.append(_Line(delivery, parts_sent, state, reason[:200], written))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_all())
        # Shielded: whoever gives up waiting must not take the others' lines away.
        return await asyncio.shield(written)

    async def _write_all(self) -> None:
        while self._waiting:
            lines, self._waiting = self._waiting, []
            try:
                claimed = await asyncio.get_running_loop().run_in_executor(
                    self._thread, self._insist, lines
                )
            except Exception as error:  # noqa: BLE001  # because it is raised where each line came from
                for line in lines:
                    line.written.set_exception(error)
                continue
            for line in lines:
                line.written.set_result(line.state != CLAIM or line.delivery in claimed)

    def _insist(self, lines: Sequence[_Line]) -> set[int]:
        """Write lines together, again while the database is away; return what was claimed."""
        tries, then = 0, self.now()
        while True:
            try:
                return self._commit(lines, then, again=tries > 0)
            except AWAY as error:
                pause = _AGAIN[min(tries, len(_AGAIN) - 1)]
                tries += 1
                _log.warning("delivery.not_written", reason=type(error).__name__, again_in=pause)
                time.sleep(pause)

    def _commit(self, lines: Sequence[_Line], then: datetime, *, again: bool) -> set[int]:
        claims = [line for line in lines if line.state == CLAIM]
        ended = [line for line in lines if line.state != CLAIM]
        with self.engine.begin() as connection:
            if ended:
                connection.execute(_END, [_row(line, then) for line in ended])
            # A commit whose answer was lost may have taken some: those are ours, not another's.
            mine = _taken(connection, claims, then) if again else set()
            left = [line for line in claims if line.delivery not in mine]
            return mine.union(*(_claim(connection, *one, then) for one in _by_parts(left)))


def _row(line: _Line, then: datetime) -> dict[str, object]:
    return {
        "line": line.delivery,
        "to": line.state,
        "why": line.reason,
        "parts": line.parts_sent,
        "then": then,
    }


def _by_parts(claims: Iterable[_Line]) -> Iterable[tuple[int, list[int]]]:
    """Return deliveries by how many messages of theirs are out, as far as who claims them knows."""
    found = defaultdict(list)
    for line in claims:
        found[line.parts_sent].append(line.delivery)
    return found.items()


def _taken(connection: Connection, claims: Sequence[_Line], then: datetime) -> set[int]:
    wanted = [line.delivery for line in claims]
    return set(connection.execute(_TAKEN, {"wanted": wanted, "then": then}).scalars())


def _claim(
    connection: Connection, parts_sent: int, wanted: Sequence[int], then: datetime
) -> set[int]:
    given = {"wanted": wanted, "parts": parts_sent, "then": then}
    claimed = set(connection.execute(_CLAIM, given).scalars())
    if len(claimed) < len(wanted):
        connection.execute(_GONE, given)
    return claimed


def _is_sending() -> ColumnElement[bool]:
    return exists().where(
        Announcement.id == Delivery.announcement_id, Announcement.state == "sending"
    )


def _is_reachable() -> ColumnElement[bool]:
    """Say that the person still agrees, also to the topic, and is not known to be gone.

    What is urgent reaches who turned its topic off, too.
    """
    return exists().where(
        Announcement.id == Delivery.announcement_id,
        Person.id == Delivery.person_id,
        Person.agreed,
        Person.stopped.is_(None),
        or_(Announcement.urgent, ~turned_off(Announcement.topic)),
    )


_WANTED = Delivery.id.in_(bindparam("wanted", expanding=True))
_END = (
    update(Delivery)
    .where(Delivery.id == bindparam("line"), Delivery.state == CLAIM)
    .values(
        state=bindparam("to"),
        reason=bindparam("why"),
        at=bindparam("then"),
        parts_sent=bindparam("parts"),
    )
)
_TAKEN = select(Delivery.id).where(
    _WANTED, Delivery.state == CLAIM, Delivery.at == bindparam("then")
)
_WAITING = (
    _WANTED,
    Delivery.state == RELEASE,
    # Whoever knows of fewer messages than are out would send one of them again.
    Delivery.parts_sent == bindparam("parts"),
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
