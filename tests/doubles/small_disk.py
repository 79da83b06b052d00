"""A small disk that can be filled: of its own where we may mount one, else by a bound on files."""

import asyncio
import resource
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

_BLOCK = 64 * 1024
_EVERY = 0.1
"""Seconds between two looks for room that somebody made meanwhile."""


@dataclass(frozen=True)
class SmallDisk:
    """A folder, and whether it is a disk of its own."""

    folder: Path
    mounted: bool

    @property
    def kind(self) -> str:
        """What a full one is, in words."""
        return "a tmpfs without room" if self.mounted else "RLIMIT_FSIZE of the processes"

    @asynccontextmanager
    async def full(self, processes: Callable[[], list[psutil.Process]]) -> AsyncIterator[None]:
        """Have no room for anything while the block runs; without a disk, for these processes."""
        if not self.mounted:
            with _bounded(processes()):
                yield
            return
        ballast = self.folder / "ballast"
        filling = asyncio.create_task(_fill(ballast))
        try:
            yield
        finally:
            filling.cancel()
            await asyncio.wait((filling,))
            ballast.unlink()


@contextmanager
def small_disk(folder: Path, mebibytes: int) -> Iterator[SmallDisk]:
    """Give a disk of some size in a folder while the block runs."""
    folder.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m,mode=0700", "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    except OSError:
        mounted = False
    try:
        yield SmallDisk(folder, mounted)
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", folder], check=True)


async def _fill(ballast: Path) -> None:
    """Take all the room that there is, and what is made later too."""
    with ballast.open("ab", buffering=0) as file:
        while True:
            with suppress(OSError):
                while file.write(bytes(_BLOCK)) == _BLOCK:
                    pass
                continue
            with suppress(OSError):
                file.write(bytes(4096))
            await asyncio.sleep(_EVERY)


@contextmanager
def _bounded(processes: list[psutil.Process]) -> Iterator[None]:
    """Let processes, and those that they start, write nothing into any file."""
    unbounded = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    for process in processes:
        process.rlimit(psutil.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
    try:
        yield
    finally:
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.rlimit(psutil.RLIMIT_FSIZE, unbounded)
