"""Conversations are kept on both databases alike."""

import pytest


@pytest.fixture
def database_url(any_database: str) -> str:
    """Return the URL of each database in turn."""
    return any_database
