"""A snapshot: the content as it stood at one moment, copied, so that nothing half-saved is read."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from services.errors import ContentError
from services.settings import Settings

_TRIES = 20
"""Copies made before giving up on a folder that never rests."""
_KEPT = 3
_UNREAD = shutil.ignore_patterns(".*", "*~", "__pycache__")
"""What editors leave beside the files that they write."""


@dataclass(frozen=True)
class Snapshot:
    """A frozen copy of the content."""

    path: Path

    @property
    def fingerprint(self) -> str:
        """Sixteen hex digits over every file of it."""
        return self.path.name

    def drop(self) -> None:
        """Delete the copy."""
        shutil.rmtree(self.path, ignore_errors=True)


def editions_dir(settings: Settings) -> Path:
    """Return the folder of the snapshots."""
    return settings.data_dir / "editions"


def take(settings: Settings) -> Snapshot:
    """Copy today's content; the copy of an equal content is used again.

    Raises:
        ContentError: the folder can't be copied, or never rests.

    """
    editions, fault = editions_dir(settings), ""
    for _ in range(_TRIES):
        try:
            editions.mkdir(parents=True, exist_ok=True)
            wanted = digest(settings.content_dir)
            if (editions / wanted).is_dir() or _copied(settings.content_dir, editions, wanted):
                os.utime(editions / wanted)
                return Snapshot(editions / wanted)
        except OSError as error:
            fault = f" ({error.strerror or error})"
    msg = f"Không chép được nội dung ở {settings.content_dir}{fault}; kiểm tra ổ đĩa rồi lưu lại."
    raise ContentError(msg)


def keep_newest(folder: Path, pattern: str = "*") -> None:
    """Delete all but the three entries of a folder that were used last."""
    found = sorted(folder.glob(pattern), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in found[_KEPT:]:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def digest(folder: Path) -> str:
    """Return sixteen hex digits over every file of the content."""
    found = hashlib.sha256()
    for path in _files(folder):
        found.update(f"{path.relative_to(folder).as_posix()}\0".encode())
        found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()[:16]


def _copied(content: Path, editions: Path, wanted: str) -> bool:
    """Copy; say whether the copy is what was wanted, that is, whether nothing changed meanwhile."""
    draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=editions))
    try:
        shutil.copytree(content, draft, ignore=_UNREAD, dirs_exist_ok=True)
        if digest(draft) != wanted:
            return False
        draft.rename(editions / wanted)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return True


def _files(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        unread = _UNREAD(parent, [*folders, *names])
        folders[:] = sorted(set(folders) - unread)
        yield from (Path(parent, name) for name in sorted(set(names) - unread))
