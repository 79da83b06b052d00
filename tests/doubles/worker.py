"""The worker as a process: `htx worker`, which may be killed at any moment."""

import asyncio
import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, ClassVar, Self

from services.settings import ROOT, Settings
from tests.doubles.product import HTX


def environment(settings: Settings, **more: str) -> dict[str, str]:
    """Return the environment of a process over the same data and the same Telegram."""
    return os.environ | {
        "HTX_DATA_DIR": str(settings.data_dir),
        "HTX_DATABASE_URL": settings.database_url,
        "HTX_CONTENT_DIR": str(settings.content_dir),
        "HTX_TELEGRAM_TOKEN": settings.telegram_token.get_secret_value(),
        "HTX_TELEGRAM_BASE_URL": settings.telegram_base_url,
        "HTX_BULK_RATE": str(settings.bulk_rate),
        "HTX_QUIET_HOURS": settings.quiet_hours,
        **more,
    }


@dataclass
class Worker:
    """Starts, kills and stops it."""

    command: ClassVar[str] = "worker"
    environment: Mapping[str, str]
    process: asyncio.subprocess.Process | None = field(default=None, init=False)

    async def start(self) -> None:
        """Start it; what it says goes where the product has it go."""
        log = await asyncio.to_thread(self._log)
        with log:
            self.process = await asyncio.create_subprocess_exec(
                HTX, self.command, cwd=ROOT, env=dict(self.environment), stdout=log, stderr=log
            )

    async def kill(self) -> None:
        """Kill it as a power cut would."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> int:
        """Stop it as `kill` does; return its exit code."""
        return await self._end(signal.SIGTERM)

    async def __aenter__(self) -> Self:
        """Start it for a block."""
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop it at the block's end."""
        await self.stop()

    def _log(self) -> BinaryIO:
        return Path(self.environment["HTX_DATA_DIR"], f"{self.command}.log").open("ab")

    async def _end(self, number: signal.Signals) -> int:
        process = self.process
        assert process is not None
        if process.returncode is None:
            process.send_signal(number)
        return await process.wait()
