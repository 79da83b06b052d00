"""The web server: uvicorn and h11, with bounds that hold before the app is asked anything.

uvicorn bounds neither how long a request takes to come nor how many connections an address opens
(https://github.com/Kludex/uvicorn/issues/157); an app hears of a request when its head is whole.
"""

import asyncio
import contextlib
import logging
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import h11
import uvicorn
from fastapi import FastAPI
from starlette.requests import HTTPConnection
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.web.callers import Caller, Callers, parse
from bot.web.shield import MOST_WITH_FILES, has_files
from services.errors import MachineError
from services.settings import Settings

_HEAD_BYTES = 16 * 1024
_HEADERS = 100
_REQUEST_BYTES = 1_000_000
"""Of a request, whatever it says, that are read; what is longer than a body may be is told so."""
_DROPPED_BYTES = 8_000_000
"""Of one that was told so, thrown away unread: many hear it only when they have sent all, and whose
connection is cut before that may never hear it."""
_SECONDS = {h11.IDLE: 10.0, h11.SEND_BODY: 15.0}
"""How long the head may take to come, and then the body: 200 KB at 13 KB a second."""
_FILE_SECONDS = 120.0
"""The same for a body with a file, of whom may send such: ten megabytes over a slow line."""
_ANSWER_SECONDS = 60.0
"""How long a response may take to be made and to be taken."""
_MOST = 512
"""Connections: half of the files that a process may open where nobody has set more."""
_MOST_OF_ONE = 64
"""Of one address; a browser opens six, Telegram's webhook forty."""


@dataclass
class Crowd:
    """The connections that are open, by whom they are of.

    When there are too many, the oldest that waits of whoever has most is closed: a newcomer who
    sends his request at once is served, however many are silent.
    """

    callers: Callers
    most: int = _MOST
    most_of_one: int = _MOST_OF_ONE
    _by_place: dict[str, dict["Guarded", None]] = field(default_factory=dict, init=False)
    _count: int = field(default=0, init=False)

    def enter(self, connection: "Guarded", peer: str) -> None:
        """Take a connection in; one too many ends, itself or another."""
        if self.callers.is_barred(peer):
            connection.cut()
            return
        place = Caller(peer).places[0]
        theirs = self._by_place.setdefault(place, {})
        theirs[connection] = None
        self._count += 1
        if len(theirs) > self.most_of_one and not self.callers.is_crowd(peer):
            _end_oldest(theirs)
        elif self._count > self.most:
            _end_oldest(max(self._by_place.values(), key=len))

    def leave(self, connection: "Guarded", peer: str) -> None:
        """Let a connection go that has ended."""
        place = Caller(peer).places[0]
        theirs = self._by_place.get(place, {})
        if connection in theirs:
            del theirs[connection]
            self._count -= 1
            if not theirs:
                del self._by_place[place]


def _end_oldest(connections: dict["Guarded", None]) -> None:
    """Cut the oldest that waits for its request, or, where all are being served, the newest."""
    waiting = (one for one in connections if not one.is_served)
    next(waiting, next(reversed(connections))).cut()


class _StrictConnection(h11.Connection):
    """Reads requests as browsers send them."""

    def next_event(self) -> Any:
        """Return what comes next.

        Raises:
            h11.RemoteProtocolError: too many headers, or a body whose length is not told, which may
                come in pieces of a byte, each of them work.

        """
        event = super().next_event()
        if isinstance(event, h11.Request):
            names = [name for name, _ in event.headers]
            if len(names) > _HEADERS or b"transfer-encoding" in names:
                msg = "too many headers, or no length"
                raise h11.RemoteProtocolError(msg)
        return event


