"""The inbox: what was taken from a channel, until it is answered.

A row is written before the channel is told that a message was taken, so that a process may die at
any moment: whoever lives takes over what it had not answered. What a handler does, what is to be
said of it and the row's state are one transaction; what is said and not yet marked may be said
again, nothing else happens twice.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import CursorResult, bindparam, case, delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlalchemy.sql.dml import ReturningInsert

from services.errors import HtxError
from services.storage.dialects import insert_of
from services.storage.models import Received

LEASE = timedelta(seconds=6)
"""How long a row stays with a process that does not say that it lives.

The first sign of life comes after three seconds at most: a loop that is busy for as long again
loses nothing by it.
"""
RENEW_EVERY = 1.5
"""Seconds between two signs of life, and two looks for what dead processes left: taken over is a
row after eight seconds at most."""
LONGEST = timedelta(minutes=10)
"""No row stays with a process, or waits, for longer: what seems to was written before the clock was
set back."""
_KEPT = timedelta(days=2)
"""How long a number is known again: Telegram delivers nothing after a day."""
_MOST = 500
"""Rows in one statement."""
_GONE = {"conversation": "", "content": None, "reaction": None, "until": None, "worker": ""}
"""What is left of an answered message beside its number."""
_UNREAD = {"synchronize_session": False}


class TakenOverError(HtxError):
    """Another process has the row by now: nothing of what was done for it may be kept."""

    code = "taken_over"


@dataclass(frozen=True)
class Arrival:
    """A message as it came."""

    update: str
    conversation: str
    content: dict[str, Any]


class Admitted(NamedTuple):
    """A message that was written down and may be answered now: its row, and its number."""

    row: int
    update: str


@dataclass(frozen=True)
class Inbox:
    """The rows of one channel, as one process works on them.

    Every method but `has` and `has_lapsed` writes in the session that it is given; the caller
    commits. `now` is the time by the clock of whoever keeps the rows, as `time_of` gives it.
    """

    channel: str
    worker: str
    lease: timedelta = LEASE

    async def receive(
        self, session: AsyncSession, arrivals: Sequence[Arrival], now: datetime
    ) -> list[Admitted]:
        """Write messages down; return those that were not known and may be answered now, in order.

        What a conversation sent before and another process has not answered goes first: until that
        is done, here or there, what comes after it is left to `take_over`.
        """
        given = {
            "channel_": self.channel,
            "mine": self.worker,
            "now": now,
            "lease_ends": now + self.lease,
        }
        rows = [
            given | {"number": one.update, "chat": one.conversation, "what": one.content}
            for one in arrivals
        ]
        written = await session.execute(_receive(session.get_bind().dialect.name), rows)
        mine = [Admitted(row.id, row.update) for row in written if row.worker == self.worker]
        return sorted(mine, key=lambda one: one.row)

    async def react(self, session: AsyncSession, row: int, reaction: dict[str, Any]) -> None:
        """Keep what is to be said of a message; its words are gone by that.

        Raises:
            TakenOverError: another process has it by now.

        """
        given = {"row": row, "mine": self.worker, "what": reaction}
        done = await session.execute(_REACT, given, execution_options=_UNREAD)
        if isinstance(done, CursorResult) and done.rowcount != 1:
            raise TakenOverError

    async def close(self, session: AsyncSession, row: int) -> None:
        """Note that a message is answered: nothing is left of it but its number.

        Whoever has answered notes it, though another process has it by now: nobody says it again.
        """
        await session.execute(_CLOSE, {"row": row}, execution_options=_UNREAD)

    async def has(self, session: AsyncSession, row: int) -> bool:
        """Say whether a message is still this process's to answer."""
        mine = Received.id == row, Received.worker == self.worker, Received.until.is_not(None)
        return await session.scalar(select(Received.id).where(*mine)) is not None

    async def has_lapsed(self, session: AsyncSession, now: datetime) -> bool:
        """Say whether there may be something to take over: a look, for which no writer waits."""
        given = {"channel_": self.channel, "now": now, "farthest": now + LONGEST}
        return await session.scalar(_LAPSED, given) is not None

    async def leave(self, session: AsyncSession, rows: Collection[int], until: datetime) -> None:
        """Leave messages to whoever looks after a moment, at most `LONGEST` away: here or there."""
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
        farthest = now + LONGEST
        over = or_(Received.until < now, Received.until > farthest)
        lapsed = Received.channel == self.channel, over
        earlier = aliased(Received)
        before = exists().where(
            earlier.channel == Received.channel,
            earlier.conversation == Received.conversation,
            earlier.id < Received.id,
            earlier.until.is_not(None),
        )
        held = before.where(earlier.until.between(now, farthest))
        theirs = select(Received.id).where(*lapsed, ~held, Received.id.not_in(under_way))
        oldest = theirs.order_by(Received.id).limit(_MOST)
        # Two who look at a time: the second finds by `lapsed` that the first has it.
        taken = update(Received).where(Received.id.in_(oldest), *lapsed).returning(Received)
        # What only waited in its line was not tried: no process can have died of it.
        tried = Received.tries + case((before, 0), else_=1)
        mine = {"worker": self.worker, "until": now + self.lease, "tries": tried}
        rows = await session.scalars(taken.values(**mine), execution_options=_UNREAD)
        return sorted(rows, key=lambda row: row.id)


