"""Training beside a product that runs: slow on purpose, and given up when it is cancelled."""

import asyncio
from pathlib import Path

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
    draft = path.with_name(f"draft-{path.name}")
    process = await asyncio.create_subprocess_exec(
        *training_command(settings, draft),
        cwd=ROOT,
        env=nlu_environment(settings),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        psutil.Process(process.pid).nice(min(psutil.Process().nice() + _NICER, _NICEST))
        _, said = await process.communicate()
        if process.returncode or not draft.exists():
            msg = f"Huấn luyện không xong: {_last_line(said)}"
            raise ModelError(msg)
        draft.replace(path)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        draft.unlink(missing_ok=True)


def _last_line(said: bytes) -> str:
    lines = said.decode(errors="replace").strip().splitlines()
    return lines[-1].strip() if lines else ""