class Guarded(H11Protocol):
    """A connection whose requests have bounds, in bytes and in seconds."""

    def __init__(self, crowd: Crowd, *args: Any, **kwargs: Any) -> None:
        """Start as uvicorn does, in a crowd of others."""
        super().__init__(*args, **kwargs)
        self.conn = _StrictConnection(h11.SERVER, _HEAD_BYTES)
        self._crowd = crowd
        self._stage: tuple[object, object] | None = None
        self._deadline: asyncio.TimerHandle | None = None
        self._bytes = 0

    @property
    def is_served(self) -> bool:
        """Whether a request has come whole and its response has not gone."""
        whole = self.conn.their_state not in _SECONDS
        return whole and not self.transport.is_closing()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # because uvicorn's is narrower too
        """Enter the crowd, and begin to count the seconds."""
        super().connection_made(transport)
        self._watch()
        self._crowd.enter(self, self._peer)

    def connection_lost(self, exc: Exception | None) -> None:
        """Leave the crowd."""
        self._crowd.leave(self, self._peer)
        if self._deadline is not None:
            self._deadline.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read what came, in pieces: h11 measures a head only where it waits for more of it."""
        if self._is_over:
            self._drop(data)
            return
        for start in range(0, len(data), _HEAD_BYTES):
            if self.transport.is_closing():
                return
            piece = data[start : start + _HEAD_BYTES]
            self._bytes += len(piece)
            super().data_received(piece)
            self._watch()
        if self._is_over:
            self._crowd.callers.blame(self._peer)
            if self.cycle is None or not self.cycle.response_complete:
                self.cut()
            else:
                self.transport.write_eof()  # so that whoever listens knows that this was all

    def _drop(self, data: bytes) -> None:
        """Let go of what comes after the answer; nobody sends without end."""
        self._bytes += len(data)
        if self._bytes > _DROPPED_BYTES:
            self.cut()

    def send_400_response(self, msg: str) -> None:
        """Tell that what came is no request."""
        self._crowd.callers.blame(self._peer)
        super().send_400_response(msg)

    def on_response_complete(self) -> None:
        """Begin to wait for the next request."""
        super().on_response_complete()
        self._watch()

    def cut(self) -> None:
        """End the connection at once, whatever is still to be sent."""
        self._crowd.leave(self, self._peer)  # the next to come must not find it again
        self.transport.abort()

    @property
    def _carries_files(self) -> bool:
        """Whether the request under way may bring files: of staff, or to an open ticket."""
        if self.cycle is None or self.cycle.response_complete:
            return False
        request = HTTPConnection({**self.cycle.scope})
        return has_files(request) and self._crowd.callers.may_send_files(request)

    @property
    def _is_over(self) -> bool:
        """Whether more came of a request than is read of it."""
        if self._bytes <= _REQUEST_BYTES:
            return False
        return self._bytes > MOST_WITH_FILES + _HEAD_BYTES or not self._carries_files

    @property
    def _peer(self) -> str:
        host = self.client[0] if self.client else ""
        return str(parse(host) or host)

    def _watch(self) -> None:
        """Give each stage of a request its time; one that goes on in a stage gets no more."""
        stage = (self.conn.their_state, self.cycle)
        if stage == self._stage:
            return
        if self._stage is None or self.cycle is not self._stage[1]:
            self._bytes = 0
        self._stage = stage
        if self._deadline is not None:
            self._deadline.cancel()
        seconds = _SECONDS.get(self.conn.their_state, _ANSWER_SECONDS)
        if self.conn.their_state is h11.SEND_BODY and self._carries_files:
            seconds = _FILE_SECONDS
        self._deadline = self.loop.call_later(seconds, self.cut)


def make_server(app: FastAPI, settings: Settings) -> uvicorn.Server:
    """Make the server of the web page."""
    # Whoever sends rubbish would fill the log with a line for each.
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)
    crowd = Crowd(app.state.callers)
    protocol: Callable[..., asyncio.Protocol] = partial(Guarded, crowd)
    config = uvicorn.Config(
        app,
        host=settings.web_host,
        port=settings.web_port,
        http=protocol,  # type: ignore[arg-type]  # because uvicorn only calls it
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=5,
        proxy_headers=False,
    )
    return _QuietServer(config, app.state.ended)


async def serve(server: uvicorn.Server) -> None:
    """Serve until cancelled; then end what is under way.

    Raises:
        MachineError: the server ended by itself.

    """
    serving = asyncio.create_task(server.serve())
    try:
        await asyncio.shield(serving)
    except asyncio.CancelledError:
        server.should_exit = True
        await serving
        raise
    msg = "Trang web ngừng mà không ai bảo ngừng; xem nhật ký rồi chạy lại."
    raise MachineError(msg)


class _QuietServer(uvicorn.Server):
    """A server that leaves the signals to the process it is a part of."""

    def __init__(self, config: uvicorn.Config, ended: asyncio.Event) -> None:
        """Make it; `ended` is set when it ends."""
        super().__init__(config)
        self._ended = ended

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End what lasts first: whoever listens would keep the process for five seconds."""
        self._ended.set()
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture nothing: `stop_signals` does."""
        yield
