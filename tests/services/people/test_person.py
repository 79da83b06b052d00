"""Who writes is met: made, seen, revived."""

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from services.bootstrap import Services
from services.people.person import is_due, stop
from tests.doubles.people import someone_in


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
