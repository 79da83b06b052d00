"""Both databases that the product runs on, for the tests that ask for them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.doubles import postgres


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """Return a PostgreSQL server, from the first test that asks to the end of all."""
    with postgres.running() as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: postgres.Server) -> Iterator[str]:
    """Return the URL of an empty PostgreSQL database of the test's own."""
    with postgres_server.database() as url:
        yield url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """Return the URL of the SQLite database that is used where no other is named."""
    return f"sqlite+aiosqlite:///{tmp_path}/var/htx.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def any_database(request: pytest.FixtureRequest) -> str:
    """Return the URL of an empty database: the test runs once on each."""
    named = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    url: str = request.getfixturevalue(named)
    return url
