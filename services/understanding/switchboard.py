"""The switchboard: the NLU servers of a running product, of which one is live."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

from services.ports import free_port
from services.settings import Settings
from services.understanding.client import NluClient
from services.understanding.relay import Relay
from services.understanding.server import NluServer

_DRAIN = 3.0
"""Seconds that a server which was live still answers: twice the patience of one question."""


class Backend:
    """One model's server on a port of its own, and the client that asks it."""

    def __init__(self, settings: Settings, model: Path) -> None:
        """Choose a port; nothing is started."""
        self.model, self.port = model, free_port()
        own = settings.model_copy(update={"nlu_url": f"http://127.0.0.1:{self.port}"})
        token = own.nlu_token.get_secret_value()
        self.client = NluClient(own.nlu_url, token, own.nlu_timeout)
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
class Switchboard:
    """Gives the configured port to the live server, and lets the one before end its answers."""

    port: int
    live: Backend
    drain: float = _DRAIN
    _relay: Relay = field(init=False)
    _leaving: set[asyncio.Task[None]] = field(default_factory=set, init=False)

    def __post_init__(self) -> None:
        """Point the relay at the first server."""
        self._relay = Relay(self.port, self.live.port)

    async def start(self) -> None:
        """Open the configured port and start the live server.

        Raises:
            MachineError: a port is taken.
            ModelError: the server did not become ready.

        """
        await self._relay.start()
        await self.live.start()

    def switch(self, backend: Backend) -> None:
        """Make a started server the live one, at once; the one before leaves in a while."""
        before, self.live = self.live, backend
        self._relay.target = backend.port
        task = asyncio.create_task(self._retire(before))
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)

    async def stop(self) -> None:
        """End every server and close the port."""
        for task in self._leaving:
            task.cancel()
        await asyncio.gather(
            *self._leaving, self._relay.stop(), self.live.stop(), return_exceptions=True
        )

    async def _retire(self, backend: Backend) -> None:
        try:
            await asyncio.sleep(self.drain)
        finally:
            await backend.stop()
