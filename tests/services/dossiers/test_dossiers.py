"""Dossiers as they are kept, on both databases: marked at once, taken once, told, tidied."""

import asyncio
import shutil
from pathlib import Path

import pytest

from services.bootstrap import Services
from services.dossiers import dossiers, reminded, sharing
from services.errors import ToolError
from services.people.person import identity_of
from services.people.record import record_of
from services.settings import ROOT
from services.storage.models import Dossier
from tests.conftest import NOON
from tests.doubles.procedure import PROCEDURE, write_varied

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
    (content / "deadlines").mkdir(exist_ok=True)
    told = ROOT / "content/deadlines/cap-lai-giay.yml"
    shutil.copy(told, content / f"deadlines/{PROCEDURE}.yml")
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

    async def take(chat: dossiers.Chat) -> bool:
        async with services.sessions.begin() as session:
            return await sharing.take(session, secret, chat, NOON) is not None

    taken = await asyncio.gather(take(OTHER), take(THIRD))
    async with services.sessions() as session:
        held = [len(await dossiers.every(session, chat)) for chat in (CHAT, OTHER, THIRD)]

    assert sorted(taken) == [False, True]
    assert held == [0, *map(int, taken)]
    with pytest.raises(ToolError, match="không có mục đó"):
        dossiers.require_item(services.library, dossier, "p.x")


async def test_who_has_nothing_else_is_told_of_it(services: Services) -> None:
    """In the file of their data, and in what the office can show them."""
    await begun(services)
    async with services.sessions() as session:
        found = await record_of(session, identity_of(services.settings), *CHAT)

    assert found is not None
    assert found.tells_more
    assert found.as_json()["dossiers"][0]["cooperative"] == "HTX Đại Hiệp"
