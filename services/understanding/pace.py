"""The pace of a server that reads one question after another: whether one more would be in time."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from services.errors import NluUnavailable

_WEIGHT = 0.2
"""How much the last reading counts against those before."""
_IN_TIME = 0.5
"""The share of the time limit that a reading may be expected to take."""


@dataclass
class Pace:
    """Lets a reading begin only when it should end in time.

    What would come too late is refused at once: a server that reads what nobody waits for any
    more would have no time for those who do.
    """

    limit: float
    """Seconds that a reading may take."""
    clock: Callable[[], float] = time.perf_counter
    _under_way: int = field(default=0, init=False)
    _each: float = field(default=0.0, init=False)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Count a reading and how long it takes.

        Raises:
            NluUnavailable: too many others are under way.

        """
        crowd = self._under_way + 1
        if self._under_way and crowd * self._each > self.limit * _IN_TIME:
            msg = "Máy hiểu câu hỏi đang đọc quá nhiều câu."
            raise NluUnavailable(msg)
        self._under_way, began = crowd, self.clock()
        try:
            yield
        finally:
            self._under_way -= 1
            self._each += _WEIGHT * ((self.clock() - began) / crowd - self._each)
