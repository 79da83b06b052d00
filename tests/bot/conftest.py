"""What the tests of every face may use: a Bot API."""

from collections.abc import AsyncIterator

import pytest

from tests.doubles.bot_api import BotApi, running_bot_api


@pytest.fixture(autouse=True)
def no_lasting_logs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have no command set the log of the process: that outlasts the test and what it captured."""
    for room in ("bot.cli", "bot.commands.run"):
        monkeypatch.setattr(f"{room}.configure_logs", lambda _level: None)


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    """Return a Bot API."""
    async with running_bot_api() as double:
        yield double
