"""The NLU server as a child process: started, probed, and started again when it dies."""

import asyncio
import contextlib
import os
import time
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from services.errors import ModelError
from services.ports import require_free
from services.settings import ROOT, Settings
from services.understanding.client import NluClient
from services.understanding.model import nlu_environment, nlu_python

_log = structlog.get_logger()

_READY_WITHIN = 120.0
_PROBE_EVERY = 0.2
_STOP_WITHIN = 5.0
_RESTART_PAUSES = (0.0, 1.0, 2.0, 5.0, 10.0)
"""Seconds before each start; the last one repeats."""


@dataclass
class NluServer:
    """Runs a model's server on loopback, as long as it is wanted."""

    settings: Settings
    model: Path
    client: NluClient
    _process: asyncio.subprocess.Process | None = field(default=None, init=False)
    _watch: asyncio.Task[None] | None = field(default=None, init=False)

    async def start(self) -> None:
        """Start the server, wait until it reads the probe question, and watch over it.

        Raises:
            MachineError: its port is taken.
            ModelError: it did not become ready; the message says where its log is.

        """
        port = self.settings.nlu_port
        sentence = (
            f"Cổng {port} của máy hiểu đang có chương trình khác dùng; "
            "tắt nó hoặc đặt HTX_NLU_URL sang cổng khác."
        )
        require_free("127.0.0.1", port, sentence)
        await self._spawn()
        await self._ready()
        self._watch = asyncio.create_task(self._keep_alive())

    async def stop(self) -> None:
        """Stop watching and end the server."""
        if self._watch is not None:
            self._watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watch
        await self._end()

    @property
    def pid(self) -> int | None:
        """The process id of the server that runs now."""
        return self._process.pid if self._process else None

    async def _spawn(self) -> None:
        command = [
            "-m",
            "nlu.serve",
            "--model",
            str(self.model),
            "--port",
            str(self.settings.nlu_port),
        ]
        log = (self.settings.data_dir / "nlu.log").open("ab")
        try:
            self._process = await asyncio.create_subprocess_exec(
                str(nlu_python()),
                *command,
                cwd=ROOT,
                env=nlu_environment(self.settings) | {"HTX_NLU_PARENT": str(os.getpid())},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        finally:
            log.close()

    async def _ready(self) -> None:
        end = time.monotonic() + _READY_WITHIN
        while not await self.client.ping():
            gone = self._process is None or self._process.returncode is not None
            if gone or time.monotonic() > end:
                log = self.settings.data_dir / "nlu.log"
                msg = f"Máy hiểu câu hỏi không khởi động được; xem {log}."
                raise ModelError(msg)
            await asyncio.sleep(_PROBE_EVERY)

    async def _keep_alive(self) -> None:
        """Start the server again whenever it dies, a little later each time."""
        deaths = 0
        while self._process is not None:
            await self._process.wait()
            pause = _RESTART_PAUSES[min(deaths, len(_RESTART_PAUSES) - 1)]
            _log.warning("nlu.died", code=self._process.returncode, restart_in=pause)
            await asyncio.sleep(pause)
            deaths += 1
            await self._spawn()
            with contextlib.suppress(ModelError):
                await self._ready()
                deaths = 0
                _log.info("nlu.back", pid=self.pid)

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is None or process.returncode is not None:
            return
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), _STOP_WITHIN)
        except TimeoutError:
            process.kill()
            await process.wait()
