"""A folder in memory, for what a test run writes and nobody keeps."""

import shutil
from pathlib import Path

_ROOM = 4 * 1024**3


def in_memory() -> Path | None:
    """Return a folder in memory, where one has room.

    Each test has databases of its own. One of PostgreSQL is 300 files, and ext4 takes 0.2 s for as
    many soon after others were deleted; one of SQLite waits for the disk whenever it is closed.
    """
    folder = Path("/dev/shm")  # noqa: S108  # because what is made in it has a name of its own
    return folder if folder.is_dir() and shutil.disk_usage(folder).free > _ROOM else None
