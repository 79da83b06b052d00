"""The counter: of many who take a ticket one has it; of a form sent twice one answer stands."""

import asyncio
from collections import Counter as Tally

import pytest
from sqlalchemy import func, select

from services.bootstrap import Services
from services.errors import TicketError
from services.staff import account, audit
from services.storage.models import Audit, Notice, Staff, Ticket, TicketMessage
from services.tickets.counter import Counter, Written
from tests.conftest import NOON

AGENTS = ("Lan", "Minh", "Hoa", "Tâm")
TICKETS = 100
"""Each is raced for by all agents."""


@pytest.fixture
def database_url(any_database: str) -> str:
    """Return the URL of a migrated database: each test runs on both."""
    return any_database


@pytest.fixture
async def staff(services: Services) -> list[Staff]:
    """Return some agents."""
    async with services.sessions.begin() as session:
        return [await account.add(session, name, "agent", NOON, "system") for name in AGENTS]


async def opened(services: Services, count: int) -> list[int]:
    """Open so many tickets, each of another conversation."""
    made = [Ticket(channel="web", key=f"k{n}", opened_at=NOON) for n in range(count)]
    async with services.sessions.begin() as session:
        session.add_all(made)
    return [ticket.id for ticket in made]


async def tried(services: Services, agent: Staff, number: int, *acts: str) -> str:
    """Have an agent do something in a transaction of their own; return what refused it."""
    try:
        async with services.sessions.begin() as session:
            counter = Counter(session, agent, NOON, services.library.phrases)
            for act in acts:
                if act == "take":
                    await counter.take(number)
                else:
                    await counter.answer(number, Written("Đã duyệt.", act))
    except TicketError as error:
        return error.code
    return ""


async def test_one_of_many_has_it(services: Services, staff: list[Staff]) -> None:
    """A hundred races: each ticket has one owner, and one line of it in the audit."""
    numbers = await opened(services, TICKETS)
    ends = await asyncio.gather(
        *(tried(services, agent, number, "take") for number in numbers for agent in staff)
    )
    async with services.sessions() as session:
        owners = list(await session.scalars(select(Ticket.owner_id)))
        taken = select(func.count()).where(Audit.did == "ticket.take")
        lines = await session.scalar(taken)

    assert Tally(ends) == {"": TICKETS, "ticket_taken": TICKETS * (len(AGENTS) - 1)}
    assert None not in owners
    assert lines == TICKETS


async def test_a_form_sent_many_times_at_once_answers_once(
    services: Services, staff: list[Staff]
) -> None:
    """Whatever the network does: one message is kept, and one notice."""
    (number,) = await opened(services, 1)
    await tried(services, staff[0], number, "take")
    ends = await asyncio.gather(*(tried(services, staff[0], number, "a") for _ in range(20)))
    async with services.sessions() as session:
        kept = await session.scalar(select(func.count()).select_from(TicketMessage))
        queued = await session.scalar(select(func.count()).select_from(Notice))

    assert set(ends) == {""}
    assert (kept, queued) == (1, 1)


async def test_what_is_refused_leaves_nothing(services: Services, staff: list[Staff]) -> None:
    """An answer to a ticket that is another's: no message, no notice, no line in the audit."""
    (number,) = await opened(services, 1)
    await tried(services, staff[0], number, "take")
    refused = await tried(services, staff[1], number, "a")
    async with services.sessions() as session:
        kept = await session.scalar(select(func.count()).select_from(TicketMessage))
        rows = await audit.entries(session, f"ticket {number}")

    assert refused == "ticket_taken"
    assert kept == 0
    assert [row.did for row in rows] == ["ticket.take"]
