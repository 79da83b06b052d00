"""Deliveries: one for each recipient, once, and counted as they stand."""

from sqlalchemy import func, select, update

from services.announcements import deliveries
from services.people.erasing import erase
from services.storage.models import Announcement, Delivery
from tests.conftest import NOON
from tests.doubles.bureau import Bureau

CHANNELS = ("telegram",)


async def filled(bureau: Bureau, said: Announcement) -> int:
    """Make the deliveries that are missing; return how many there are."""
    return await deliveries.fill(bureau.session, said, CHANNELS, NOON)


async def test_each_recipient_gets_one_and_the_count_agrees(bureau: Bureau) -> None:
    """Who is left out of the count gets none."""
    await bureau.settle(11, agreed=False)
    await bureau.settle(12, channel="web")
    said = await bureau.drafted()
    people = await bureau.announcer.count(bureau.session, said)

    assert (people.total, people.left_out) == (3, {"channel": 1, "no_consent": 1})
    assert await filled(bureau, said) == 3


async def test_second_time_adds_nobody(bureau: Bureau) -> None:
    """Whatever became of the deliveries meanwhile."""
    said = await bureau.drafted()
    await filled(bureau, said)
    await bureau.session.execute(update(Delivery).values(state="sent"))

    assert await filled(bureau, said) == 3
    assert (await deliveries.tally(bureau.session, said.id))["sent"] == 3


async def test_second_time_adds_who_came_meanwhile(bureau: Bureau) -> None:
    """And nobody else."""
    said = await bureau.drafted()
    await filled(bureau, said)
    await bureau.settle(11)

    assert await filled(bureau, said) == 4


async def test_erased_person_who_comes_back_is_not_sent_it_twice(bureau: Bureau) -> None:
    """The hash that is left bars it."""
    said = await bureau.drafted()
    await filled(bureau, said)
    await bureau.session.execute(update(Delivery).values(state="sent"))
    await erase(bureau.session, "telegram", "1")
    await bureau.settle(1)

    assert await filled(bureau, said) == 3


async def test_batches_hold_a_hundred(bureau: Bureau) -> None:
    """The last one holds the rest."""
    await bureau.settle(*range(100, 247))
    said = await bureau.drafted()
    await filled(bureau, said)
    query = select(Delivery.batch, func.count()).group_by(Delivery.batch).order_by(Delivery.batch)

    assert (await bureau.session.execute(query)).all() == [(0, 100), (1, 50)]
    assert await deliveries.open_batches(bureau.session, said.id, 8) == [0, 1]
    assert await deliveries.open_batches(bureau.session, said.id, 1) == [0]


async def test_announcements_do_not_share_deliveries(bureau: Bureau) -> None:
    """A second one reaches the same people."""
    one, other = await bureau.drafted(), await bureau.drafted()
    await filled(bureau, one)

    assert await filled(bureau, other) == 3


async def test_cancelling_gives_up_what_waits_alone(bureau: Bureau) -> None:
    """What is under way ends by itself."""
    said = await bureau.drafted()
    await filled(bureau, said)
    first = select(func.min(Delivery.id)).scalar_subquery()
    await bureau.session.execute(
        update(Delivery).where(Delivery.id == first).values(state="sending")
    )
    await deliveries.cancel(bureau.session, said.id)
    found = await deliveries.tally(bureau.session, said.id)

    assert (found["sending"], found["cancelled"], found["pending"]) == (1, 2, 0)


async def test_reasons_are_counted_by_state(bureau: Bureau) -> None:
    """Those without a reason are no reason."""
    said = await bureau.drafted()
    await filled(bureau, said)
    ids = list(await bureau.session.scalars(select(Delivery.id)))
    for number, state, reason in zip(
        ids, ("failed", "stopped", "sent"), ("a", "blocked", ""), strict=True
    ):
        change = update(Delivery).where(Delivery.id == number).values(state=state, reason=reason)
        await bureau.session.execute(change)

    found = await deliveries.reasons(bureau.session, said.id)
    assert found == {"failed": {"a": 1}, "stopped": {"blocked": 1}}
