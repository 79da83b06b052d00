"""What is kept is kept on both databases alike."""

from collections.abc import AsyncIterator

import pytest

from services.settings import Settings
from tests.doubles.processes import Start, starting


@pytest.fixture
def database_url(any_database: str) -> str:
    """Return the URL of each database in turn."""
    return any_database


@pytest.fixture
async def start(settings: Settings) -> AsyncIterator[Start]:
    """Return what starts processes beside the test's own."""
    async with starting(settings) as made:
        yield made
