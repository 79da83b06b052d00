"""Deliveries: one for each recipient, once, and counted as they stand."""

import pytest
from sqlalchemy import func, select, update

from services.announcements import deliveries
from services.storage.models import Announcement, Delivery
from tests.conftest import NOON
from tests.doubles.office import Office

CHANNELS = ("telegram",)


@pytest.fixture
def database_url(any_database: str) -> str:
    """Return the URL of the database: each test runs on SQLite and on PostgreSQL."""
    return any_database


async def filled(office: Office, announcement: Announcement) -> int:
    """Make the deliveries that are missing; return how many there are."""
    await deliveries.fill(office.session, announcement, CHANNELS, NOON)
    return sum((await deliveries.tally(office.session, announcement.id)).values())


async def test_each_recipient_gets_one_and_the_count_agrees(office: Office) -> None:
    """Who is left out of the count gets none."""
    await office.settle(11, agreed=False)
    await office.settle(12, channel="web")
    announcement = await office.drafted()
    people = await office.announcer.count(office.session, announcement)

    assert (people.total, people.left_out) == (3, {"channel": 1, "no_consent": 1})
    assert await filled(office, announcement) == 3


async def test_second_time_adds_nobody(office: Office) -> None:
    """Whatever became of the deliveries meanwhile."""
    announcement = await office.drafted()
    await filled(office, announcement)
    await office.session.execute(update(Delivery).values(state="sent"))

    assert await filled(office, announcement) == 3
    assert (await deliveries.tally(office.session, announcement.id))["sent"] == 3


async def test_second_time_adds_who_came_meanwhile(office: Office) -> None:
    """And nobody else."""
    announcement = await office.drafted()
    await filled(office, announcement)
    await office.settle(11)

    assert await filled(office, announcement) == 4


async def test_erased_person_who_comes_back_is_not_sent_it_twice(office: Office) -> None:
    """The hash that is left bars it."""
    announcement = await office.drafted()
    await filled(office, announcement)
    await office.session.execute(update(Delivery).values(state="sent"))
    await office.erase(1)
    await office.settle(1)

    assert await filled(office, announcement) == 3


async def test_batches_hold_a_hundred(office: Office) -> None:
    """The last one holds the rest."""
    await office.settle(*range(100, 247))
    announcement = await office.drafted()
    await filled(office, announcement)
    query = select(Delivery.batch, func.count()).group_by(Delivery.batch).order_by(Delivery.batch)

    assert (await office.session.execute(query)).all() == [(0, 100), (1, 50)]
    assert await deliveries.open_batches(office.session, announcement.id, 8) == [0, 1]
    assert await deliveries.open_batches(office.session, announcement.id, 1) == [0]


async def test_announcements_do_not_share_deliveries(office: Office) -> None:
    """A second one reaches the same people."""
    one, other = await office.drafted(), await office.drafted()
    await filled(office, one)

    assert await filled(office, other) == 3


async def test_cancelling_gives_up_what_waits_alone(office: Office) -> None:
    """What is under way ends by itself."""
    announcement = await office.drafted()
    await filled(office, announcement)
    first = select(func.min(Delivery.id)).scalar_subquery()
    await office.session.execute(
        update(Delivery).where(Delivery.id == first).values(state="sending")
    )
    await deliveries.cancel(office.session, announcement.id)
    found = await deliveries.tally(office.session, announcement.id)

    assert (found["sending"], found["cancelled"], found["pending"]) == (1, 2, 0)


async def test_reasons_are_counted_by_state(office: Office) -> None:
    """Those without a reason are no reason."""
    announcement = await office.drafted()
    await filled(office, announcement)
    ids = list(await office.session.scalars(select(Delivery.id)))
    for number, state, reason in zip(
        ids, ("failed", "stopped", "sent"), ("a", "blocked", ""), strict=True
    ):
        change = update(Delivery).where(Delivery.id == number).values(state=state, reason=reason)
        await office.session.execute(change)

    found = await deliveries.reasons(office.session, announcement.id)
    assert found == {"failed": {"a": 1}, "stopped": {"blocked": 1}}
