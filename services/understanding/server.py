"""The NLU server as a child process: started, probed, and started again when it dies."""

import asyncio
import time
from dataclasses import dataclass, field
from pathlib import Path

from services.errors import ModelError
from services.processes import Child, require_free
from services.settings import Settings
from services.understanding.client import NluClient
from services.understanding.model import is_readable, nlu_environment, nlu_python

_READY_WITHIN = 600.0
"""Alone it starts in ten; where others want the processor first it takes minutes, and one that is
given up too early begins anew, while people are answered by their words for longer."""
_PROBE_EVERY = 0.2
_ALIVE_WITHIN = 8.0
"""Seconds in which a server that lives reads one question, however busy the machine."""


@dataclass
class NluServer:
    """Runs a model's server on loopback, as long as it is wanted."""

    settings: Settings
    model: Path
    client: NluClient
    _child: Child = field(init=False)
    _patient: NluClient = field(init=False)
    """Asks whether the server lives, with far more patience than a person has: one that is only
    busy is answered for by the lexical search, and must not be killed."""

    def __post_init__(self) -> None:
        """Lay out the command."""
        token = self.settings.nlu_token.get_secret_value()
        self._patient = NluClient(self.settings.nlu_url, token, _ALIVE_WITHIN)
        port, model = str(self.settings.nlu_port), str(self.model)
        command = ("-m", "nlu.serve", "--model", model, "--port", port)
        self._child = Child(
            "nlu",
            (str(nlu_python()), *command),
            nlu_environment(self.settings),
            self.settings.data_dir / "nlu.log",
            self._ready,
            self._patient.ping,
        )

    async def start(self) -> None:
        """Start the server, wait until it reads the probe question, and watch over it.

        A model that can't be read at all is deleted, so that it is trained anew by the next try.

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
        await self._child.start()

    async def stop(self) -> None:
        """Stop watching and end the server."""
        await self._child.stop()
        await self._patient.close()

    @property
    def pid(self) -> int | None:
        """The process id of the server that runs now."""
        return self._child.pid

    async def _ready(self) -> None:
        end = time.monotonic() + _READY_WITHIN
        while not await self.client.ping():
            if self._child.gone or time.monotonic() > end:
                if not await asyncio.to_thread(is_readable, self.model):
                    self.model.unlink(missing_ok=True)
                msg = f"Máy hiểu câu hỏi không khởi động được; xem {self._child.log}."
                raise ModelError(msg)
            await asyncio.sleep(_PROBE_EVERY)
