"""The ledger of deliveries: claimed just before the call, closed right after its answer.

Those who wait are written together, in one transaction after another: a database takes about as
long for twenty rows as for one (P. Helland et al., Group commit timers, 1987).
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, exists, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.storage.models import Announcement, Delivery, Person, TopicChoice
from services.storage.session import Sessions

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

    sessions: Sessions
    now: Callable[[], datetime]
    _waiting: list[_Line] = field(default_factory=list, init=False)
    _writing: asyncio.Task[None] | None = field(default=None, init=False)

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
                claimed = await self._commit(lines)
            except Exception as error:  # noqa: BLE001  # because it is raised where each line came from
                for line in lines:
                    line.written.set_exception(error)
                continue
            for line in lines:
                line.written.set_result(line.state != CLAIM or line.delivery in claimed)

    async def _commit(self, lines: Sequence[_Line]) -> set[int]:
        """Write lines together; return the deliveries that were claimed."""
        wanted = [line.delivery for line in lines if line.state == CLAIM]
        ended = [line for line in lines if line.state != CLAIM]
        async with self.sessions.begin() as session:
            if ended:
                await self._end(session, ended)
            return await self._claim(session, wanted) if wanted else set()

    async def _end(self, session: AsyncSession, lines: Sequence[_Line]) -> None:
        query = (
            update(Delivery)
            .where(Delivery.id == bindparam("line"), Delivery.state == CLAIM)
            .values(state=bindparam("to"), reason=bindparam("why"), at=bindparam("then"))
        )
        now = self.now()
        rows = [
            {"line": line.delivery, "to": line.state, "why": line.reason, "then": now}
            for line in lines
        ]
        connection = await session.connection()
        await connection.execute(query, rows)

    async def _claim(self, session: AsyncSession, wanted: Sequence[int]) -> set[int]:
        waiting = (Delivery.id.in_(wanted), Delivery.state == RELEASE, _is_sending())
        claim = update(Delivery).where(*waiting, _is_reachable()).values(state=CLAIM, at=self.now())
        claimed = set(await session.scalars(claim.returning(Delivery.id)))
        if len(claimed) < len(wanted):
            gone = update(Delivery).where(*waiting, ~_is_reachable())
            await session.execute(gone.values(state="stopped", reason="withdrawn", at=self.now()))
        return claimed


def _is_sending() -> ColumnElement[bool]:
    return exists().where(
        Announcement.id == Delivery.announcement_id, Announcement.state == "sending"
    )


def _is_reachable() -> ColumnElement[bool]:
    """Say that the person still agrees, also to the topic, and is not known to be gone."""
    unwanted = exists().where(
        TopicChoice.person_id == Person.id,
        TopicChoice.topic == Announcement.topic,
        ~TopicChoice.wanted,
    )
    return exists().where(
        Announcement.id == Delivery.announcement_id,
        Person.id == Delivery.person_id,
        Person.agreed,
        Person.stopped.is_(None),
        ~unwanted,
    )
