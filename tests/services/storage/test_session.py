import asyncio
from contextlib import AsyncExitStack

from sqlalchemy import text

from services.settings import Settings
from services.storage.session import make_engine, make_sessions

CROWD = 40


async def test_nobody_waits_for_a_connection(settings: Settings) -> None:
    """As many sessions as there are questions under way can be at work at a time."""
    engine = make_engine(settings.database_url)
    sessions = make_sessions(engine)

    async with AsyncExitStack() as under_way, asyncio.timeout(5):
        opened = [await under_way.enter_async_context(sessions()) for _ in range(CROWD)]
        found = [await session.scalar(text("SELECT 1")) for session in opened]

    assert found == [1] * CROWD
    await engine.dispose()
