"""A clock that a test sets: the seconds that stand in a file are added to it, in every process.

Python imports this module by its name before anything else where its folder is in PYTHONPATH. The
file is named by HTX_TEST_CLOCK; what measures spans (`time.monotonic`) goes on as it does when
somebody sets a machine's clock.
"""

import os
import time
from datetime import datetime, timedelta
from pathlib import Path

from services import clock

_file = Path(os.environ["HTX_TEST_CLOCK"])
_time, _utc_now = time.time, clock.utc_now


def _added() -> float:
    return float(_file.read_text(encoding="ascii"))


def _shifted_time() -> float:
    return _time() + _added()


def _shifted_now() -> datetime:
    return _utc_now() + timedelta(seconds=_added())


time.time, clock.utc_now = _shifted_time, _shifted_now
