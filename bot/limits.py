"""How many of a kind may come in a minute: counted by key in this process, for everybody alike.

An entry ends by itself a minute after it began, and no flood makes it end sooner. The library
`limits` was left for that (docs/adr/0013): its memory keeps each key it ever saw, and walks all of
them in a thread after a hit.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cachetools import TTLCache

WINDOW_SECONDS = 60
"""After so long a caller who was refused may write again."""
MESSAGES = 30
"""Messages of one caller in that time, the same on every face."""
_NEAR = 20
"""So many times more one address may send that is this machine's own: scripts of the office, and
all people behind a proxy that says nothing of them."""
_MOST_KEYS = 100_000
"""Keys that are held at a time, some 20 MB; each bound over all is far below it."""


class Quota:
    """Counts by key; a key's minute begins with the first that is counted for it."""

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, most_keys: int = _MOST_KEYS
    ) -> None:
        """Start with nobody counted."""
        self._most_keys = most_keys
        self._counts: TTLCache[str, list[int]] = TTLCache(most_keys, WINDOW_SECONDS, clock)

    def allow(self, bounds: Mapping[str, int]) -> bool:
        """Count one for every key, or refuse it and count nothing when a key has its bound.

        Where no more keys can be held, new ones are refused: forgetting the old would let them in.
        """
        counts = {key: self._counts.get(key) for key in bounds}
        if any(count and count[0] >= bounds[key] for key, count in counts.items()):
            return False
        fresh = [key for key, count in counts.items() if count is None]
        if len(self._counts) + len(fresh) > self._most_keys:
            return False
        for key, count in counts.items():
            if count is None:
                self._counts[key] = [1]
            else:
                count[0] += 1
        return True


class MessageLimit:
    """At most 30 messages within a minute for each key."""

    def __init__(self, quota: Quota | None = None) -> None:
        """Start with nobody counted."""
        self._quota = quota or Quota()

    def allow(self, *keys: str) -> bool:
        """Count a message for every key, or refuse it and count nothing when one key is full."""
        return self._quota.allow(dict.fromkeys(keys, MESSAGES))


@dataclass(frozen=True)
class Bound:
    """How many of a kind one address may send in a minute, one site of IPv6, and all together."""

    kind: str
    each: int
    site: int
    all: int

    def over(self, *places: str, near: bool = False) -> dict[str, int]:
        """Return the bounds of what comes from places, the narrowest first; `near`: from here."""
        each = self.each * _NEAR if near else self.each
        widths = dict(zip(places, (each, max(each, self.site)), strict=False))
        return {self.kind: self.all} | {f"{self.kind}:{at}": most for at, most in widths.items()}


ASKING = Bound("message", MESSAGES, 120, 1_800)
"""Over all as many as Rasa reads on two cores; beyond it the disk would fill by 5 GB a day."""
ERASING = Bound("erasure", 5, 20, 300)
"""Each is a write that everybody waits for, and cuts the database's log."""
PAST = Bound("past", 30, 120, 300)
"""Pages that tell a conversation's past: each is ten answers composed anew, or fifty."""
FILLING = Bound("filling", 90, 360, 3_600)
"""Answers to questions of forms: a score sheet has thirty, pressed one after another."""
MAKING = Bound("making", 12, 48, 240)
"""Papers: a Word file takes a tenth of a second, a long list or a PDF some seconds."""
SENDING = Bound("file", 6, 24, 60)
"""Files for agents: a large picture takes a second to be drawn anew."""
REQUESTING = Bound("request", 600, 2_400, 12_000)
"""Of any kind, files and health too: a page with its files takes five."""
