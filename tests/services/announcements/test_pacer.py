"""Turns for bulk messages come at an even rate, also after a rest."""

import asyncio
import time

import pytest

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


@pytest.mark.parametrize("held", [0.0, 2.0])
async def test_clock_that_is_set_back_holds_nobody(services: Services, held: float) -> None:
    """What was reserved before, in this worker or in another, is no turn of an hour later."""
    back = [0.0]

    def clock() -> float:
        return 100_000 + time.monotonic() - back[0]

    mine, other = (Pacer(services.sessions, 20, clock) for _ in range(2))
    await mine.turn()
    await mine.hold(held)
    back[0] = 3600.0

    async with asyncio.timeout(2):
        await other.turn()
        await mine.turn()


async def test_clock_that_is_set_back_while_one_waits_holds_nobody(services: Services) -> None:
    """While much is sent somebody always waits for a turn: it comes at once, not in an hour."""
    moment = [100_000.0]
    pacer = Pacer(services.sessions, 20, clock=lambda: moment[0])
    await pacer.hold(0.6)
    waiting = asyncio.create_task(pacer.turn())
    early, _ = await asyncio.wait({waiting}, timeout=0.3)
    moment[0] -= 3600

    async with asyncio.timeout(3):
        await waiting
    assert not early
