"""How many messages one sender may send, the same on every face."""

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

WINDOW_SECONDS = 60
"""After so long a sender who was refused may write again."""

_RATE = RateLimitItemPerMinute(30)
_MOST_COUNTED = 5_000


class MessageLimit:
    """At most 30 messages in any minute for each key, kept in memory."""

    def __init__(self) -> None:
        """Start with nobody counted."""
        self._start_afresh()

    def allow(self, *keys: str) -> bool:
        """Count a message for every key, or refuse it and count nothing when one key is full."""
        if not all(self._limiter.test(_RATE, key) for key in keys):
            return False
        if self._counted >= _MOST_COUNTED:
            self._start_afresh()
        for key in keys:
            self._limiter.hit(_RATE, key)
        self._counted += 1
        return True

    def _start_afresh(self) -> None:
        """Forget all keys: the library's memory keeps every key it ever saw and walks them all."""
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._counted = 0
