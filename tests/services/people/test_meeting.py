"""Who writes is met: made, seen, revived; and erased when nothing is under way any more."""

import asyncio
from datetime import timedelta

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from services.bootstrap import Services
from services.people.erasing import hold_back
from services.people.person import is_due, stop
from services.storage.models import Delivery
from tests.doubles.people import deliver, someone_in


async def test_seen_is_written_once_an_hour(services: Services, session: AsyncSession) -> None:
    """Within the hour nothing changes; after it the new time is written."""
    someone = await someone_in(services, session)
    person, first = someone.person, someone.now
    person.seen_at = first - timedelta(minutes=59)
    again = (await someone_in(services, session)).person
    kept = again.seen_at
    again.seen_at = first - timedelta(hours=1)
    later = (await someone_in(services, session)).person

    assert kept == first - timedelta(minutes=59)
    assert later.seen_at == first


async def test_stopped_person_revives_at_once(services: Services, session: AsyncSession) -> None:
    """Who blocked the bot and writes again is reached again, however short ago they were seen."""
    someone = await someone_in(services, session)
    stop(someone.person, "blocked", someone.now)
    due = is_due(someone.person, someone.now)
    revived = (await someone_in(services, session)).person

    assert due
    assert (revived.stopped, revived.stopped_at) == (None, None)


async def test_what_is_being_sent_is_waited_for(services: Services) -> None:
    """A person is at rest as soon as the announcement on its way has arrived."""
    async with services.sessions.begin() as session:
        someone = await someone_in(services, session)
        await deliver(session, someone.person, "sending", someone.now)
    waiting = asyncio.create_task(hold_back(services.sessions, "telegram", "7"))
    await asyncio.sleep(0)
    async with services.sessions.begin() as session:
        await session.execute(update(Delivery).values(state="sent"))

    assert await waiting


async def test_what_never_ends_is_waited_for_two_seconds(services: Services) -> None:
    """A delivery whose process died keeps nobody from being erased."""
    async with services.sessions.begin() as session:
        someone = await someone_in(services, session)
        await deliver(session, someone.person, "sending", someone.now)

    assert not await hold_back(services.sessions, "telegram", "7")
