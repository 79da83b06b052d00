"""Logs: what is told of an error that nobody foresaw."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from services.settings import ROOT

_PROGRAM = """
import logging
import structlog
from services.telemetry import configure_logs

configure_logs()
for event in ("turn.failed", "turn.failed", "task.failed"):
    try:
        try:
            int("nhà bà Sáu")
        except ValueError as error:
            raise KeyError("đất bà Sáu") from error
    except KeyError:
        if event == "turn.failed":
            structlog.get_logger().exception(event)
        else:
            logging.getLogger("asyncio").exception(event)
"""


@pytest.fixture(scope="module")
def events() -> list[str]:
    """Return what is told of an error twice, and of one in a library."""
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM], cwd=ROOT, capture_output=True, text=True, check=True
    )
    first, second, *library = done.stderr.splitlines()
    return [first, second, "\n".join(library)]


def test_error_is_told_without_words_of_people(events: list[str]) -> None:
    """Its kind, its causes and where in the code; no message, which may quote what was written."""
    first, _, library = events

    for told in (first, library):
        assert "ValueError" in told
        assert "KeyError" in told
        assert "line 10" in told
    assert "bà Sáu" not in "".join(events)


def test_the_same_trace_is_told_once(events: list[str]) -> None:
    """Of what fails again alike the kind alone is told."""
    again = json.loads(events[1])

    assert (again["event"], again["exception"]) == ("turn.failed", "KeyError")


_DEBUGGED = """
import asyncio
import sys
from pathlib import Path
from sqlalchemy import text
from services.storage.session import make_engine, make_sessions
from services.telemetry import configure_logs

async def main():
    configure_logs("DEBUG")
    engine = make_engine(sys.argv[1])
    async with make_sessions(engine)() as session:
        await session.execute(text("SELECT :words"), {"words": "đất bà Sáu"})
    await engine.dispose()

asyncio.run(main())
"""


def test_no_words_of_people_are_logged_at_any_level(tmp_path: Path) -> None:
    """Not even at the level for looking into faults do libraries tell what was kept."""
    url = f"sqlite+aiosqlite:///{tmp_path}/htx.db"
    done = subprocess.run(
        [sys.executable, "-c", _DEBUGGED, url],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert "Sáu" not in done.stderr
    assert "S\\xe1u" not in done.stderr


_UNHEARD = """
import logging
import structlog
from services.telemetry import configure_logs

configure_logs()
structlog.get_logger().warning("telegram.took_over")
logging.getLogger("asyncio").warning("task.slow")
print("goes on")
"""


def test_full_disk_under_the_log_stops_nothing() -> None:
    """What can't be told is not told; the work of which it tells goes on."""
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-c", _UNHEARD],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=full,
            check=False,  # its last words can't be told either
        )

    assert done.stdout == b"goes on\n"
