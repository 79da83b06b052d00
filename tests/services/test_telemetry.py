"""Logs: what is told of an error that nobody foresaw."""

import subprocess
import sys

from services.settings import ROOT

_PROGRAM = """
import logging
import structlog
from services.telemetry import configure_logs

configure_logs()
try:
    try:
        int("nhà bà Sáu")
    except ValueError as error:
        raise KeyError("đất bà Sáu") from error
except KeyError:
    structlog.get_logger().exception("turn.failed")
    logging.getLogger("asyncio").exception("task.failed")
"""


def test_error_is_told_without_words_of_people() -> None:
    """Its kind, its causes and where in the code; no message, which may quote what was written."""
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert done.stderr.count("ValueError") == done.stderr.count("KeyError") == 2
    assert "line 9" in done.stderr
    assert "bà Sáu" not in done.stderr
