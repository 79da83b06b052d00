"""Files that no other account of the machine may read: data, secrets, logs, copies.

Whoever can read the data folder knows who asked what, and holds the bot's own key.
"""

import contextlib
import os
import stat
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from pathlib import Path

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_SHARED = stat.S_ISVTX | stat.S_ISGID
"""How a folder is marked in which several accounts are meant to work."""
_READABLE = stat.S_IRUSR | stat.S_IWUSR | stat.S_IRGRP | stat.S_IWGRP | stat.S_IROTH

_OURS = (
    *("attachments", "backups", "drafts", "editions", "models"),
    *("forgotten.*", "htx.*", "jobs.db*", "nlu-token*", "secret-key*"),
    *("nlu.log*", "worker.log*", "*publishing.json*", "run.lock", "use.lock", "worker-*.lock"),
)
"""What the product itself makes in its data folder."""


def keep_to_this_account() -> None:
    """Let all that this process and its children make be its own account's alone."""
    os.umask(_OTHERS)


def close(folder: Path) -> None:
    """Take from other accounts what older releases left open to them in the data folder.

    What the product did not make stays as it is, and so does a folder that holds any of it or is
    marked as shared: somebody may have named `/srv`. Links are left alone: what they lead to is
    not of this folder. `doctor` tells of what stays open.
    """
    for path in open_to_others(_ours(folder)):
        with contextlib.suppress(OSError):
            path.chmod(path.stat().st_mode & ~_OTHERS)


def open_to_others(paths: Iterable[Path]) -> list[Path]:
    """Return those that other accounts may read, change or enter."""
    return [path for path in paths if _mode(path) & _OTHERS]


def share_as_its_folder(path: Path) -> None:
    """Let those read a file who read its folder: content is everybody's who keeps it right."""
    path.chmod(path.parent.stat().st_mode & _READABLE)


def _ours(folder: Path) -> Iterator[Path]:
    inside = list(folder.iterdir())
    made = [path for path in inside if any(fnmatch(path.name, name) for name in _OURS)]
    if len(made) == len(inside) and not _mode(folder) & _SHARED:
        yield folder
    for path in made:
        yield path
        if not path.is_symlink():
            yield from _below(path)


def _below(folder: Path) -> Iterator[Path]:
    for root, folders, files in os.walk(folder):
        yield from (Path(root, name) for name in (*folders, *files))


def _mode(path: Path) -> int:
    """Return the mode of a file; nought of one that is not there any more, or only a link."""
    try:
        mode = path.lstat().st_mode
    except OSError:
        return 0
    return 0 if stat.S_ISLNK(mode) else mode
