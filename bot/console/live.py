"""What moves on a page: a part that is sent anew whenever it is another, as server-sent events.

Nothing is held while it waits: each look is let in as a request of its own, in a transaction of its
own. A stream ends within a minute, as every response does, and the browser asks again with what it
holds then: so it ends with its session, and goes on after a restart.
"""

import asyncio
import hashlib
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from fastapi.sse import EventSourceResponse, format_sse_event
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from bot.console.request import Piece
from services.storage.session import AWAY

EVENTS = "text/event-stream"
"""What a browser that listens accepts (https://html.spec.whatwg.org/multipage/server-sent-events)."""
_OVER = "over"
"""The event after which nobody need listen."""
_GONE = (
    '<p class="told">Trang này thôi tự cập nhật: phiên đã hết, hoặc việc này không còn. '
    'Chép chữ đang gõ ra, rồi <a href="">tải lại trang</a>.</p>'
)
_AGAIN_MS = 1_000
"""After so long a browser whose stream ended asks again."""


@dataclass
class Streams:
    """The streams of this process, and how many there may be."""

    ended: asyncio.Event
    """Set when the server ends."""
    each: int = 3
    """Of one session: a browser opens six connections to a site, and pages need some of them."""
    all: int = 60
    """Over all: each costs three small queries a look."""
    every: float = 2.0
    """Seconds between two looks."""
    lasts: float = 50.0
    """Seconds that one lasts; the server cuts what takes a minute."""
    _open: Counter[str] = field(default_factory=Counter, init=False)

    def enter(self, whose: str) -> bool:
        """Take a stream in, unless there are too many."""
        if self._open[whose] >= self.each or self._open.total() >= self.all:
            return False
        self._open[whose] += 1
        return True

    def leave(self, whose: str) -> None:
        """Let one go."""
        self._open[whose] -= 1
        if not self._open[whose]:
            del self._open[whose]


class Stream(EventSourceResponse):
    """One part, for as long as a page listens."""

    def __init__(
        self, streams: Streams, whose: str, look: Callable[[], Awaitable[Response]], seen: str
    ) -> None:
        """Make it: `look` returns the part, or else why there is none; `seen` is what came last."""
        super().__init__((), headers={"X-Accel-Buffering": "no"})
        self._streams, self._whose, self._look, self._seen = streams, whose, look, seen

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send what there is until nobody listens, or there is nothing to tell any more."""
        if not self._streams.enter(self._whose):
            await Response(status_code=HTTPStatus.TOO_MANY_REQUESTS)(scope, receive, send)
            return
        start = {"type": "http.response.start", "status": HTTPStatus.OK}
        ends = {
            asyncio.create_task(_left(receive)),
            asyncio.create_task(self._streams.ended.wait()),
        }
        try:
            await send({**start, "headers": self.raw_headers})
            async for event in self._events(ends):
                await send({"type": "http.response.body", "body": event, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            self._streams.leave(self._whose)
            for one in ends:
                one.cancel()

    async def _events(self, ends: set[asyncio.Task[Any]]) -> AsyncIterator[bytes]:
        """Yield the part whenever it is another; what it was last time is not told again."""
        yield format_sse_event(comment="", retry=_AGAIN_MS)
        until, looked = asyncio.get_running_loop().time() + self._streams.lasts, False
        while asyncio.get_running_loop().time() < until:
            try:
                part = await self._look()
            except (*AWAY, OSError):
                return
            if not isinstance(part, Piece):
                # Its person may have proved who they are on another page: the browser knows better.
                if not looked:
                    yield format_sse_event(data_str=_GONE, event=_OVER)
                return
            looked, now = True, hashlib.sha256(part.body).hexdigest()
            shown = bytes(part.body).decode()
            if part.last:
                yield format_sse_event(data_str=shown, event=_OVER)
                return
            if now != self._seen:
                yield format_sse_event(data_str=shown, id=now)
            self._seen = now
            every = self._streams.every
            if (await asyncio.wait(ends, timeout=every, return_when="FIRST_COMPLETED"))[0]:
                return


async def _left(receive: Receive) -> None:
    """Return when nobody listens any more."""
    while (await receive())["type"] != "http.disconnect":
        pass
