"""Processes of the product's own, and the ports of this machine that they listen on.

A child is started, started again when it dies or hangs, and ended with the product. Work beside it
is another process, slow on purpose, ended when it is cancelled.
"""

import asyncio
import contextlib
import fcntl
import os
import secrets
import socket
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import structlog

from services.errors import HtxError, MachineError
from services.settings import ROOT

_log = structlog.get_logger()

PARENT = "HTX_PARENT"
"""The variable that tells a child whose it is: it ends when that process does, or is ended."""
_STOP_WITHIN = 5.0
_RESTART_PAUSES = (0.0, 1.0, 2.0, 5.0, 10.0)
"""Seconds before each start; the last one repeats."""
_LONG_LOG = 5_000_000
"""Bytes of a log beyond which it is shortened, and of what is kept of it."""
_FAILED_PROBES = 3
"""So many in a row, and it hangs: one that is merely busy answers one of three."""
_NICEST = 19
_NICER = 10
"""How much later than the product itself the work gets the processor, just before the NLU server.

On two cores: at 16 a change waited over five minutes while 120 questions a second came; at 10 no
reply waited two seconds, and at thirty a second the change was served just within two minutes.
"""

_LOWEST_PORT = 20_000
_CLIENTS_PORT = 32_768
"""From here on Linux gives ports to clients (net.ipv4.ip_local_port_range)."""


@contextlib.contextmanager
def locked(path: Path) -> Iterator[bool]:
    """Hold a file while the block runs, unless another process does; give whether it is held.

    The system lets go of it when its holder dies, however that comes; no child inherits it.
    """
    with path.open("a") as file:
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def shorten(log: Path) -> None:
    """Put the end of a long log aside, and let whoever writes it go on from nothing.

    It is opened to append, so that its writer needs not know. What is written in between is lost.
    """
    if not log.exists() or log.stat().st_size <= _LONG_LOG:
        return
    with log.open("r+b") as file:
        file.seek(-_LONG_LOG, os.SEEK_END)
        log.with_name(f"{log.name}.1").write_bytes(file.read())
        file.truncate(0)


@contextlib.contextmanager
def sharing(path: Path) -> Iterator[None]:
    """Keep others from holding a file alone while the block runs; who holds it is waited for."""
    with path.open("a") as file:
        fcntl.flock(file.fileno(), fcntl.LOCK_SH)
        yield


async def _at_once() -> None:
    """Wait for nothing."""


