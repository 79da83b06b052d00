"""Checking beside a product that runs: all that `htx content check` finds keeps content back."""

import os
import sys
from pathlib import Path

from services.errors import ContentError
from services.publishing.low_priority import run_low_priority
from services.settings import Settings


async def check_beside(settings: Settings) -> None:
    """Check the content that the settings name, in a process of its own.

    Raises:
        ContentError: something is to be mended; its message lists each finding.

    """
    command = [str(Path(sys.executable).with_name("htx")), "content", "check"]
    environment = os.environ | {
        "HTX_CONTENT_DIR": str(settings.content_dir),
        "HTX_MODEL_DIR": str(settings.model_dir),
    }
    done = await run_low_priority(command, environment)
    if done.code:
        raise ContentError(done.said or done.problem)
