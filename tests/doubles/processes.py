"""Processes of our own Python that a test starts, speaks with and kills."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from services.settings import ROOT, Settings

Start = Callable[..., Awaitable["Process"]]
"""Starts a process that runs this program with these words."""

HTX = "from bot.cli import main; main()"
_TOLD = ("data_dir", "database_url", "content_dir", "nlu_url", "web_port")
"""The settings that a process is told."""


@dataclass(frozen=True)
class Process:
    """A running process, a line at a time."""

    running: asyncio.subprocess.Process

    async def hear(self) -> str:
        """Return the next line that it prints; nothing once it has ended."""
        assert self.running.stdout is not None
        return (await self.running.stdout.readline()).decode().strip()

    async def tell(self, line: str = "") -> None:
        """Give it a line to read."""
        assert self.running.stdin is not None
        self.running.stdin.write(f"{line}\n".encode())
        await self.running.stdin.drain()

    async def interrupt(self) -> int:
        """End it as Ctrl-C does; return its exit code."""
        self.running.send_signal(signal.SIGINT)
        return await self.running.wait()

    async def kill(self) -> None:
        """End it as `kill -9` does, if it has not ended."""
        if self.running.returncode is None:
            self.running.kill()
        await self.running.wait()


@asynccontextmanager
async def starting(settings: Settings) -> AsyncIterator[Start]:
    """Give what starts processes with these settings; they are gone after the block."""
    started: list[Process] = []
    told = {f"HTX_{name.upper()}": str(getattr(settings, name)) for name in _TOLD}
    environment = os.environ | told | {"PYTHONPATH": str(ROOT)}

    async def start(program: str, *words: str) -> Process:
        pipe = asyncio.subprocess.PIPE
        running = await asyncio.create_subprocess_exec(
            sys.executable, "-c", program, *words, env=environment, stdin=pipe, stdout=pipe
        )
        started.append(Process(running))
        return started[-1]

    try:
        yield start
    finally:
        for process in started:
            await process.kill()