# What everybody waits for is built once: to build a statement takes as long as to execute it.
@cache
def _receive(database: str) -> ReturningInsert[int, str, str]:
    """Return what writes messages down; each row sees those before it."""
    before = aliased(Received)
    theirs = exists().where(
        before.channel == bindparam("channel_"),
        before.conversation == bindparam("chat"),
        before.until.is_not(None),
        before.worker != bindparam("mine"),
    )
    written = insert_of(database, Received).values(
        channel=bindparam("channel_"),
        update=bindparam("number"),
        at=bindparam("now"),
        conversation=bindparam("chat"),
        content=bindparam("what"),
        worker=case((theirs, ""), else_=bindparam("mine")),
        until=case((theirs, bindparam("now")), else_=bindparam("lease_ends")),
        tries=0,
    )
    fresh = written.on_conflict_do_nothing(index_elements=[Received.channel, Received.update])
    raw = fresh.execution_options(dml_strategy="raw")
    return raw.returning(Received.id, Received.update, Received.worker)


_REACT = (
    update(Received)
    .where(
        Received.id == bindparam("row"),
        Received.worker == bindparam("mine"),
        Received.until.is_not(None),
    )
    .values(content=None, reaction=bindparam("what"))
)
_LAPSED = (
    select(Received.id)
    .where(
        Received.channel == bindparam("channel_"),
        or_(Received.until < bindparam("now"), Received.until > bindparam("farthest")),
    )
    .limit(1)
)
_CLOSE = update(Received).where(Received.id == bindparam("row")).values(_GONE)


async def forget(
    session: AsyncSession, channel: str, conversation: str, before: int | None = None
) -> None:
    """Forget what a conversation has sent and was not answered, before a row or all of it."""
    theirs = [Received.channel == channel, Received.conversation == conversation]
    earlier = [] if before is None else [Received.id < before]
    await session.execute(update(Received).where(*theirs, *earlier).values(_GONE))


async def waiting(
    session: AsyncSession, channel: str, conversation: str, before: int | None = None
) -> int:
    """Count what a conversation has sent and was not answered, before a row or all of it."""
    theirs = [Received.channel == channel, Received.conversation == conversation]
    earlier = [] if before is None else [Received.id < before]
    count = select(func.count()).where(*theirs, *earlier, Received.content.is_not(None))
    return await session.scalar(count) or 0


async def drop_old(session: AsyncSession, now: datetime) -> None:
    """Let go of numbers that come no more, and of what nobody could answer for so long."""
    await session.execute(delete(Received).where(Received.at < now - _KEPT))
