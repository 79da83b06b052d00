"""The bot against our Bot API, as the tests of that face have it; nobody is asked to wait."""

import pytest

from bot.limits import MessageLimit
from tests.bot.conftest import api
from tests.bot.telegram.conftest import (
    _at_once,
    content,
    follow_every,
    nlu,
    notice_every,
    phone,
    runner,
    settings,
    start,
    telegram,
    typing_every,
)
from tests.doubles.telegram import NoLimit

__all__ = [
    "_at_once",
    "api",
    "content",
    "follow_every",
    "nlu",
    "notice_every",
    "phone",
    "runner",
    "settings",
    "start",
    "telegram",
    "typing_every",
]


@pytest.fixture
def limit() -> MessageLimit:
    """Return no limit."""
    return NoLimit()
