"""What every test may use: a small content folder, its library, settings below a fresh folder."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from services.bootstrap import Services, bootstrap
from services.knowledge.library import Library
from services.settings import Settings, load_settings
from services.understanding.thresholds import Bars, Thresholds
from tests.doubles.content import read_content, write_content
from tests.doubles.nlu import FakeNlu, with_patience

structlog.configure(
    processors=[
        *structlog.get_config()["processors"][:-1],
        # The default draws every local variable, a whole library among them: seconds an error.
        structlog.dev.ConsoleRenderer(
            colors=False, exception_formatter=structlog.dev.plain_traceback
        ),
    ]
)

pytest_plugins = [
    "tests.plugin",
    "tests.doubles.chromium",
    "tests.doubles.databases",
    "tests.doubles.scene",
]

NOON = datetime(2026, 11, 24, 5, tzinfo=UTC)
"""Noon in Việt Nam on the day the content was looked over."""
_ALONE = Bars(gate=0.5, answer=0.6, offer=0.1)
BARS = Thresholds(alone=_ALONE, opened=_ALONE)
_PATIENCE = 15.0
"""Seconds for the readings of a message: a table is not slow, a machine full of tests may be."""


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """Return a small content folder."""
    return write_content(tmp_path / "content")


@pytest.fixture
def library(content: Path) -> Library:
    """Return the small content, loaded."""
    return read_content(content)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Return the URL of the database; modules that prove both return `any_database` instead."""
    return sqlite_url


@pytest.fixture
def settings(
    tmp_path: Path, content: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> Settings:
    """Return settings that keep everything below the test's folder, or in the test's database."""
    monkeypatch.chdir(tmp_path)
    return load_settings(data_dir=tmp_path / "var", content_dir=content, database_url=database_url)


@pytest.fixture
def nlu() -> FakeNlu:
    """Return an NLU that a test fills."""
    return FakeNlu()


@pytest.fixture
async def services(migrated: Settings, library: Library, nlu: FakeNlu) -> AsyncIterator[Services]:
    """Return the product over the small content, a real database and a fake NLU, at noon."""
    async with bootstrap(
        settings=migrated, library=library, nlu=nlu, thresholds=BARS, now=lambda: NOON
    ) as made:
        made.current.edition = with_patience(made.current.edition, _PATIENCE)
        yield made


@pytest.fixture
async def session(services: Services) -> AsyncIterator[AsyncSession]:
    """Return a session on a migrated database."""
    async with services.sessions() as opened:
        yield opened
