"""Work beside a product that runs: another process, slow on purpose, ended when it is cancelled."""

import asyncio
from collections.abc import Mapping, Sequence
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
    said: str
    problem: str


async def run_low_priority(command: Sequence[str], environment: Mapping[str, str]) -> Done:
    """Run a command to its end; cancelled, the process is killed."""
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=ROOT,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        psutil.Process(process.pid).nice(min(psutil.Process().nice() + _NICER, _NICEST))
        written = await process.communicate()
        said, problem = (text.decode(errors="replace").strip() for text in written)
        return Done(process.returncode, said, problem)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
