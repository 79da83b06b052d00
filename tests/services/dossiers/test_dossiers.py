"""Dossiers as they are kept, on both databases: marked at once, taken once, told, tidied."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from services.bootstrap import Services
from services.dossiers import dossiers, reminded, sharing
from services.dossiers.view import view_of
from services.errors import ToolError
from services.knowledge.schema import DAY
from services.people.person import identity_of
from services.people.record import record_of
from services.reminders import reminders
from services.reminders.words import line_of
from services.storage.models import Chat, Dossier
from services.tools.due import DatedLine
from tests.conftest import NOON
from tests.doubles.procedure import PROCEDURE, write_deadlines, write_varied

CHAT, OTHER, THIRD = ("telegram", "700"), ("web", "k" * 22), ("web", "t" * 22)
ITEMS = ("p.de-nghi", "p.dieu-le", "s.viet", "s.nop")


@pytest.fixture
def database_url(any_database: str) -> str:
    """Return the URL of a migrated database: each test runs once on both."""
    return any_database


@pytest.fixture
def content(content: Path) -> Path:
    """Return the small content with a procedure, and two deadlines of one day."""
    write_varied(content)
    write_deadlines(content, "cap-lai-giay")
    return content


async def begun(services: Services) -> Dossier:
    """Begin a dossier."""
    async with services.sessions.begin() as session:
        return await dossiers.begin(session, CHAT, PROCEDURE, "HTX Đại Hiệp", NOON)


async def test_marks_at_a_time_lose_nothing(services: Services) -> None:
    """Of two transactions that mark the same or another thing, each on its own connection."""
    dossier, library = await begun(services), services.library

    async def mark(item: str) -> None:
        async with services.sessions.begin() as session:
            await reminded.set_mark(session, dossier, library, item, NOON.date(), NOON)

    await asyncio.gather(*(mark(item) for item in ITEMS for _ in range(2)))
    async with services.sessions() as session:
        marked = await dossiers.marks_of(session, dossier)

    assert marked == dict.fromkeys(ITEMS, NOON.date())


async def test_deadlines_of_one_day_are_dated_together(services: Services) -> None:
    """And lose it together."""
    dossier, library, found = await begun(services), services.library, list[set[str]]()
    for day in (NOON.date(), None):
        async with services.sessions.begin() as session:
            await reminded.set_mark(session, dossier, library, "d.to-hop-tac", day, NOON)
            found.append(set(await dossiers.marks_of(session, dossier)))

    assert found == [{"d.giai-quyet", "d.to-hop-tac"}, set()]


async def test_of_two_who_take_it_at_a_time_one_has_it(services: Services) -> None:
    """The link is good once; what cannot be marked is refused."""
    dossier = await begun(services)
    async with services.sessions.begin() as session:
        [own] = await dossiers.every(session, CHAT)
        secret = await sharing.give(session, own, NOON)

    async def take(chat: Chat) -> bool:
        async with services.sessions.begin() as session:
            return await sharing.take(session, secret, chat, NOON) is not None

    taken = await asyncio.gather(take(OTHER), take(THIRD))
    async with services.sessions() as session:
        held = [len(await dossiers.every(session, chat)) for chat in (CHAT, OTHER, THIRD)]

    assert sorted(taken) == [False, True]
    assert held == [0, *map(int, taken)]
    with pytest.raises(ToolError, match="không có mục đó"):
        dossiers.require_item(services.library, dossier, "p.x")


async def test_who_takes_their_own_keeps_its_reminders(services: Services) -> None:
    """Though they have as many as they may; its links lead nowhere then."""
    for _ in range(dossiers.MOST):
        dossier = await begun(services)
    item, day = "d.to-hop-tac", NOON.date()
    async with services.sessions.begin() as session:
        await reminded.set_mark(session, dossier, services.library, item, day, NOON)
        line = DatedLine(PROCEDURE, item.removeprefix("d."), day)
        await reminders.ask(session, CHAT, line, services.library, NOON)
        own = await dossiers.find(session, CHAT, dossier.id)
        assert own is not None
        secret = await sharing.give(session, own, NOON)
    async with services.sessions.begin() as session:
        taken = await sharing.take(session, secret, CHAT, NOON)
    async with services.sessions() as session:
        held = await reminders.of_chat(session, CHAT)
        again = await sharing.given(session, secret, NOON)

    assert taken is not None
    assert [line_of(one) for one in held] == [line]
    assert again is None


async def test_what_is_being_changed_is_taken_by_nobody_else(services: Services) -> None:
    """Its row is locked on PostgreSQL; SQLite has one writer at a time."""
    dossier, free = await begun(services), select(Dossier.id).with_for_update(skip_locked=True)
    async with services.sessions.begin() as session, services.sessions.begin() as other:
        await dossiers.find(session, CHAT, dossier.id, locked=True)
        locks = session.get_bind().dialect.name == "postgresql"
        found = list(await other.scalars(free))

    assert found == ([] if locks else [dossier.id])


async def test_no_number_is_given_twice(services: Services) -> None:
    """Old buttons name a dossier by its number: none of them may be another's."""
    first = await begun(services)
    async with services.sessions.begin() as session:
        await reminded.erase(session, first)
    second = await begun(services)

    assert second.id > first.id


@pytest.mark.parametrize("text", ["3/2027", "tháng trước", "năm 2027"])
def test_a_month_or_year_is_no_day_to_count_from(text: str) -> None:
    """Its first would be told as if it were sure."""
    with pytest.raises(ToolError):
        dossiers.typed_day(text, NOON.date())
    assert dossiers.typed_day("5/3/2027", NOON.date()) == date(2027, 3, 5)


async def test_a_day_from_which_one_may_is_not_told_to_be_over(services: Services) -> None:
    """A dossier judges that as `htx tool due` does: it may be done since then."""
    dossier, library = await begun(services), services.library
    found = library.deadlines[PROCEDURE]
    opening = found.deadlines[0].model_copy(update={"opens": True})
    own = found.model_copy(update={"deadlines": (opening, *found.deadlines[1:])})
    library = replace(library, deadlines={**library.deadlines, PROCEDURE: own})
    async with services.sessions.begin() as session:
        item = f"{DAY}{opening.id}"
        long_ago = NOON.date() - timedelta(900)
        await reminded.set_mark(session, dossier, library, item, long_ago, NOON)
        view = await view_of(session, dossier, library, NOON)

    told = {one.deadline.id: one for one in view.dates}
    assert told[opening.id].due
    assert not told[opening.id].past


async def test_who_has_nothing_else_is_told_of_it(services: Services) -> None:
    """In the file of their data, and in what the office can show them."""
    await begun(services)
    async with services.sessions() as session:
        found = await record_of(session, identity_of(services.settings), *CHAT)

    assert found is not None
    assert found.tells_more
    assert found.as_json()["dossiers"][0]["cooperative"] == "HTX Đại Hiệp"
