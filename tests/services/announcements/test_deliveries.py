"""Deliveries: one for each recipient, once, and counted as they stand."""

import pytest
from sqlalchemy import func, select, update

from services.announcements import deliveries
from services.people.person import identity_of, meet
from services.storage.models import Announcement, Delivery
from tests.conftest import NOON
from tests.doubles.scene import Scene

CHANNELS = ("telegram",)


@pytest.fixture
def database_url(any_database: str) -> str:
    """Return the URL of the database: each test runs on SQLite and on PostgreSQL."""
    return any_database


async def filled(scene: Scene, announcement: Announcement) -> int:
    """Make the deliveries that are missing; return how many there are."""
    await deliveries.fill(scene.session, announcement, scene.announcer.receiving(announcement))
    return sum((await deliveries.tally(scene.session, announcement.id)).values())


async def test_each_recipient_gets_one_and_the_count_agrees(scene: Scene) -> None:
    """Who is left out of the count gets none."""
    await scene.settle(11, agreed=False)
    await scene.settle(12, channel="web")
    announcement = await scene.drafted()
    people = await scene.announcer.count(scene.session, announcement)

    assert (people.total, people.left_out) == (3, {"channel": 1, "no_consent": 1})
    assert await filled(scene, announcement) == 3


async def test_second_time_adds_nobody(scene: Scene) -> None:
    """Whatever became of the deliveries meanwhile."""
    announcement = await scene.drafted()
    await filled(scene, announcement)
    await scene.session.execute(update(Delivery).values(state="sent"))

    assert await filled(scene, announcement) == 3
    assert (await deliveries.tally(scene.session, announcement.id))["sent"] == 3


async def test_second_time_adds_who_came_meanwhile(scene: Scene) -> None:
    """And nobody else."""
    announcement = await scene.drafted()
    await filled(scene, announcement)
    await scene.settle(11)

    assert await filled(scene, announcement) == 4


async def test_erased_person_who_comes_back_is_not_sent_it_twice(scene: Scene) -> None:
    """What is left bars it: it is known whose it was, and it is theirs again."""
    announcement = await scene.drafted()
    await filled(scene, announcement)
    await scene.session.execute(update(Delivery).values(state="sent"))
    await scene.erase(1)
    back = await meet(scene.session, identity_of(scene.settings), "telegram", "1", NOON)
    back.agreed, back.role = True, "farmer"

    assert await filled(scene, announcement) == 3


async def test_batches_hold_a_hundred(scene: Scene) -> None:
    """The last one holds the rest."""
    await scene.settle(*range(100, 247))
    announcement = await scene.drafted()
    await filled(scene, announcement)
    query = select(Delivery.batch, func.count()).group_by(Delivery.batch).order_by(Delivery.batch)

    assert (await scene.session.execute(query)).all() == [(0, 100), (1, 50)]
    assert await deliveries.open_batches(scene.session, announcement.id, 8) == [0, 1]
    assert await deliveries.open_batches(scene.session, announcement.id, 1) == [0]


async def test_announcements_do_not_share_deliveries(scene: Scene) -> None:
    """A second one reaches the same people."""
    one, other = await scene.drafted(), await scene.drafted()
    await filled(scene, one)

    assert await filled(scene, other) == 3


async def test_cancelling_gives_up_what_waits_alone(scene: Scene) -> None:
    """What is under way ends by itself."""
    announcement = await scene.drafted()
    await filled(scene, announcement)
    first = select(func.min(Delivery.id)).scalar_subquery()
    await scene.session.execute(
        update(Delivery).where(Delivery.id == first).values(state="sending")
    )
    await deliveries.cancel(scene.session, announcement.id)
    found = await deliveries.tally(scene.session, announcement.id)

    assert (found["sending"], found["cancelled"], found["pending"]) == (1, 2, 0)


async def test_reasons_are_counted_by_state(scene: Scene) -> None:
    """Those without a reason are no reason."""
    announcement = await scene.drafted()
    await filled(scene, announcement)
    ids = list(await scene.session.scalars(select(Delivery.id)))
    for number, state, reason in zip(
        ids, ("failed", "stopped", "sent"), ("a", "blocked", ""), strict=True
    ):
        change = update(Delivery).where(Delivery.id == number).values(state=state, reason=reason)
        await scene.session.execute(change)

    found = await deliveries.reasons(scene.session, announcement.id)
    assert found == {"failed": {"a": 1}, "stopped": {"blocked": 1}}
