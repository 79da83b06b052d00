"""A backup in the database's place: what was lost comes back, what was ended since does not.

A copy knows nothing of what came after it. From the database that it replaces, where that is sound
and has grown out of the copy, is carried over: what was sent to whom, who said no, who is told
what later, who is staff now, and the audit. Whom it brings back who had erased themselves,
`services.people.forgotten` sees to before anything else runs.
"""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from services.errors import AnnouncementError, StorageError
from services.processes import locked, sharing
from services.settings import Settings
from services.storage.backup import FOLDER, NAME, backup, has_table, path_of
from services.storage.migrate import upgrade

_OWN_TABLE = "alembic_version"
_LOCK = "use.lock"
_KEPT = "BEGIN SELECT RAISE(ABORT, 'audit rows are never changed or deleted'); END"
_KNOWN_ROW = "WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)"
_OWN_TRIGGERS = {
    name: f"CREATE TRIGGER {name} BEFORE {when} {_KEPT}"
    for name, when in {
        "audit_kept_on_update": "UPDATE ON audit",
        "audit_kept_on_delete": "DELETE ON audit",
        "audit_kept_on_insert": f"INSERT ON audit {_KNOWN_ROW}",
    }.items()
}
"""As migrations 0005 and 0022 made them: what a copy has else by these names is not ours."""
_KNOWN = """
    SELECT id, channel, chat FROM main.person INTERSECT SELECT id, channel, chat FROM now.person
"""
_GROWN = """
    SELECT count(*) FROM main.audit AS a LEFT JOIN now.audit AS b
    ON a.id = b.id AND a.at = b.at AND a.who = b.who AND a.did = b.did
    WHERE a.id = (SELECT max(id) FROM main.audit) AND b.id IS NULL
"""
"""How many last rows of the copy's audit the database does not have: 1 where it is another's."""
_ERASED = """
    SELECT who, at FROM now.suppression WHERE who NOT IN (SELECT who FROM main.suppression)
"""
_REACHED = "SELECT announcement_id FROM now.delivery"
_NO = """
    FROM now.consent AS since WHERE source = 'self' AND purpose = 'announcements'
    AND person_id IN (SELECT id FROM known) AND NOT EXISTS (
        SELECT 1 FROM main.consent AS held WHERE held.person_id = since.person_id
        AND held.source = since.source AND held.purpose = since.purpose
        AND held.at = since.at AND held.given = since.given AND held.wording = since.wording
    )
"""
"""What people said themselves since; what staff imported is what a restore may be to undo.

It is told by what it says: SQLite gives the id of an erased row again.
"""
_LAST = """
    SELECT given FROM main.consent WHERE person_id = person.id AND purpose = 'announcements'
    ORDER BY id DESC LIMIT 1
"""


@dataclass(frozen=True)
class Restored:
    """What came of a restore."""

    kept: Path
    """The backup made of what stood there."""
    carried: bool
    """Whether what came after the copy was carried over."""
    erased: dict[str, datetime]
    """By what those are known who were erased since, whom it may have brought back; since when."""
    left_out: list[str]
    """Views and triggers that are not ours, of the copy and of what stood there."""


@contextmanager
def at_work(settings: Settings) -> Iterator[None]:
    """Have no backup take the database's place while the block runs."""
    with sharing(settings.data_dir / _LOCK):
        yield


async def restore(settings: Settings, copy: Path) -> Restored:
    """Put a backup in the database's place.

    Announcements that are on their way are paused: a person looks before any goes on. A broken
    database is kept as it is; whatever fails, the database stays.

    Raises:
        StorageError: the file is no backup of this product, the database is not SQLite, or a part
            of the product is at work.

    """
    target = path_of(settings)
    _require_ours(copy)
    with locked(settings.data_dir / _LOCK) as alone:
        if not alone:
            raise StorageError("restore_in_use", file=target)
        _require_unused(target)
        kept = _keep(settings, target) if target.exists() else target
        draft, before = target.with_suffix(".restoring"), target.with_suffix(".before")
        try:
            shutil.copyfile(copy, draft)
            left_out = dict.fromkeys(_leave_out_others(draft))
            await upgrade(f"sqlite+aiosqlite:///{draft}")
            _keep_audit(draft)
            erased = None
            if kept != target and _is_sound(kept):
                shutil.copyfile(kept, before)
                left_out |= dict.fromkeys(_leave_out_others(before))
                await upgrade(f"sqlite+aiosqlite:///{before}")
                erased = _carry_over(draft, before)
            _pause_announcements(draft)
            _drop(f"{target}-wal", f"{target}-shm")
            draft.replace(target)
        finally:
            for path in (draft, before):
                _drop(path, f"{path}-wal", f"{path}-shm")
    return Restored(kept, erased is not None, erased or {}, list(left_out))


def _drop(*paths: Path | str) -> None:
    for path in paths:
        Path(path).unlink(missing_ok=True)


def _carry_over(draft: Path, before: Path) -> dict[str, datetime] | None:
    """Bring a copy up to what is known since; return by what is known who was erased, and when.

    Nothing is done, and None returned, where the copy is of another database.
    """
    with closing(sqlite3.connect(draft)) as database:
        database.execute("ATTACH ? AS now", (str(before),))
        if database.execute(_GROWN).fetchone() != (0,):
            return None
        erased = {
            who: datetime.fromisoformat(at).replace(tzinfo=UTC)
            for who, at in database.execute(_ERASED)
        }
        with database:
            database.execute(f"CREATE TEMP TABLE known AS {_KNOWN}")
            _carry_staff(database)
            _carry_announcements(database)
            _carry_consents(database)
            _carry_notices(database)
            _take(database, "suppression", "1")
            _take(database, "audit", "id > coalesce((SELECT max(id) FROM main.audit), 0)")
        database.execute("DETACH now")
    return erased


