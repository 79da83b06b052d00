"""Both databases that the product runs on, for the tests that ask for them.

Each is migrated once in a run and copied from then on, which takes a tenth of the time.
"""

import asyncio
import os
import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import make_url

from services.settings import Settings
from services.storage.migrate import upgrade
from tests.doubles import postgres

EACH = ("sqlite", "postgresql")
WHOLE = bool(os.environ.get("EACH_DATABASE"))
"""Whether long tests run on each database; `make long` has it so."""


def databases(named: str) -> Sequence[str]:
    """Return on which databases a long test runs: on the one that is named, or on each."""
    return EACH if WHOLE else (named,)


def on_one(named: str) -> pytest.MarkDecorator:
    """Return what has a long test run on one database, where it does not run on each."""
    return pytest.mark.parametrize("any_database", databases(named), indirect=True)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """Return a PostgreSQL server, from the first test that asks to the end of all."""
    with postgres.running() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres_server: postgres.Server) -> Iterator[str]:
    """Return the name of a migrated PostgreSQL database, to be copied."""
    with postgres_server.database() as url:
        _migrate(url)
        yield make_url(url).database or ""


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a migrated SQLite database, to be copied."""
    path = tmp_path_factory.mktemp("template") / "htx.db"
    _migrate(f"sqlite+aiosqlite:///{path}")
    return path


@pytest.fixture
def postgres_url(postgres_server: postgres.Server, postgres_template: str) -> Iterator[str]:
    """Return the URL of a migrated PostgreSQL database of the test's own."""
    with postgres_server.database(postgres_template) as url:
        yield url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """Return the URL of the SQLite database that is used where no other is named."""
    return f"sqlite+aiosqlite:///{tmp_path}/var/htx.db"


@pytest.fixture
def migrated(settings: Settings, request: pytest.FixtureRequest) -> Settings:
    """Return the settings, their SQLite file copied; a PostgreSQL database is a copy already."""
    path = settings.sqlite_path
    if path is not None and not path.exists():
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
    return settings


@pytest.fixture(params=EACH)
def any_database(request: pytest.FixtureRequest) -> str:
    """Return the URL of a database of the test's own: the test runs once on each."""
    named = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    url: str = request.getfixturevalue(named)
    return url


def _migrate(url: str) -> None:
    """Migrate in a thread, because a test's own loop may be about."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, upgrade(url)).result()
