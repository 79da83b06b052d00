"""Training beside a product that runs: slow on purpose, and given up when it is cancelled."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from services.errors import ModelError
from services.settings import ROOT, Settings
from services.understanding.model import nlu_environment, training_command

_NICEST = 19
_NICER = 10
"""How much later than the product itself the training gets the processor: whoever asks is first."""


async def train_beside(settings: Settings, path: Path) -> None:
    """Train into `path`, whole or not at all; cancelled, the training ends at once.

    Raises:
        ModelError: training failed; the message holds its last line.
        MachineError: no room on the disk, or the NLU room is not installed.

    """
    with _draft(path) as draft:
        said = await _run(training_command(settings, draft), nlu_environment(settings))
        if not draft.exists():
            msg = f"Huấn luyện không xong: {_last_line(said)}"
            raise ModelError(msg)
        draft.replace(path)


@contextmanager
def _draft(path: Path) -> Iterator[Path]:
    """Give a file beside the model, in a folder that goes with all that training leaves in it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="draft-", dir=path.parent, ignore_cleanup_errors=True) as folder:
        yield Path(folder, path.name)


async def _run(command: list[str], environment: dict[str, str]) -> bytes:
    """Run to the end and return what was said; cancelled, the process is killed."""
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=ROOT,
        env=environment,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        psutil.Process(process.pid).nice(min(psutil.Process().nice() + _NICER, _NICEST))
        return (await process.communicate())[1]
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def _last_line(said: bytes) -> str:
    lines = said.decode(errors="replace").strip().splitlines()
    return lines[-1].strip() if lines else ""
