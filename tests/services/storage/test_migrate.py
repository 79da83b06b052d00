import asyncio
import io
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


async def test_database_that_cannot_be_opened_is_one_sentence(tmp_path: Path) -> None:
    """A folder that can't be made is told with what to do."""
    (tmp_path / "tep").touch()
    with pytest.raises(StorageError, match="HTX_DATABASE_URL"):
        await upgrade(f"sqlite+aiosqlite:///{tmp_path}/tep/htx.db")
