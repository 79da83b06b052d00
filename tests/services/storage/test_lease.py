"""A worker's number: unique among living processes, and free again however its holder dies."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from services.announcements.sending.lease import LEASES, borrow, hold
from services.errors import MachineError, StorageError
from services.settings import Settings
from tests.doubles.postgres import Server
from tests.doubles.processes import Start

WORKER = """
import asyncio
from services.settings import load_settings
from services.announcements.sending.lease import hold

async def main():
    async with hold(load_settings()) as number:
        print(number, flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""
SOON = 5.0


async def free(settings: Settings, number: int) -> bool:
    async with borrow(settings, number) as held:
        return held


async def until_free(settings: Settings, number: int) -> None:
    """Return once a lease is free: a server hears a moment later that a client is gone."""
    async with asyncio.timeout(SOON):
        while not await free(settings, number):  # noqa: ASYNC110  # because a lock tells nobody
            await asyncio.sleep(0.01)


async def test_killed_worker_leaves_its_number_to_the_next(
    settings: Settings, start: Start
) -> None:
    """A living worker's number is nobody else's; a killed one's is borrowed, then held anew."""
    worker = await start(WORKER)
    number = await worker.hear()
    taken = not await free(settings, 0)
    async with hold(settings) as beside:
        await worker.kill()
        await until_free(settings, 0)
    async with hold(settings) as after:
        pass

    assert (number, taken, beside, after) == ("0", True, 1, 0)


async def test_borrowed_lease_is_passed_over(settings: Settings) -> None:
    """While one worker sees to a dead one's jobs, nobody else takes the dead one's number."""
    async with borrow(settings, 0) as held, hold(settings) as number:
        pass

    assert (held, number) == (True, 1)


async def test_no_more_workers_than_leases(settings: Settings) -> None:
    """Whoever comes when all are taken is told to stop another first."""
    async with AsyncExitStack() as stack:
        held = [await stack.enter_async_context(hold(settings)) for _ in range(LEASES)]
        with pytest.raises(MachineError, match="16"):
            await stack.enter_async_context(hold(settings))

    assert held == list(range(LEASES))
    await until_free(settings, 0)


async def test_worker_that_fails_frees_its_number(settings: Settings) -> None:
    """An error passes through as it is, and the lease is free."""
    with pytest.raises(TimeoutError, match="mine"):
        async with hold(settings):
            raise TimeoutError("mine")

    await until_free(settings, 0)


@pytest.mark.parametrize("any_database", ["postgresql"], indirect=True)
async def test_worker_stops_when_the_server_lets_go_of_its_lease(
    settings: Settings, postgres_server: Server
) -> None:
    """Without its connection another may have its number: what it does is cancelled at once."""

    async def work() -> None:
        async with hold(settings):
            postgres_server.cut_off(settings.database_url)
            await asyncio.Event().wait()

    with pytest.raises(StorageError, match="ngắt kết nối"):
        await asyncio.wait_for(work(), SOON)

    assert await free(settings, 0)
