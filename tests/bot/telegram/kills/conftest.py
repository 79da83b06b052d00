"""The bot as a process that is killed: content that it finds sound, each database in turn."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.settings import Settings
from services.storage.migrate import upgrade
from services.storage.session import Sessions, make_engine, make_sessions
from tests.doubles.content import write_quick


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """Return content that a process finds sound, and soon."""
    return write_quick(tmp_path / "content")


@pytest.fixture
def database_url(any_database: str) -> str:
    """Return the URL of each database in turn."""
    return any_database


@pytest.fixture
async def sessions(settings: Settings) -> AsyncIterator[Sessions]:
    """Return sessions on the migrated database."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    await upgrade(settings.database_url)
    engine = make_engine(settings.database_url)
    yield make_sessions(engine)
    await engine.dispose()
