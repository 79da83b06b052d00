"""Sifting beside a product that runs: the whole check, in a process of its own."""

import json
import os
import sys
from pathlib import Path

from services.errors import MachineError
from services.low_priority import run_low_priority
from services.settings import Settings


async def sift(settings: Settings, folder: Path, before: Path) -> tuple[str, ...]:
    """Hold back in `folder` whatever the check finds, as `hold_back` does; return the findings.

    Raises:
        MachineError: the check itself did not come to its end.

    """
    htx = str(Path(sys.executable).with_name("htx"))
    command = [htx, "content", "hold-back", str(folder), "--before", str(before)]
    done = await run_low_priority(command, os.environ | {"HTX_DATA_DIR": str(settings.data_dir)})
    if done.code:
        msg = f"Không kiểm tra xong nội dung: {done.last_line}"
        raise MachineError(msg)
    return tuple(json.loads(done.output))
