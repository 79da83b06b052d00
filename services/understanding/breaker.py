"""A circuit breaker before a server that reads one question after another.

A bulkhead and a circuit breaker in one (M. Nygard, Release It!, chapter 5): a crowd is sent away
before it waits in vain, and a server that failed again and again is left alone for a while.
"""

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from services.errors import NluUnavailable

_WEIGHT = 0.2
"""How much the last reading counts against those before."""
_IN_TIME = 0.5
"""The share of the time limit that a reading may be expected to take."""
_FAILURES = 3
_WITHIN = 5.0
"""So many failures in so many seconds, and nothing read between them, are an outage. One message
that stalls the server is none, nor is its sender's next: he may send 30 a minute, 2.5 in 5 s."""
_REST = 2.0
"""Seconds that a server is left alone after an outage; then one question at a time tries it."""


@dataclass
class CircuitBreaker:
    """Lets a reading begin only when it should end in time, and not while the server rests.

    What would come too late is refused at once: a server that reads what nobody waits for any
    more would have no time for those who do.
    """

    limit: float
    """Seconds that a reading may take."""
    clock: Callable[[], float] = time.perf_counter
    _under_way: int = field(default=0, init=False)
    _each: float = field(default=0.0, init=False)
    _failed_at: deque[float] = field(default_factory=lambda: deque(maxlen=_FAILURES), init=False)
    """When the last readings failed; empty again as soon as one succeeds."""

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Count a reading and how long it takes; `NluUnavailable` inside it counts as a failure.

        Raises:
            NluUnavailable: too many others are under way, or the server failed too often just now.

        """
        if self._rests():
            msg = "Máy hiểu câu hỏi vừa lỗi, chờ một lát mới thử lại."
            raise NluUnavailable(msg)
        crowd = self._under_way + 1
        if self._under_way and crowd * self._each > self.limit * _IN_TIME:
            msg = "Máy hiểu câu hỏi đang đọc quá nhiều câu."
            raise NluUnavailable(msg)
        self._under_way, began = crowd, self.clock()
        try:
            yield
            self._failed_at.clear()
        except NluUnavailable:
            self._failed_at.append(self.clock())
            raise
        finally:
            self._under_way -= 1
            self._each += _WEIGHT * ((self.clock() - began) / crowd - self._each)

    def _rests(self) -> bool:
        if len(self._failed_at) < _FAILURES:
            return False
        first, *_, last = self._failed_at
        if last - first > _WITHIN:
            return False
        return self.clock() < last + _REST or self._under_way > 0
