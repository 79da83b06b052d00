"""The inbox: what was taken from a channel, until it is answered.

A row is written before the channel is told that a message was taken, so that a process may die at
any moment: whoever lives takes over what it had not answered. What a handler does, what is to be
said of it and the row's state are one transaction; what is said and not yet marked may be said
again, nothing else happens twice.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, case, delete, exists, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from services.errors import HtxError
from services.storage.models import Received

LEASE = timedelta(seconds=6)
"""How long a row stays with a process that does not say that it lives.

Three signs of life fit in: a loop that is busy for seconds loses nothing by it.
"""
RENEW_EVERY = 2.0
"""Seconds between two signs of life, and two looks for what dead processes left: taken over is a
row after eight seconds at most."""
_KEPT = timedelta(days=2)
"""How long a number is known again: Telegram delivers nothing after a day."""
_MOST = 500
"""Rows in one statement."""
_GONE = {"conversation": "", "content": None, "reaction": None, "until": None, "worker": ""}
"""What is left of an answered message beside its number."""


class TakenOverError(HtxError):
    """Another process has the row by now: nothing of what was done for it may be kept."""

    code = "taken_over"


@dataclass(frozen=True)
class Arrival:
    """A message as it came."""

    update: str
    conversation: str
    content: dict[str, Any]


@dataclass(frozen=True)
class Inbox:
    """The rows of one channel, as one process works on them.

    Every method but `has` writes in the session that it is given; the caller commits. `now` is the
    time by the clock of whoever keeps the rows, as `time_of` gives it.
    """

    channel: str
    worker: str
    lease: timedelta = LEASE

    async def receive(
        self, session: AsyncSession, arrivals: Sequence[Arrival], now: datetime
    ) -> list[Received]:
        """Write messages down; return those that were not known and may be answered now, in order.

        What a conversation sent before and another process has not answered goes first: until that
        is done, here or there, what comes after it is left to `take_over`.
        """
        rows = [
            {
                "channel": self.channel,
                "update": arrival.update,
                "at": now,
                "conversation": arrival.conversation,
                "content": arrival.content,
                "worker": self.worker,
                "until": now + self.lease,
                "tries": 0,
            }
            for arrival in arrivals
        ]
        dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
        known = [Received.channel, Received.update]
        insert = dialect.insert(Received).values(rows).on_conflict_do_nothing(index_elements=known)
        fresh = sorted(await session.scalars(insert.returning(Received)), key=lambda row: row.id)
        open_ = Received.channel == self.channel, Received.until.is_not(None)
        theirs = select(Received.conversation).where(*open_, Received.worker != self.worker)
        waiting = set(await session.scalars(theirs))
        await self.leave(session, [row.id for row in fresh if row.conversation in waiting], now)
        return [row for row in fresh if row.conversation not in waiting]

    async def react(self, session: AsyncSession, row: int, reaction: dict[str, Any]) -> None:
        """Keep what is to be said of a message; its words are gone by that.

        Raises:
            TakenOverError: another process has it by now.

        """
        mine = Received.id == row, Received.worker == self.worker, Received.until.is_not(None)
        reacted = update(Received).where(*mine).values(content=None, reaction=reaction)
        done = await session.execute(reacted, execution_options={"synchronize_session": False})
        if isinstance(done, CursorResult) and done.rowcount != 1:
            raise TakenOverError

    async def close(self, session: AsyncSession, row: int) -> None:
        """Note that a message is answered: nothing is left of it but its number.

        Whoever has answered notes it, though another process has it by now: nobody says it again.
        """
        closed = update(Received).where(Received.id == row).values(_GONE)
        await session.execute(closed, execution_options={"synchronize_session": False})

    async def has(self, session: AsyncSession, row: int) -> bool:
        """Say whether a message is still this process's to answer."""
        mine = Received.id == row, Received.worker == self.worker, Received.until.is_not(None)
        return await session.scalar(select(Received.id).where(*mine)) is not None

    async def leave(self, session: AsyncSession, rows: Collection[int], until: datetime) -> None:
        """Leave messages to whoever looks after a moment, this process or another."""
        if not rows:
            return
        mine = Received.worker == self.worker
        left = update(Received).where(Received.id.in_(rows), mine, Received.until.is_not(None))
        await session.execute(left.values(worker="", until=until))

    async def renew(self, session: AsyncSession, rows: Collection[int], now: datetime) -> None:
        """Say that this process lives, and works on these rows."""
        theirs, mine = sorted(rows), Received.worker == self.worker
        for at in range(0, len(theirs), _MOST):
            some = Received.id.in_(theirs[at : at + _MOST])
            alive = update(Received).where(some, mine, Received.until.is_not(None))
            await session.execute(alive.values(until=now + self.lease))

    async def take_over(
        self, session: AsyncSession, under_way: Collection[int], now: datetime
    ) -> list[Received]:
        """Take what nobody works on any more, in its order; what is under way here is not lost.

        A conversation's message waits while an earlier one of it is worked on.
        """
        lapsed = Received.channel == self.channel, Received.until < now
        earlier = aliased(Received)
        before = exists().where(
            earlier.channel == Received.channel,
            earlier.conversation == Received.conversation,
            earlier.id < Received.id,
            earlier.until.is_not(None),
        )
        held = before.where(earlier.until >= now)
        theirs = select(Received.id).where(*lapsed, ~held, Received.id.not_in(under_way))
        oldest = theirs.order_by(Received.id).limit(_MOST)
        # Two who look at a time: the second finds by `lapsed` that the first has it.
        taken = update(Received).where(Received.id.in_(oldest), *lapsed).returning(Received)
        # What only waited in its line was not tried: no process can have died of it.
        tried = Received.tries + case((before, 0), else_=1)
        mine = {"worker": self.worker, "until": now + self.lease, "tries": tried}
        unread = {"synchronize_session": False}
        rows = await session.scalars(taken.values(**mine), execution_options=unread)
        return sorted(rows, key=lambda row: row.id)


async def forget(
    session: AsyncSession, channel: str, conversation: str, before: int | None = None
) -> None:
    """Forget what a conversation has sent and was not answered, before a row or all of it."""
    theirs = [Received.channel == channel, Received.conversation == conversation]
    earlier = [] if before is None else [Received.id < before]
    await session.execute(update(Received).where(*theirs, *earlier).values(_GONE))


async def waiting(session: AsyncSession, channel: str, conversation: str) -> int:
    """Count what a conversation has sent and was not answered."""
    theirs = Received.channel == channel, Received.conversation == conversation
    count = select(func.count()).where(*theirs, Received.content.is_not(None))
    return await session.scalar(count) or 0


async def drop_old(session: AsyncSession, now: datetime) -> None:
    """Let go of numbers that come no more, and of what nobody could answer for so long."""
    await session.execute(delete(Received).where(Received.at < now - _KEPT))
