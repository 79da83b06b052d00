"""Backups of the SQLite database, whole or not at all; `restoring` puts one in its place."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from services.errors import StorageError, why_of
from services.settings import Settings

FOLDER = "backups"
NAME = "htx-%Y%m%d-%H%M%S-%f.db"
"""When a copy was made, in UTC, stands in its name."""


def backup(settings: Settings) -> Path:
    """Copy the database while it is in use; return the copy's path.

    Raises:
        StorageError: the database is not SQLite, is missing, or there is no room.

    """
    source = path_of(settings)
    if not source.exists():
        raise StorageError("backup_nothing", file=source)
    folder = settings.data_dir / FOLDER
    target = folder / f"{datetime.now(UTC):{NAME}}"
    try:
        folder.mkdir(exist_ok=True)
        _copy(source, target)
    except (sqlite3.Error, OSError) as error:
        target.unlink(missing_ok=True)
        raise StorageError("backup_failed", why=error, folder=folder) from None
    return target


def expire(settings: Settings, now: datetime) -> int:
    """Delete the copies older than `HTX_BACKUP_DAYS`, no other file; return how many.

    Raises:
        StorageError: one can't be deleted.

    """
    copies = (settings.data_dir / FOLDER).glob("htx-*.db")
    old = [copy for copy in copies if is_old(settings, copy, now)]
    for copy in old:
        for path in (copy, Path(f"{copy}-wal"), Path(f"{copy}-shm")):
            _delete(path)
    return len(old)


def is_old(settings: Settings, copy: Path, now: datetime) -> bool:
    """Say whether a copy, by its name, is older than any that is kept."""
    made = _made_at(copy)
    return made is not None and made < now - timedelta(days=settings.backup_days)


@dataclass(frozen=True)
class Copy:
    """A copy that is kept."""

    at: datetime
    bytes: int


def copies(settings: Settings) -> list[Copy]:
    """Return the copies that are kept, the newest first."""
    found = [
        Copy(made, path.stat().st_size)
        for path in (settings.data_dir / FOLDER).glob("htx-*.db")
        if (made := _made_at(path))
    ]
    return sorted(found, key=lambda copy: copy.at, reverse=True)


def _made_at(copy: Path) -> datetime | None:
    """Return when a copy was made, or None when the file is no copy of ours."""
    try:
        return datetime.strptime(copy.name, NAME).replace(tzinfo=UTC)
    except ValueError:
        return None


def _delete(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise StorageError("backup_stays", file=path, why=why_of(error)) from None


def path_of(settings: Settings) -> Path:
    """Return the file of the database.

    Raises:
        StorageError: it is not SQLite.

    """
    if settings.sqlite_path is None:
        raise StorageError("backup_sqlite_only")
    return settings.sqlite_path


def _copy(source: Path, target: Path) -> None:
    """Copy a database but for what people wrote a moment ago and was not answered yet."""
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
        new.execute("PRAGMA secure_delete=ON")
        with new:
            if has_table(new, "inbox"):
                new.execute("DELETE FROM inbox WHERE until IS NOT NULL")


def has_table(database: sqlite3.Connection, name: str) -> bool:
    """Say whether a database has a table of this name."""
    query = "SELECT 1 FROM sqlite_master WHERE name = ?"
    return database.execute(query, (name,)).fetchone() is not None
