"""The edition that is served, and the wait for a server that starts."""

import asyncio

import pytest

from services import edition
from services.bootstrap import Services


async def test_question_waits_for_a_server_that_starts(services: Services) -> None:
    """Held while it starts, let go at once when it reads."""
    services.current.begin()
    held = asyncio.create_task(services.current.settled())
    await asyncio.wait((held,), timeout=0.05)
    waited = not held.done()

    services.current.opened()

    assert (waited, await held) == (True, services.current.edition)


async def test_nobody_waits_for_long(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    """After that a question is read by its words."""
    monkeypatch.setattr(edition, "_STARTING", 0.01)
    services.current.begin()

    assert await services.current.settled() is services.current.edition
