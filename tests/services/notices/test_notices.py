"""Notices: once for each person and cause, claimed by one, uncertain for good, as agreed."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.bootstrap import Services
from services.notices import notices
from services.storage.models import Notice
from tests.conftest import NOON

CHAT = ("telegram", "7")
PAGE = ("web", "k" * 22)
CAUSE = "gap 12"
PURPOSE = "answers"


@pytest.fixture
def database_url(any_database: str) -> str:
    """Return the URL of a migrated database: the test runs once on both."""
    return any_database


async def the_notice(session: AsyncSession) -> Notice:
    """Return the only notice there is, as it stands now."""
    return (await session.scalars(select(Notice).execution_options(populate_existing=True))).one()


async def agree(session: AsyncSession, chat: tuple[str, str], *, given: bool) -> None:
    """Have a chat say yes or no to notices of answers."""
    await notices.agree(session, chat, PURPOSE, NOON, given=given, wording="Báo tôi nhé")


async def test_nobody_is_told_twice_for_one_cause(session: AsyncSession) -> None:
    """A second wish to tell the same is none; another cause or chat is."""
    made = [
        await notices.queue(session, to, cause, "Đã có.", NOON)
        for to, cause in ((CHAT, CAUSE), (CHAT, CAUSE), (PAGE, CAUSE), (CHAT, "gap 13"))
    ]

    assert made == [True, False, True, True]
    assert await session.scalar(select(func.count()).select_from(Notice)) == 3


async def test_one_of_a_hundred_claims_it(services: Services) -> None:
    """A hundred that would send the same notice at once: one does."""
    async with services.sessions.begin() as session:
        await notices.queue(session, CHAT, CAUSE, "Đã có.", NOON)
        number = (await the_notice(session)).id

    async def one() -> bool:
        async with services.sessions.begin() as session:
            return await notices.claim(session, number, NOON)

    assert sum(await asyncio.gather(*(one() for _ in range(100)))) == 1


async def test_what_is_not_agreed_to_any_more_is_stopped(session: AsyncSession) -> None:
    """The agreement must hold when it is sent, not when it was queued."""
    await agree(session, CHAT, given=True)
    await notices.queue(session, CHAT, CAUSE, "Đã có.", NOON, purpose=PURPOSE)
    await agree(session, CHAT, given=False)
    claimed = await notices.claim(session, (await the_notice(session)).id, NOON)
    left = await the_notice(session)

    assert not claimed
    assert (left.state, left.reason) == ("stopped", "withdrawn")


async def test_quiet_hours_hold_what_nobody_waits_for(session: AsyncSession) -> None:
    """At night only what is urgent is due, and by day that comes first."""
    await notices.queue(session, CHAT, CAUSE, "Đã có.", NOON)
    await notices.queue(session, CHAT, "ticket 3", "Cán bộ trả lời", NOON, urgent=True)
    night, day = [
        [row.cause for row in await notices.due(session, "telegram", NOON, quiet=quiet)]
        for quiet in (True, False)
    ]

    assert night == ["ticket 3"]
    assert day == ["ticket 3", CAUSE]


async def test_uncertain_is_never_sent_again(session: AsyncSession) -> None:
    """What a process had claimed and left is nobody's to send; a claim of now is left alone."""
    await notices.queue(session, CHAT, CAUSE, "Đã có.", NOON)
    number = (await the_notice(session)).id
    await notices.claim(session, number, NOON)
    await notices.give_up_stale(session, NOON + timedelta(minutes=1))
    sending = (await the_notice(session)).state
    await notices.give_up_stale(session, NOON + timedelta(minutes=4))
    again = await notices.claim(session, number, NOON + timedelta(minutes=5))

    assert sending == "sending"
    assert not again
    assert (await the_notice(session)).state == "uncertain"


async def test_what_was_not_taken_waits_with_what_follows(session: AsyncSession) -> None:
    """A chat's later notice does not overtake one that is put back."""
    await notices.queue(session, CHAT, "ticket 3 1", "Một", NOON)
    first = await the_notice(session)
    await notices.queue(session, CHAT, "ticket 3 2", "Hai", NOON)
    await notices.claim(session, first.id, NOON)
    later = NOON + timedelta(seconds=30)
    await notices.put_back(session, first, later, reason="429", parts_sent=0)

    assert await notices.due(session, "telegram", NOON, quiet=False) == []
    due = await notices.due(session, "telegram", later, quiet=False)
    assert [row.text for row in due] == ["Một", "Hai"]


async def test_the_page_takes_each_once_and_keeps_it(session: AsyncSession) -> None:
    """What a browser was given is not given again, and stands among what was told."""
    await agree(session, PAGE, given=True)
    await notices.queue(session, PAGE, CAUSE, "Đã có.", NOON, purpose=PURPOSE)
    await notices.queue(session, PAGE, "gap 13", "Không đồng ý.", NOON, purpose="other")
    taken = [
        [row.text for row in await notices.take_for_page(session, [PAGE], NOON)] for _ in range(2)
    ]

    assert taken == [["Đã có."], []]
    assert [row.text for row in await notices.told(session, [PAGE])] == ["Đã có."]
    assert not await notices.is_waiting(session, [PAGE])
