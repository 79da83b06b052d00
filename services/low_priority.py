"""Work beside a product that runs: another process, slow on purpose, ended when it is cancelled."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import psutil

from services.settings import ROOT

_NICEST = 19
_NICER = 10
"""How much later than the product itself the work gets the processor, just before the NLU server.

On two cores: at 16 a change waited over five minutes while 120 questions a second came; at 10 no
reply waited two seconds, and at thirty a second the change was served just within two minutes.
"""


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
    command: Sequence[str], environment: Mapping[str, str], each: Callable[[str], None] = _ignore
) -> Done:
    """Run a command to its end; cancelled, the process is killed.

    `each` is given every line that it writes to stderr, as it comes.
    """
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=ROOT,
        env=environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        limit=2**20,  # a warning of a library may be one very long line
    )
    try:
        psutil.Process(process.pid).nice(min(psutil.Process().nice() + _NICER, _NICEST))
        output, problem = await asyncio.gather(_read(process.stdout), _read(process.stderr, each))
        return Done(await process.wait(), output, problem)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _read(stream: asyncio.StreamReader | None, each: Callable[[str], None] = _ignore) -> str:
    lines: list[str] = []
    while stream is not None and (line := (await stream.readline()).decode(errors="replace")):
        each(line.rstrip())
        lines.append(line)
    return "".join(lines).strip()
