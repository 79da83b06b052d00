"""A snapshot: the content as it stood at one moment, copied, so that nothing half-saved is read."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from services.errors import MachineError, why_of
from services.knowledge.files import LEFT_BY_EDITORS
from services.settings import Settings

_TRIES = 20
"""Copies made before giving up on a folder that never rests."""
_UNREAD = shutil.ignore_patterns(*LEFT_BY_EDITORS)


def editions_dir(settings: Settings) -> Path:
    """Return the folder of the editions."""
    return settings.data_dir / "editions"


@contextmanager
def taken(settings: Settings) -> Iterator[Path]:
    """Give a copy of today's content that nobody else writes to; what is left of it goes after.

    It lies beside the editions, so that it can become one by a rename.

    Raises:
        MachineError: the folder can't be copied, or never rests.

    """
    with _draft(settings) as draft:
        fault = ""
        for _ in range(_TRIES):
            try:
                before = digest(settings.content_dir)
                shutil.rmtree(draft, ignore_errors=True)
                shutil.copytree(settings.content_dir, draft, ignore=_UNREAD)
                if digest(draft) == before:
                    break
            except OSError as error:
                fault = f" ({_reason(error)})"
        else:
            msg = (
                f"Không chép được nội dung ở {settings.content_dir}{fault}; "
                "xem HTX_CONTENT_DIR có đúng không, ổ đĩa còn chỗ không."
            )
            raise MachineError(msg)
        yield draft


@contextmanager
def copied(settings: Settings, content: Path) -> Iterator[Path]:
    """Give a copy of an edition's content, to be changed; what is left of it goes after."""
    with _draft(settings) as draft:
        shutil.copytree(content, draft)
        yield draft


def digest(folder: Path) -> str:
    """Return sixteen hex digits over every file of the content."""
    found = hashlib.sha256()
    for path in _files(folder):
        found.update(f"{path.relative_to(folder).as_posix()}\0".encode())
        found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()[:16]


def _reason(error: OSError) -> str:
    """Return why a copy failed; `copytree` gathers a reason for each file, and one is enough."""
    if isinstance(error, shutil.Error):
        return str(error.args[0][0][-1])
    return why_of(error)


@contextmanager
def _draft(settings: Settings) -> Iterator[Path]:
    editions = editions_dir(settings)
    editions.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(
        prefix=".draft-", dir=editions, ignore_cleanup_errors=True
    ) as folder:
        yield Path(folder, "content")


def _files(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        unread = _UNREAD(parent, [*folders, *names])
        folders[:] = sorted(set(folders) - unread)
        yield from (Path(parent, name) for name in sorted(set(names) - unread))
