"""What is kept of a conversation, on both databases alike; its words are tried on one."""

import pytest


@pytest.fixture
def database_url(any_database: str) -> str:
    """Return the URL of each database in turn."""
    return any_database
