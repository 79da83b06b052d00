"""Of two who do something with one announcement at a time, one sees what the other did."""

import asyncio
from collections.abc import Callable

import pytest
from sqlalchemy import func, select, text

from services.announcements import approval
from services.bootstrap import Services
from services.staff import account, audit
from services.storage.models import Announcement, Delivery
from tests.conftest import NOON
from tests.doubles.broadcast import APPROVER, AUTHOR
from tests.doubles.scene import Scene

_LOCKED = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"


@pytest.fixture
def database_url(postgres_url: str) -> str:
    """Return the URL of the database with many writers; SQLite has one."""
    return postgres_url


async def hold_all(services: Services) -> list[int]:
    """Disable the approver, in a transaction of its own."""
    async with services.sessions.begin() as session:
        await account.disable(session, APPROVER, NOON, audit.SYSTEM)
        return await approval.hold_all_by(session, APPROVER, NOON, audit.SYSTEM)


async def blocked(services: Services, done: Callable[[], bool]) -> None:
    """Return when somebody waits for what another holds, or when it is done.

    Each look has a transaction of its own: within one PostgreSQL tells who waits as it first was.
    """
    locked = None
    while not (done() or locked):
        async with services.sessions() as session:
            locked = await session.scalar(text(_LOCKED))


async def test_what_begins_meanwhile_is_paused(services: Services, scene: Scene) -> None:
    """It has its deliveries by then: as a draft somebody could change it, half sent."""
    scheduled = await scene.approved()
    at = scene.announcer.now().replace(hour=23)
    await scene.announcer.send(scene.session, scheduled.id, AUTHOR, at)
    await scene.session.commit()
    scene.clock.pass_(days=1)

    await scene.announcer.begin(scene.session, scheduled)
    holding = asyncio.create_task(hold_all(services))
    await blocked(services, holding.done)
    await scene.session.commit()

    assert await holding == [scheduled.id]
    async with services.sessions() as session:
        state = await session.scalar(select(Announcement.state))
        assert (state, await session.scalar(select(func.count(Delivery.id)))) == ("paused", 3)
