"""A child process: started again when it dies, and when it lives but does nothing any more."""

import itertools
import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from structlog.testing import capture_logs

from services.processes import Child, free_port
from tests.doubles.waiting import until


@dataclass
class Probe:
    """Says that the process is well, unless a test says otherwise."""

    answers: Iterator[bool] = field(default_factory=lambda: itertools.repeat(True))
    asked: int = 0

    async def __call__(self) -> bool:
        """Say how it is."""
        self.asked += 1
        return next(self.answers)


@asynccontextmanager
async def running(folder: Path, probe: Probe) -> AsyncIterator[Child]:
    """Run a process that sleeps, probed all the time."""
    command = ("sleep", "600")
    child = Child("ngủ", command, os.environ, folder / "log", alive=probe, probe_every=0.01)
    await child.start()
    yield child
    await child.stop()


async def test_one_that_hangs_is_killed_and_started_again(tmp_path: Path) -> None:
    """Stopped, it hears no milder word than a kill; another one takes its place."""
    probe = Probe()
    async with running(tmp_path, probe) as child:
        first = child.pid
        assert first is not None
        os.kill(first, signal.SIGSTOP)
        probe.answers = itertools.repeat(False)
        await until(lambda: child.gone or child.pid != first, 10)
        probe.answers = itertools.repeat(True)
        await until(lambda: not child.gone and child.pid != first, 10)


async def test_one_failed_probe_is_no_hang(tmp_path: Path) -> None:
    """A busy process, which answers one probe of three, is left alone."""
    probe = Probe(answers=itertools.cycle((False, False, True)))
    async with running(tmp_path, probe) as child:
        first = child.pid
        await until(lambda: probe.asked > 9, 10)

        assert child.pid == first


async def test_one_that_cannot_be_started_for_a_while_is_tried_again(tmp_path: Path) -> None:
    """A folder that is away, a log that can't be opened: the watch goes on."""
    folder, away = tmp_path / "here", tmp_path / "away"
    folder.mkdir()
    async with running(folder, Probe()) as child:
        first = child.pid
        assert first is not None
        folder.rename(away)
        with capture_logs() as logged:
            os.kill(first, signal.SIGKILL)
            await until(lambda: any(one["event"] == "child.not_back" for one in logged), 10)
        away.rename(folder)
        await until(lambda: not child.gone and child.pid != first, 10)


async def test_it_runs_where_it_is_told(tmp_path: Path) -> None:
    """A file `.env` and the paths in settings mean the same to the worker as to the product."""
    child = Child("nơi", ("pwd", "-P"), os.environ, tmp_path / "log", folder=tmp_path)
    await child.start()
    await until(lambda: (tmp_path / "log").read_text() != "", 10)
    await child.stop()

    assert (tmp_path / "log").read_text().split()[0] == str(tmp_path)


def test_a_port_is_none_that_clients_are_given() -> None:
    """Else who asks too early is connected to itself, and the server is kept out."""
    given = Path("/proc/sys/net/ipv4/ip_local_port_range").read_text("utf-8").split()

    assert all(free_port() < int(given[0]) for _ in range(50))
