"""The switchboard: the NLU servers of a running product, of which one is live."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

from services.errors import NluUnavailable
from services.ports import free_port
from services.settings import Settings
from services.understanding.client import NluClient
from services.understanding.interpretation import Interpretation
from services.understanding.relay import Relay
from services.understanding.server import NluServer

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
