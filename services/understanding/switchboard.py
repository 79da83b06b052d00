"""The switchboard: the NLU servers of a running product, of which one is live.

Its relay keeps the configured port open while the server behind it changes. It passes bytes and
reads none, so a connection stays with the server that it began with; the product itself asks that
server directly.
"""

import asyncio
import contextlib
from dataclasses import dataclass, field
from pathlib import Path

from services.errors import NluUnavailable
from services.processes import free_port, require_free
from services.settings import Settings
from services.understanding.client import client_of
from services.understanding.interpretation import Interpretation
from services.understanding.server import NluServer

_HOST = "127.0.0.1"
_CHUNK = 64 * 1024
_DRAIN = 3.0
"""Seconds that a server which was live still answers: twice the patience of one question."""


class AbsentNlu:
    """What reads until the first server was started: nothing."""

    async def parse(self, text: str, opened: str | None = None) -> Interpretation:  # noqa: ARG002  # because it is asked as every NLU
        """Raise NluUnavailable: there is no server yet."""
        raise NluUnavailable("nlu_absent")


class Backend:
    """One model's server on a port of its own, and the client that asks it."""

    def __init__(self, settings: Settings, model: Path) -> None:
        """Choose a port; nothing is started."""
        self.model, self.port = model, free_port()
        own = settings.model_copy(update={"nlu_url": f"http://127.0.0.1:{self.port}"})
        self.client = client_of(own)
        self._server = NluServer(own, model, self.client)

    async def start(self) -> None:
        """Start the server and wait until it reads; ended again when it does not.

        Raises:
            MachineError: its port was taken meanwhile.
            ModelError: it did not become ready.

        """
        try:
            await self._server.start()
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """End server and client."""
        await self._server.stop()
        await self.client.close()


@dataclass
class Relay:
    """Passes each connection to `port` on to the server at `target`."""

    port: int
    target: int | None
    """None while there is no server: who connects is hung up on."""
    _server: asyncio.Server | None = field(default=None, init=False)
    _carried: set[asyncio.Task[None]] = field(default_factory=set, init=False)

    async def start(self) -> None:
        """Open the port.

        Raises:
            MachineError: it is taken.

        """
        sentence = (
            f"Cổng {self.port} của máy hiểu đang có chương trình khác dùng; "
            "tắt nó hoặc đặt HTX_NLU_URL sang cổng khác."
        )
        require_free(_HOST, self.port, sentence)
        self._server = await asyncio.start_server(self._accept, _HOST, self.port)

    async def stop(self) -> None:
        """Close the port and every connection."""
        if self._server is not None:
            self._server.close()
        for task in self._carried:
            task.cancel()
        await asyncio.gather(*self._carried, return_exceptions=True)

    def _accept(self, asks: asyncio.StreamReader, hears: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._carry(asks, hears))
        self._carried.add(task)
        task.add_done_callback(self._carried.discard)

    async def _carry(self, asks: asyncio.StreamReader, hears: asyncio.StreamWriter) -> None:
        try:
            if self.target is None:
                return
            with contextlib.suppress(OSError):  # either side may go; the other is told by closing
                await _join(asks, hears, self.target)
        finally:
            hears.close()


@dataclass
class Switchboard:
    """Gives the configured port to the live server, and lets the one before end its answers."""

    port: int
    live: Backend | None = None
    """None until the first server was started."""
    drain: float = _DRAIN
    _relay: Relay = field(init=False)
    _leaving: set[asyncio.Task[None]] = field(default_factory=set, init=False)

    def __post_init__(self) -> None:
        """Point the relay at the server that is live."""
        self._relay = Relay(self.port, self.live.port if self.live else None)

    async def start(self) -> None:
        """Open the configured port.

        Raises:
            MachineError: it is taken.

        """
        await self._relay.start()

    def switch(self, backend: Backend) -> None:
        """Make a started server the live one, at once; the one before leaves in a while."""
        before, self.live = self.live, backend
        self._relay.target = backend.port
        if before is None:
            return
        task = asyncio.create_task(self._retire(before))
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)

    async def stop(self) -> None:
        """End every server and close the port."""
        for task in self._leaving:
            task.cancel()
        servers = [self.live.stop()] if self.live else []
        await asyncio.gather(*self._leaving, self._relay.stop(), *servers, return_exceptions=True)

    async def _retire(self, backend: Backend) -> None:
        try:
            await asyncio.sleep(self.drain)
        finally:
            await backend.stop()


async def _join(asks: asyncio.StreamReader, hears: asyncio.StreamWriter, target: int) -> None:
    """Carry both ways until the server has said all."""
    says, told = await asyncio.open_connection(_HOST, target)
    asking = asyncio.create_task(_pass(asks, told))
    try:
        await _pass(says, hears)
    finally:
        asking.cancel()
        with contextlib.suppress(OSError, asyncio.CancelledError):
            await asking
        told.close()


async def _pass(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    """Carry one way until there is no more, or nobody to take it: of those uvloop complains."""
    while (chunk := await source.read(_CHUNK)) and not sink.is_closing():
        sink.write(chunk)
        await sink.drain()
    if not sink.is_closing():
        sink.write_eof()