@dataclass
class Child:
    """Runs a command for as long as it is wanted."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    ready: Callable[[], Awaitable[None]] = _at_once
    """Waits until it can be used; raises `HtxError` when it never can."""
    alive: Callable[[], Awaitable[bool]] | None = None
    """Says whether it still does its work; asked again and again where given."""
    folder: Path = ROOT
    """Where it runs."""
    probe_every: float = 5.0
    """Seconds between two such questions."""
    patience: float = _STOP_WITHIN
    """Seconds that it may take to end when told to."""
    _process: asyncio.subprocess.Process | None = field(default=None, init=False)
    _watch: asyncio.Task[None] | None = field(default=None, init=False)

    async def start(self) -> None:
        """Start the process, wait until it is ready, watch over it; raises what `ready` does."""
        await self._spawn()
        await self.ready()
        self._watch = asyncio.create_task(self._keep_alive())

    async def stop(self) -> None:
        """Stop watching and end the process."""
        if self._watch is not None:
            self._watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watch
        await self._end()

    @property
    def pid(self) -> int | None:
        """The process id of what runs now."""
        return self._process.pid if self._process else None

    @property
    def gone(self) -> bool:
        """Whether nothing runs."""
        return self._process is None or self._process.returncode is not None

    async def _spawn(self) -> None:
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self.command,
                cwd=self.folder,
                env={**self.environment, PARENT: str(os.getpid())},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    async def _keep_alive(self) -> None:
        """Start the process again whenever it dies or hangs, a little later each time."""
        deaths = 0
        while self._process is not None:
            code = await self._death(self._process)
            pause = _RESTART_PAUSES[min(deaths, len(_RESTART_PAUSES) - 1)]
            _log.warning("child.died", name=self.name, code=code, restart_in=pause)
            await asyncio.sleep(pause)
            deaths += 1
            try:
                await self._spawn()
                await self.ready()
            except (HtxError, OSError) as error:  # or a log that can't be opened, no memory
                _log.warning("child.not_back", name=self.name, reason=str(error))
            else:
                deaths = 0
                _log.info("child.back", name=self.name, pid=self.pid)

    async def _death(self, process: asyncio.subprocess.Process) -> int:
        """Wait until the process has died, killed where it hangs; return its exit code."""
        probing = asyncio.create_task(self._kill_when_hung(process))
        try:
            return await process.wait()
        finally:
            probing.cancel()

    async def _kill_when_hung(self, process: asyncio.subprocess.Process) -> None:
        failed = 0
        while self.alive is not None and failed < _FAILED_PROBES:
            await asyncio.sleep(self.probe_every)
            failed = 0 if await self.alive() else failed + 1
        if failed:
            _log.warning("child.hung", name=self.name, pid=process.pid)
            process.kill()  # one that hangs, or was stopped, does not hear a milder word

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is None or process.returncode is not None:
            return
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), self.patience)
        except TimeoutError:
            process.kill()
            await process.wait()


@dataclass(frozen=True)
class Done:
    """A command that ended: its exit code, and what it wrote to stdout and stderr."""

    code: int | None
    output: str
    problem: str

    @property
    def last_line(self) -> str:
        """The last line of stderr: why it failed, if it did."""
        return self.problem.strip().rpartition("\n")[2].strip()


def _ignore(_line: str) -> None:
    """Do nothing with a line."""


async def run_low_priority(
    command: Sequence[str],
    environment: Mapping[str, str],
    each: Callable[[str], None] = _ignore,
    told: bytes = b"",
) -> Done:
    """Run a command to its end; cancelled, the process is killed.

    `each` is given every line that it writes to stderr, as it comes; `told` is what it reads.
    """
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=ROOT,
        env={**environment, PARENT: str(os.getpid())},
        stdin=asyncio.subprocess.PIPE if told else asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        limit=2**20,  # a warning of a library may be one very long line
    )
    try:
        with contextlib.suppress(psutil.NoSuchProcess):  # it may have ended already
            psutil.Process(process.pid).nice(min(psutil.Process().nice() + _NICER, _NICEST))
        output, problem, _ = await asyncio.gather(
            _read(process.stdout), _read(process.stderr, each), _tell(process.stdin, told)
        )
        return Done(await process.wait(), output, problem)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def end_orphans(word: str) -> None:
    """End the commands that hold this word and that a killed process left at their work."""
    for process in psutil.process_iter(["cmdline"]):
        with contextlib.suppress(psutil.Error):
            if any(word in part for part in process.info["cmdline"] or ()):
                parent = process.environ().get(PARENT, "")
                if parent and parent != str(process.ppid()):
                    process.kill()


async def _tell(stream: asyncio.StreamWriter | None, told: bytes) -> None:
    if stream is None:
        return
    with contextlib.suppress(ConnectionError):  # it may have ended already
        stream.write(told)
        await stream.drain()
    stream.close()


async def _read(stream: asyncio.StreamReader | None, each: Callable[[str], None] = _ignore) -> str:
    lines: list[str] = []
    while stream is not None and (line := (await stream.readline()).decode(errors="replace")):
        each(line.rstrip())
        lines.append(line)
    return "".join(lines).strip()


def free_port() -> int:
    """Return a port on loopback that nobody holds just now.

    It is below those that the system gives to whoever connects: such a one may be taken before it
    is listened on, and a client that asks too early would be connected to itself.
    """
    while True:
        port = _LOWEST_PORT + secrets.randbelow(_CLIENTS_PORT - _LOWEST_PORT)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def require_free(host: str, port: int, sentence: str) -> None:
    """Raise `MachineError` with the sentence when another program listens there."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise MachineError(sentence) from None
