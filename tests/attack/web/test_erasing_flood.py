"""Erasing asked for again and again: it may hold up nobody else (review H1)."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import httpx
import pytest
from sqlalchemy import event

from services.bootstrap import Services
from tests.doubles.web import ASKED, Visit

FAR = "203.0.113.7"
CUT = "PRAGMA wal_checkpoint(TRUNCATE)"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Return the URL of an SQLite database, the only one whose log is cut."""
    return sqlite_url


@pytest.fixture
def cuts(services: Services) -> Iterator[list[str]]:
    """Return what will be tried to cut the log, in order."""
    tried: list[str] = []
    engine = services.sessions.kw["bind"].sync_engine

    def heard(*call: object) -> None:
        if CUT in str(call[2]):
            tried.append(CUT)

    event.listen(engine, "before_cursor_execute", heard)
    yield tried
    event.remove(engine, "before_cursor_execute", heard)


@pytest.fixture
def reading(services: Services) -> Iterator[None]:
    """Have somebody read the database meanwhile, as an export does."""
    database = services.settings.sqlite_path
    assert database
    with closing(sqlite3.connect(database, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT 1 FROM turn").fetchall()
        yield


async def erased(client: httpx.AsyncClient) -> int:
    """Ask to erase; return the status."""
    return (await client.post("/xoa")).status_code


async def test_one_address_erases_a_few_times_a_minute(visit: Visit) -> None:
    """Without a cookie, each request in a conversation of its own, most of sixty are refused."""
    statuses = [await erased(visit(FAR)) for _ in range(60)]

    assert statuses.count(200) <= 10
    assert set(statuses) == {200, 429}


async def test_erasing_by_words_counts_as_well(visit: Visit) -> None:
    """The same written as a message, through the API, is refused as early."""
    client = visit(FAR)
    statuses = [
        (
            await client.post("/api/messages", json={"conversation": f"c{n}", "text": "/xoa"})
        ).status_code
        for n in range(25)
    ]

    assert statuses.count(200) <= 10


@pytest.mark.usefixtures("reading")
async def test_many_erasures_cut_the_log_together(visit: Visit, cuts: list[str]) -> None:
    """While somebody reads, those who erase at a time wait for no reader, and try together."""
    clients = [visit(f"203.0.113.{number}") for number in range(10)]
    for client in clients:
        await client.post("/", data={"text": ASKED})
    statuses = await asyncio.gather(*map(erased, clients))

    assert set(statuses) == {200}
    assert len(cuts) <= 40  # twenty by each of the ten, were they alone


async def test_nothing_to_erase_touches_no_log(visit: Visit, cuts: list[str]) -> None:
    """Whoever has asked nothing costs nothing."""
    assert await erased(visit()) == 200
    assert cuts == []


async def test_what_was_asked_is_cut_from_the_log(visit: Visit, cuts: list[str]) -> None:
    """Where something was kept, the log is cut."""
    client = visit()
    await client.post("/", data={"text": ASKED})

    assert await erased(client) == 200
    assert cuts
