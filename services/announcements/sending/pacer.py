"""The pacer: turns at an even rate, shared by all workers through the database.

Some turns are reserved at a time, each worker then spreads its own: the rate holds over all of
them without a look at the database for each message.
"""

import asyncio
import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import case, insert, literal, update
from sqlalchemy.exc import IntegrityError

from services.storage.models import RateLane
from services.storage.session import Sessions

LANE = "telegram"
_AHEAD = 0.25
"""Seconds for which turns are reserved at a time."""
_FARTHEST = 600.0
"""Seconds: no turn is later, no hold longer. What is was reserved before the clock was set back."""


@dataclass
class Pacer:
    """Gives turns for bulk messages; a rate of 0 gives them at once."""

    sessions: Sessions
    rate: float
    """Messages a second, over all workers."""
    clock: Callable[[], float] = time.time
    _turns: deque[float] = field(default_factory=deque, init=False)
    _held_until: float = field(default=0.0, init=False)
    _line: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)

    async def turn(self) -> None:
        """Wait for one's turn."""
        async with self._line:
            # Those that were left when bulk came to rest would all be due at once after it.
            while self._turns and not -_AHEAD <= self._turns[0] - self.clock() <= _FARTHEST:
                self._turns.popleft()
            if self._held_until - self.clock() > _FARTHEST:
                self._held_until = 0.0
            if self.rate and not self._turns:
                await self._reserve()
            at = self._turns.popleft() if self._turns else 0.0
            # The clock may be set back meanwhile as well: nobody waits for it to come round again.
            while 0 < (wait := max(at, self._held_until) - self.clock()) <= _FARTHEST:  # noqa: ASYNC110  # because a hold may come meanwhile
                await asyncio.sleep(wait)

    async def hold(self, seconds: float) -> None:
        """Give no turn for so many seconds, in no worker."""
        until = self.clock() + min(seconds, _FARTHEST)
        if until <= self._held_until <= self.clock() + _FARTHEST:
            return
        self._held_until = until
        self._turns.clear()
        await self._free_at(until, 0.0)

    async def _reserve(self) -> None:
        count = max(1, math.floor(self.rate * _AHEAD))
        span = count / self.rate
        begins = await self._free_at(self.clock(), span) - span
        self._turns.extend(begins + place / self.rate for place in range(count))

    async def _free_at(self, earliest: float, span: float) -> float:
        """Take the lane for `span` seconds, no earlier than given; return when it is free again."""
        free = RateLane.free_at.between(earliest, earliest + _FARTHEST)
        later = case((free, RateLane.free_at), else_=literal(earliest))
        taking = (
            update(RateLane)
            .where(RateLane.lane == LANE)
            .values(free_at=later + span)
            .returning(RateLane.free_at)
        )
        async with self.sessions.begin() as session:
            taken = await session.scalar(taking)
        if taken is not None:
            return taken
        await self._open_lane()
        return await self._free_at(earliest, span)

    async def _open_lane(self) -> None:
        try:
            async with self.sessions.begin() as session:
                await session.execute(insert(RateLane).values(lane=LANE, free_at=0.0))
        except IntegrityError:
            return  # another worker was first
