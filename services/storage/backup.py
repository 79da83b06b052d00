"""Backup and restore of the SQLite database, whole or not at all."""

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from services.errors import AnnouncementError, StorageError, why_of
from services.settings import Settings

_OWN_TABLE = "alembic_version"
_FOLDER = "backups"
_NAME = "htx-%Y%m%d-%H%M%S-%f.db"
"""When a copy was made, in UTC, stands in its name."""


def backup(settings: Settings) -> Path:
    """Copy the database while it is in use; return the copy's path.

    Raises:
        StorageError: the database is not SQLite, is missing, or there is no room.

    """
    source = _sqlite(settings)
    if not source.exists():
        raise StorageError("backup_nothing", file=source)
    folder = settings.data_dir / _FOLDER
    target = folder / f"{datetime.now(UTC):{_NAME}}"
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
    limit = now - timedelta(days=settings.backup_days)
    copies = (settings.data_dir / _FOLDER).glob("htx-*.db")
    old = [copy for copy in copies if (_made_at(copy) or now) < limit]
    for copy in old:
        for path in (copy, Path(f"{copy}-wal"), Path(f"{copy}-shm")):
            _delete(path)
    return len(old)


def restore(settings: Settings, copy: Path) -> Path:
    """Put a backup in the database's place; return the backup made of what stood there.

    Announcements that are on their way in it are paused: whom they reached since it was made, it
    does not know. A broken database is kept as it is.

    Raises:
        StorageError: the file is no backup of this product, the database is not SQLite, or
            another process has it open.

    """
    target = _sqlite(settings)
    _require_ours(copy)
    _require_unused(target)
    kept = _keep(settings, target) if target.exists() else target
    draft = target.with_suffix(".restoring")
    shutil.copyfile(copy, draft)
    _pause_announcements(draft)
    for leftover in (f"{target}-wal", f"{target}-shm"):
        Path(leftover).unlink(missing_ok=True)
    draft.replace(target)
    return kept


def _keep(settings: Settings, target: Path) -> Path:
    """Back up what stands there; what is no database any more is kept byte by byte."""
    try:
        return backup(settings)
    except StorageError:
        if _is_sound(target):
            raise
    kept = settings.data_dir / _FOLDER / f"{datetime.now(UTC):{_NAME}}"
    shutil.copyfile(target, kept)
    return kept


def _made_at(copy: Path) -> datetime | None:
    """Return when a copy was made, or None when the file is no copy of ours."""
    try:
        return datetime.strptime(copy.name, _NAME).replace(tzinfo=UTC)
    except ValueError:
        return None


def _delete(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise StorageError("backup_stays", file=path, why=why_of(error)) from None


def _sqlite(settings: Settings) -> Path:
    if settings.sqlite_path is None:
        raise StorageError("backup_sqlite_only")
    return settings.sqlite_path


def _copy(source: Path, target: Path) -> None:
    """Copy a database but for what people wrote a moment ago and was not answered yet."""
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
        new.execute("PRAGMA secure_delete=ON")
        with new:
            if _has_table(new, "inbox"):
                new.execute("DELETE FROM inbox WHERE until IS NOT NULL")


def _pause_announcements(draft: Path) -> None:
    """Pause what a worker would go on with, before a worker can see it."""
    why = str(AnnouncementError("announcement_restored"))
    query = (
        "UPDATE announcement SET state = 'paused', reason = ? WHERE state IN ('queued', 'sending')"
    )
    with closing(sqlite3.connect(draft)) as database, database:
        if _has_table(database, "announcement"):
            database.execute(query, (why,))


def _has_table(database: sqlite3.Connection, name: str) -> bool:
    query = "SELECT 1 FROM sqlite_master WHERE name = ?"
    return database.execute(query, (name,)).fetchone() is not None


def _require_ours(copy: Path) -> None:
    if not _is_sound(copy):
        raise StorageError("backup_not_ours", file=copy)


def _is_sound(file: Path) -> bool:
    """Say whether a file is a database of this product, and whole."""
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
            ours = _has_table(database, _OWN_TABLE)
            return ours and database.execute("PRAGMA quick_check").fetchone() == ("ok",)
    except sqlite3.Error:
        return False


def _require_unused(target: Path) -> None:
    """Raise where another process has the database open: it would write on into a lost file.

    Only who is alone with a database may take it out of WAL; the next who opens it puts it back.
    """
    if not target.exists():
        return
    try:
        with closing(sqlite3.connect(target, timeout=0)) as database:
            database.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError:
        raise StorageError("restore_in_use", file=target) from None
    except sqlite3.DatabaseError:
        return  # broken: nobody works with it
