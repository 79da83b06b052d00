"""The limit of messages that every face shares."""

import pytest

from bot.limits import MessageLimit


@pytest.fixture
def limit() -> MessageLimit:
    """Return a limit that has counted nobody."""
    return MessageLimit()


def test_thirty_pass_and_the_next_does_not(limit: MessageLimit) -> None:
    """Thirty messages a minute are served."""
    assert [limit.allow("a") for _ in range(31)] == [True] * 30 + [False]


def test_keys_are_counted_apart(limit: MessageLimit) -> None:
    """One sender's haste is not another's."""
    for _ in range(31):
        limit.allow("a")

    assert limit.allow("b")


def test_every_key_must_have_room(limit: MessageLimit) -> None:
    """A message is refused when one of its keys is full, and then counts for none."""
    for _ in range(30):
        limit.allow("a")
    refused = limit.allow("a", "b")

    assert not refused
    assert [limit.allow("b") for _ in range(30)] == [True] * 30


def test_memory_is_bounded(limit: MessageLimit) -> None:
    """Senders without end are served; the oldest counts are let go."""
    assert all(limit.allow(f"sender {number}") for number in range(5_100))
