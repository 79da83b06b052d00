"""What the tests of every face may use: a Bot API."""

from collections.abc import AsyncIterator

import pytest

from tests.doubles.bot_api import BotApi, running_bot_api


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    """Return a Bot API."""
    async with running_bot_api() as double:
        yield double
