"""The relay: keeps the configured port open while the server behind it changes.

It passes bytes and reads none, so a connection stays with the server that it began with; the
product itself asks that server directly.
"""

import asyncio
import contextlib
from dataclasses import dataclass, field

from services.ports import require_free

_HOST = "127.0.0.1"
_CHUNK = 64 * 1024


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
    while chunk := await source.read(_CHUNK):
        sink.write(chunk)
        await sink.drain()
    sink.write_eof()
