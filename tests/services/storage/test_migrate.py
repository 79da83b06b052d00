import asyncio
import io
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command

from services.errors import StorageError
from services.settings import Settings
from services.storage.migrate import alembic_config, upgrade


async def test_migrations_make_the_models_tables(settings: Settings) -> None:
    """The migrated database is what the models say: nothing is left to migrate."""
    await upgrade(settings.database_url)

    config = alembic_config(settings.database_url)
    config.stdout = io.StringIO()

    await asyncio.to_thread(command.check, config)

    assert "No new upgrade operations" in config.stdout.getvalue()


async def test_first_database_keeps_its_turns(settings: Settings) -> None:
    """A database of the first version is brought up to date with everything that stands in it."""
    config = alembic_config(settings.database_url)
    settings.data_dir.mkdir(exist_ok=True)
    await asyncio.to_thread(command.upgrade, config, "0001")
    with closing(sqlite3.connect(str(settings.sqlite_path))) as old, old:
        old.execute(
            "INSERT INTO turn VALUES (1, 'web', 'a', '2026-11-24 05:00:00', 'hỏi', '', 'answered',"
            " '[\"ocop/ho-so\"]', '[\"0\"]', 0.9, 0, 5)"
        )
    await upgrade(settings.database_url)
    with closing(sqlite3.connect(str(settings.sqlite_path))) as new:
        kept = new.execute("SELECT text, articles FROM turn").fetchall()
        fresh = new.execute("SELECT count(*) FROM feedback, article_version").fetchone()

    assert kept == [("hỏi", '["ocop/ho-so"]')]
    assert fresh == (0,)


async def test_database_that_cannot_be_opened_is_one_sentence(tmp_path: Path) -> None:
    """A folder that can't be made is told with what to do."""
    (tmp_path / "tep").touch()
    with pytest.raises(StorageError, match="HTX_DATABASE_URL"):
        await upgrade(f"sqlite+aiosqlite:///{tmp_path}/tep/htx.db")
