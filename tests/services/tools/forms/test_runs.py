"""Runs: kept after each answer, taken up again within a week, nothing mixed by two at a time."""

from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from services.bootstrap import Services
from services.conversation.retention import reduce_old
from services.knowledge.tool_forms import ToolForm
from services.tools.forms import runs
from services.tools.forms.catalogue import form_of
from tests.conftest import NOON

CHAT, PHONE = ("web", "k" * 22), ("telegram", "700")


@pytest.fixture
def database_url(any_database: str) -> str:
    """Return the URL of a migrated database: each test runs once on both."""
    return any_database


@pytest.fixture
def form(services: Services) -> ToolForm:
    """Return the form of a loan."""
    return form_of(services.library, "loan")


async def test_answers_are_kept_and_taken_up_within_a_week(
    session: AsyncSession, form: ToolForm
) -> None:
    """What was told beforehand is in it; after a week it is begun anew."""
    run = await runs.begin(session, CHAT, form, {"months": 24, "unknown": 1}, NOON)
    assert await runs.save(session, run, form, 0, {"amount": 5000}, now=NOON, cursor="amount")
    await session.commit()

    found = await runs.find(session, CHAT, "loan", NOON + timedelta(days=6))
    assert found is not None
    assert (found.answers, found.cursor, found.version) == (
        {"months": 24, "amount": 5000},
        "amount",
        1,
    )
    assert await runs.find(session, CHAT, "loan", NOON + timedelta(days=7)) is None
    assert await runs.find(session, PHONE, "loan", NOON) is None


async def test_who_has_seen_an_older_version_saves_nothing(
    session: AsyncSession, form: ToolForm
) -> None:
    """The later of two is told; what the first one saved stands."""
    run = await runs.begin(session, CHAT, form, {}, NOON)
    assert await runs.save(session, run, form, 0, {"amount": 5000}, now=NOON)

    assert not await runs.save(session, run, form, 0, {"amount": 9000}, now=NOON)
    assert run.answers == {"amount": 5000}


async def test_one_that_has_ended_stands_and_is_compared_with(
    session: AsyncSession, form: ToolForm
) -> None:
    """It takes no more answers, and beginning anew leaves it."""
    first = await runs.begin(session, CHAT, form, {}, NOON)
    assert await runs.save(session, first, form, 0, {"amount": 5000}, now=NOON, ended=True)
    assert not await runs.save(session, first, form, 1, {"amount": 9000}, now=NOON)
    second = await runs.begin(session, CHAT, form, first.answers, NOON)
    later = NOON + timedelta(hours=1)
    await runs.save(session, second, form, 0, {"amount": 7000}, now=later, ended=True)

    told = await runs.finished(session, CHAT, "loan")
    assert [run.answers["amount"] for run in told] == [7000, 5000]
    await runs.discard(session, second)
    assert len(await runs.finished(session, CHAT, "loan")) == 1


async def test_one_form_is_open_once(session: AsyncSession, form: ToolForm) -> None:
    """Beginning anew lets go of what was open."""
    await runs.begin(session, CHAT, form, {"amount": 5000}, NOON)
    second = await runs.begin(session, CHAT, form, {}, NOON)

    assert [run.id for run in await runs.opened(session, CHAT, NOON)] == [second.id]


async def test_a_link_takes_it_to_another_face_once(session: AsyncSession, form: ToolForm) -> None:
    """Within ten minutes; the conversation that it came from has it no longer."""
    run = await runs.begin(session, PHONE, form, {"amount": 5000}, NOON)
    secret = await runs.make_link(session, run, NOON)
    soon, late = NOON + timedelta(minutes=9), NOON + timedelta(minutes=11)

    assert await runs.take_over(session, secret, CHAT, late) is None
    assert await runs.take_over(session, "other", CHAT, soon) is None
    await runs.begin(session, CHAT, form, {}, NOON)
    taken = await runs.take_over(session, secret, CHAT, soon)
    assert taken is not None
    assert taken.answers == {"amount": 5000}
    assert await runs.take_over(session, secret, PHONE, soon) is None
    assert await runs.opened(session, PHONE, soon) == []
    assert [one.id for one in await runs.opened(session, CHAT, soon)] == [taken.id]


async def test_it_goes_when_the_form_says_so(services: Services, form: ToolForm) -> None:
    """Ninety days after the last answer nothing of it is left."""
    async with services.sessions.begin() as session:
        run = await runs.begin(session, CHAT, form, {"amount": 5000}, NOON)
        await runs.save(session, run, form, 0, {}, now=NOON, ended=True)
    for days, left in ((90, 1), (91, 0)):
        await reduce_old(services.sessions, NOON + timedelta(days=days), keep_days=90)
        async with services.sessions() as session:
            assert len(await runs.finished(session, CHAT, "loan")) == left


async def test_it_is_kept_as_long_as_its_owner_says(services: Services, form: ToolForm) -> None:
    """Open ones and ended ones, and what is begun later; an open one is taken up as long."""
    async with services.sessions.begin() as session:
        await runs.begin(session, CHAT, form, {"amount": 5000}, NOON)
        assert await runs.keep(session, CHAT, "loan", 30, NOON)
        assert not await runs.keep(session, CHAT, "ocop", 30, NOON)
    month = NOON + timedelta(days=29)
    async with services.sessions.begin() as session:
        run = await runs.find(session, CHAT, "loan", month)
        assert run is not None
        await runs.save(session, run, form, 0, {}, now=month, ended=True)
        later = await runs.begin(session, CHAT, form, {}, month)
        assert (run.until, later.until) == (month + timedelta(days=30),) * 2
    await reduce_old(services.sessions, month + timedelta(days=31), keep_days=90)
    async with services.sessions() as session:
        assert await runs.finished(session, CHAT, "loan") == []


async def test_on_the_page_days_count_from_when_they_were_chosen(
    services: Services, form: ToolForm
) -> None:
    """Who says on day 80 that it be kept for a year has it until day 445."""
    async with services.sessions.begin() as session:
        await runs.begin(session, CHAT, form, {"amount": 5000}, NOON)
        await runs.keep(session, CHAT, "loan", 365, NOON + timedelta(days=80))
    for days, left in ((444, 1), (446, 0)):
        await reduce_old(services.sessions, NOON + timedelta(days=days), keep_days=90)
        async with services.sessions() as session:
            assert len(await runs.opened(session, CHAT, NOON)) == left


@pytest.mark.parametrize(("chat", "left"), [(PHONE, 1), (CHAT, 0)])
async def test_until_it_is_erased_is_as_long_as_somebody_can(
    services: Services, form: ToolForm, chat: tuple[str, str], left: int
) -> None:
    """A chat is known for ever; a browser that saved nothing for a year is known no more."""
    async with services.sessions.begin() as session:
        await runs.begin(session, chat, form, {"amount": 5000}, NOON)
        await runs.keep(session, chat, "loan", runs.UNTIL_ERASED, NOON)
    for days, count in ((364, 1), (4000, left)):
        await reduce_old(services.sessions, NOON + timedelta(days=days), keep_days=90)
        async with services.sessions() as session:
            assert len(await runs.opened(session, chat, NOON)) == count
