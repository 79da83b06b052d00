"""Of who counts reminders anew and who erases theirs meanwhile, neither undoes the other."""

import asyncio

import pytest
from sqlalchemy import text

from services.bootstrap import Services
from services.knowledge.library import Library
from services.reminders import reminders
from tests.conftest import NOON
from tests.doubles.waiting import PATIENCE, until_so
from tests.services.reminders.test_corrected import sooner
from tests.services.reminders.test_reminders import CHAT, ONCE, YEARLY, at

_LOCKED = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
OTHER = ("telegram", "8")


@pytest.fixture
def database_url(postgres_url: str) -> str:
    """Return the URL of the database with many writers; SQLite has one."""
    return postgres_url


async def recount(services: Services, library: Library) -> None:
    """Count all anew, in a transaction of its own."""
    async with services.sessions.begin() as session:
        await reminders.recount(session, library, NOON)


async def is_waiting(services: Services, task: asyncio.Task[None]) -> bool:
    """Say whether it waits for what another holds, or is done; a transaction sees who was there."""
    async with services.sessions() as session:
        return task.done() or bool(await session.scalar(text(_LOCKED)))


async def test_what_is_erased_meanwhile_stops_no_other(services: Services, whole: Library) -> None:
    """The others are counted anew; what is erased stays so."""
    async with services.sessions.begin() as session:
        await reminders.ask(session, CHAT, ONCE, whole, NOON)
        await reminders.ask(session, OTHER, ONCE, whole, NOON)
        await reminders.ask(session, OTHER, YEARLY, whole, NOON)
    async with services.sessions() as erasing:
        await reminders.end_all(erasing, CHAT)
        counting = asyncio.create_task(recount(services, sooner(whole, 9)))
        await until_so(lambda: is_waiting(services, counting), PATIENCE)
        await erasing.commit()
        await counting

    async with services.sessions() as session:
        assert not await reminders.of_chat(session, CHAT)
        first, _ = await reminders.of_chat(session, OTHER)
        assert first.day == at(12, 12).date()
