"""The pace of a server that reads one question after another: whether one more would be in time.

A bulkhead and a circuit breaker in one (M. Nygard, Release It!, chapter 5): a crowd is sent away
before it waits in vain, and a server that failed is left alone for a while.
"""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from services.errors import NluUnavailable

_WEIGHT = 0.2
"""How much the last reading counts against those before."""
_IN_TIME = 0.5
"""The share of the time limit that a reading may be expected to take."""
_REST = 2.0
"""Seconds that a server is left alone after it failed; then one question tries it again."""


@dataclass
class Pace:
    """Lets a reading begin only when it should end in time, and not while the server rests.

    What would come too late is refused at once: a server that reads what nobody waits for any
    more would have no time for those who do.
    """

    limit: float
    """Seconds that a reading may take."""
    clock: Callable[[], float] = time.perf_counter
    _under_way: int = field(default=0, init=False)
    _each: float = field(default=0.0, init=False)
    _rests_until: float = field(default=-math.inf, init=False)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Count a reading and how long it takes.

        Raises:
            NluUnavailable: too many others are under way, or the server failed just now.

        """
        if self.clock() < self._rests_until:
            msg = "Máy hiểu câu hỏi vừa lỗi, chờ một lát mới thử lại."
            raise NluUnavailable(msg)
        crowd = self._under_way + 1
        if self._under_way and crowd * self._each > self.limit * _IN_TIME:
            msg = "Máy hiểu câu hỏi đang đọc quá nhiều câu."
            raise NluUnavailable(msg)
        self._under_way, began = crowd, self.clock()
        try:
            yield
        except NluUnavailable:
            self._rests_until = self.clock() + _REST
            raise
        finally:
            self._under_way -= 1
            self._each += _WEIGHT * ((self.clock() - began) / crowd - self._each)