def _carry_staff(database: sqlite3.Connection) -> None:
    """Have accounts, their rights and their phones be as they were a moment ago."""
    for table in ("authoring", "staff"):
        database.execute(f"DELETE FROM main.{table}")  # noqa: S608  # because the names are ours
    _take(database, "staff", "1")


def _carry_announcements(database: sqlite3.Connection) -> None:
    """Take over every announcement that somebody was to get, and what became of it for each."""
    for table in ("press", "delivery", "approval"):
        own = f"announcement_id IN ({_REACHED})"
        database.execute(f"DELETE FROM main.{table} WHERE {own}")  # noqa: S608  # because the names are ours
    _take(database, "announcement", f"id IN ({_REACHED})")
    for table in ("approval", "delivery", "press"):
        _take(database, table, f"announcement_id IN ({_REACHED})")
    others = f"announcement_id IN ({_REACHED}) AND person_id NOT IN (SELECT id FROM known)"  # noqa: S608  # because the words are ours
    database.execute(f"UPDATE main.delivery SET person_id = NULL WHERE {others}")  # noqa: S608  # because the words are ours


def _carry_consents(database: sqlite3.Connection) -> None:
    """Take over what people said themselves, and which topics they want no more."""
    database.execute(f"CREATE TEMP TABLE answered AS SELECT id, person_id {_NO}")
    _take(database, "consent", "id IN (SELECT id FROM answered) ORDER BY id", anew=True)
    database.execute(
        f"UPDATE main.person SET agreed = ({_LAST}) WHERE id IN (SELECT person_id FROM answered)"  # noqa: S608  # because the words are ours
    )
    _take(database, "topic_choice", "NOT wanted AND person_id IN (SELECT id FROM known)")


def _carry_notices(database: sqlite3.Connection) -> None:
    """Have what single people are told, and want to be told, be as it was a moment ago."""
    for table in ("notice", "notice_consent", "reminder"):
        database.execute(f"DELETE FROM main.{table}")  # noqa: S608  # because the names are ours
        _take(database, table, "1")


def _take(database: sqlite3.Connection, table: str, which: str, *, anew: bool = False) -> None:
    """Take rows of a table over, in place of those that have their keys, or under new ids."""
    rows = database.execute(f"PRAGMA main.table_info({table})").fetchall()
    columns = ", ".join(f'"{row[1]}"' for row in rows if not (anew and row[1] == "id"))
    database.execute(
        f"INSERT OR REPLACE INTO main.{table} ({columns})"  # noqa: S608  # because the names are ours
        f" SELECT {columns} FROM now.{table} WHERE {which}"
    )


def _keep(settings: Settings, target: Path) -> Path:
    """Back up what stands there; what is no database any more is kept byte by byte."""
    try:
        return backup(settings)
    except StorageError:
        if _is_sound(target):
            raise
    kept = settings.data_dir / FOLDER / f"{datetime.now(UTC):{NAME}}"
    shutil.copyfile(target, kept)
    return kept


def _pause_announcements(draft: Path) -> None:
    """Pause what a worker would go on with, before a worker can see it."""
    why = str(AnnouncementError("announcement_restored"))
    query = (
        "UPDATE announcement SET state = 'paused', reason = ? WHERE state IN ('queued', 'sending')"
    )
    with closing(sqlite3.connect(draft)) as database:
        with database:
            database.execute(query, (why,))
        database.execute("PRAGMA journal_mode = DELETE")  # so that the file alone is all of it


def _require_ours(copy: Path) -> None:
    if not _is_sound(copy):
        raise StorageError("backup_not_ours", file=copy)


def _is_sound(file: Path) -> bool:
    """Say whether a file is a database of this product, and whole."""
    try:
        with closing(sqlite3.connect(f"file:{quote(str(file))}?mode=ro", uri=True)) as database:
            ours = has_table(database, _OWN_TABLE)
            return ours and database.execute("PRAGMA quick_check").fetchone() == ("ok",)
    except sqlite3.Error:
        return False


def _leave_out_others(file: Path) -> list[str]:
    """Drop what acts by itself in a copy and is not ours, before anything is read; return names.

    An office may have added it for its reports; what another added would run with each write.
    """
    query = "SELECT type, name, sql FROM sqlite_master WHERE type IN ('trigger', 'view')"
    with closing(sqlite3.connect(file)) as database, database:
        found = database.execute(query).fetchall()
        others = [(kind, name) for kind, name, sql in found if _OWN_TRIGGERS.get(name) != sql]
        for kind, name in others:
            quoted = name.replace('"', '""')
            database.execute(f'DROP {kind} IF EXISTS "{quoted}"')  # a view takes its triggers along
    return [name for _, name in others]


def _keep_audit(file: Path) -> None:
    """Make those of our triggers anew in whose place others stood."""
    with closing(sqlite3.connect(file)) as database, database:
        for sql in _OWN_TRIGGERS.values():
            database.execute(sql.replace("TRIGGER", "TRIGGER IF NOT EXISTS", 1))


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
