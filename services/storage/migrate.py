"""Brings the database to the newest shape, by Alembic."""

import asyncio
import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from services.errors import StorageError
from services.storage.session import make_blocking_engine

_MIGRATIONS = Path(__file__).parent / "migrations"
_SIGNS = (
    ("password|authentication|pg_hba", "database_login"),
    ('database ".*" does not exist', "database_missing"),
    ('role ".*" does not exist', "database_role_missing"),
    ("permission denied", "database_rights"),
    ("too many clients|connection slots", "database_full"),
    ("connection|resolve", "database_silent"),
)
"""What PostgreSQL and its client write, and which case that is; the first that fits counts.

A connection that fails carries no code (https://www.psycopg.org/psycopg3/docs/api/errors.html).
"""


def alembic_config(url: str) -> Config:
    """Return Alembic's configuration for a database."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


async def upgrade(url: str) -> None:
    """Migrate the database to the newest version; several processes may do so at once.

    Raises:
        StorageError: it can't be opened or migrated.

    """
    try:
        await asyncio.to_thread(_upgrade, url)
    except (SQLAlchemyError, OSError) as error:
        raise _unusable(url, error) from None


def _upgrade(url: str) -> None:
    with _folder(url):
        if not _is_newest(url):
            command.upgrade(alembic_config(url), "head")


def _is_newest(url: str) -> bool:
    """Say whether nothing is left to migrate, as at nearly every start: Alembic is slow to see."""
    engine = make_blocking_engine(url)
    try:
        with engine.connect() as connection:
            return set(MigrationContext.configure(connection).get_current_heads()) == _newest()
    finally:
        engine.dispose()


@cache
def _newest() -> set[str]:
    return set(ScriptDirectory(str(_MIGRATIONS)).get_heads())


@contextmanager
def _folder(url: str) -> Iterator[None]:
    """Make the folder of an SQLite file, and keep other processes from opening a new file there.

    Of two that give a new file its write-ahead log at one moment, one would be refused. Other
    databases need none of this.
    """
    address = make_url(url)
    if address.get_backend_name() != "sqlite" or not address.database:
        yield
        return
    folder = Path(address.database).parent
    folder.mkdir(parents=True, exist_ok=True)
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


def _unusable(url: str, error: Exception) -> StorageError:
    """Return the error of a database that can't be opened or migrated."""
    reason = getattr(error, "orig", None) or getattr(error, "strerror", None) or error
    why = " ".join(str(reason).split())
    if not url.startswith("postgresql"):
        return StorageError("database_unusable", why=why)
    fitting = (code for sign, code in _SIGNS if re.search(sign, why))
    return StorageError(next(fitting, "database_unusable"), why=why)
