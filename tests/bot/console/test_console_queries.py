"""No page asks the database once for each row that it shows."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from services.bootstrap import Services
from services.insight.kept_gaps import GapKeeper
from services.staff import account
from services.storage.models import Announcement, Base, Ticket
from tests.bot.console.conftest import SignIn
from tests.doubles.log import turn

PAGES = ("", "/inbox", "/gaps", "/content", "/announcements", "/insight", "/people")
"""Pages that list something."""
SOME, MORE = 3, 20


@contextmanager
def counted() -> Iterator[list[str]]:
    """Gather the statements that are sent in the block."""
    sent: list[str] = []

    def note(_c: Any, _u: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)


async def add(services: Services, first: int, last: int) -> None:
    """Add so many of everything that the pages list."""
    rows: list[Base] = []
    for number in range(first, last):
        at = services.now() - timedelta(minutes=number + 20)
        rows.append(Ticket(channel="web", key=f"t{number}", opened_at=at, waiting_since=at))
        rows.append(turn(f"điều lạ số {number * 7919} là gì", "declined", key=f"k{number}"))
        rows.append(
            Announcement(
                title=f"Tin {number}",
                topic="ocop",
                body="Mời bà con.",
                audience={},
                author="Lan",
                created_at=at,
            )
        )
    async with services.sessions.begin() as session:
        session.add_all(rows)
        for number in range(first, last):
            await account.add(session, f"Người {number}", "agent", services.now(), "system")
    await GapKeeper(services.sessions).keep(services.library, services.now())


async def statements(client: httpx.AsyncClient) -> dict[str, int]:
    """Return how many statements each page sends."""
    found = {}
    for page in PAGES:
        with counted() as sent:
            assert (await client.get(f"/console{page}")).is_success, page
        found[page] = len(sent)
    return found


@pytest.mark.parametrize("role", ["admin"])
async def test_more_rows_send_no_more_statements(
    services: Services, signed_in: SignIn, role: str
) -> None:
    """Three of everything cost as many statements as twenty."""
    client = await signed_in(role)
    await add(services, 0, SOME)
    few = await statements(client)
    await add(services, SOME, MORE)

    assert await statements(client) == few
