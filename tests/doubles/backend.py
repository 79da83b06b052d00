"""A hand-written NLU server and training: they start, read and learn as a test lets them."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from services.errors import ModelError
from services.settings import Settings
from services.understanding.switchboard import Backend
from tests.doubles.nlu import FakeNlu


class FakeBackend(Backend):
    """A server that is no process: only whether it was started and stopped."""

    def __init__(self, settings: Settings, model: Path) -> None:
        """Take the real one's port and client, never used, and keep what is done."""
        super().__init__(settings, model)
        self.nlu, self.started, self.stopped = FakeNlu(), False, False

    async def start(self) -> None:
        """Be started."""
        self.started = True

    async def stop(self) -> None:
        """Be stopped."""
        self.stopped = True
        await self.client.close()


class FakeTraining:
    """Training that writes an empty model at once, waits to be let, or fails."""

    def __init__(self) -> None:
        """Let every training go through."""
        self.asked: list[Path] = []
        self.given_up = 0
        self.go_on = asyncio.Event()
        self.go_on.set()
        self.fault = ""

    async def __call__(
        self, settings: Settings, path: Path, _progress: Callable[[str], None] = print
    ) -> None:
        """Train from the snapshot that the settings name."""
        self.asked.append(settings.content_dir)
        try:
            await self.go_on.wait()
        except asyncio.CancelledError:
            self.given_up += 1
            raise
        if self.fault:
            raise ModelError(self.fault)
        _write(path)


def _write(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()


class Saved:
    """Tells the publisher that something was saved, when a test says so."""

    def __init__(self) -> None:
        """Start with nothing saved."""
        self._saves: asyncio.Queue[None] = asyncio.Queue()

    def __call__(self, _folder: Path) -> "Saved":
        """Watch."""
        return self

    def __aiter__(self) -> "Saved":
        """Wait for saves."""
        return self

    async def __anext__(self) -> None:
        """Wait for the next one."""
        await self._saves.get()

    def tell(self) -> None:
        """Say that something was saved."""
        self._saves.put_nowait(None)
