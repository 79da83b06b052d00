"""Files that no other account of the machine may read: data, secrets, logs, copies.

Whoever can read the data folder knows who asked what, and holds the bot's own key.
"""

import contextlib
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_READABLE = stat.S_IRUSR | stat.S_IWUSR | stat.S_IRGRP | stat.S_IWGRP | stat.S_IROTH


def keep_to_this_account() -> None:
    """Let all that this process and its children make be its own account's alone."""
    os.umask(_OTHERS)


def close(folder: Path) -> None:
    """Take from other accounts what older releases and copies by hand left open to them.

    Links are left alone: what they lead to is not of this folder. So is what belongs to another
    account, which `open_to_others` tells of.
    """
    for path in open_to_others(_below(folder)):
        with contextlib.suppress(OSError):
            path.chmod(path.stat().st_mode & ~_OTHERS)


def open_to_others(paths: Iterable[Path]) -> list[Path]:
    """Return those that other accounts may read, change or enter."""
    return [path for path in paths if _mode(path) & _OTHERS]


def share_as_its_folder(path: Path) -> None:
    """Let those read a file who read its folder: content is everybody's who keeps it right."""
    path.chmod(path.parent.stat().st_mode & _READABLE)


def _below(folder: Path) -> Iterator[Path]:
    yield folder
    for root, folders, files in os.walk(folder):
        yield from (Path(root, name) for name in (*folders, *files))


def _mode(path: Path) -> int:
    """Return the mode of a file; nought of one that is not there any more, or only a link."""
    try:
        mode = path.lstat().st_mode
    except OSError:
        return 0
    return 0 if stat.S_ISLNK(mode) else mode
