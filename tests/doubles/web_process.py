"""`htx web` over the small content as a process, its addresses and its memory."""

import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import psutil

from services.processes import free_port
from services.settings import ROOT
from tests.doubles.content import write_quick

READY_WITHIN = 60.0
PATIENCE = 10.0
"""Seconds after which a client gives a response up."""


@dataclass
class WebProcess:
    """A web page that runs, for clients that come from addresses of their choice."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path
    begin: Callable[[], subprocess.Popen[bytes]] | None = None
    """Begins such a process anew, where that can be done."""

    def restart(self) -> float:
        """End the process and begin another in its place; return the seconds that ending took."""
        assert self.begin is not None
        before = time.monotonic()
        self.process.terminate()
        self.process.wait(20)
        took = time.monotonic() - before
        self.process = self.begin()
        _wait(self)
        return took

    def kill(self) -> None:
        """End the process as a machine that loses its power does, and begin another."""
        assert self.begin is not None
        self.process.kill()
        self.process.wait(20)
        self.process = self.begin()
        _wait(self)

    def connect(self, address: str, timeout: float = PATIENCE) -> socket.socket:
        """Open a connection from an address of 127.0.0.0/8."""
        return socket.create_connection(
            ("127.0.0.1", self.port), timeout=timeout, source_address=(address, 0)
        )

    def status(
        self,
        address: str,
        path: str = "/healthz",
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> int:
        """Send a request from an address, a POST where it has a body; return the status."""
        connection = HTTPConnection(
            "127.0.0.1", self.port, timeout=PATIENCE, source_address=(address, 0)
        )
        try:
            method = "GET" if body is None else "POST"
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            response.read()
            return response.status
        finally:
            connection.close()

    def worked(self) -> float:
        """Return the seconds of a processor that it has used."""
        times = psutil.Process(self.process.pid).cpu_times()
        seconds: float = times.user + times.system
        return seconds

    def resident(self) -> int:
        """Return the bytes of memory that it holds."""
        size: int = psutil.Process(self.process.pid).memory_info().rss
        return size


@contextmanager
def web_process(folder: Path, **settings: str) -> Iterator[WebProcess]:
    """Run the page below a folder, its NLU server away, until the block ends."""
    port, log = free_port(), folder / "web.log"
    told = {
        "HTX_DATA_DIR": str(folder / "var"),
        "HTX_CONTENT_DIR": str(write_quick(folder / "content")),
        "HTX_NLU_URL": f"http://127.0.0.1:{free_port()}",
        "HTX_WEB_PORT": str(port),
    }
    with log.open("wb") as written:

        def begin() -> subprocess.Popen[bytes]:
            return subprocess.Popen(
                [ROOT / ".venv/bin/htx", "web"],
                cwd=folder,
                env=os.environ | told | settings,
                stdout=written,
                stderr=written,
            )

        running = WebProcess(begin(), port, log, begin)
        try:
            _wait(running)
            yield running
        finally:
            running.process.terminate()
            running.process.wait(20)


def is_closed(connection: socket.socket, seconds: float) -> bool:
    """Say whether the other side closes a connection within so many seconds."""
    end = time.monotonic() + seconds
    try:
        while (left := end - time.monotonic()) > 0:
            connection.settimeout(left)
            if not connection.recv(65_536):
                return True
    except TimeoutError:
        return False
    except OSError:
        return True
    return False


def _wait(running: WebProcess) -> None:
    end = time.monotonic() + READY_WITHIN
    while time.monotonic() < end and running.process.poll() is None:
        try:
            if running.status("127.0.0.1") == 200:
                return
        except OSError:
            time.sleep(0.1)
    message = f"the page did not come up:\n{running.log.read_text(encoding='utf-8')[-2000:]}"
    raise RuntimeError(message)
