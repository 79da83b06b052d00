"""Turns for bulk messages come at an even rate, also after a rest."""

import asyncio

from services.announcements.sending.pacer import Pacer
from services.bootstrap import Services


async def test_turns_that_were_left_before_a_rest_are_no_burst_after_it(
    services: Services,
) -> None:
    """A pause leaves some that were reserved: the next comes alone, the second in its time."""
    moment = [1_000.0]
    pacer = Pacer(services.sessions, 20, clock=lambda: moment[0])
    await pacer.turn()
    moment[0] += 60
    await pacer.turn()
    second = asyncio.create_task(pacer.turn())
    given, _ = await asyncio.wait({second}, timeout=0.2)
    second.cancel()

    assert not given
