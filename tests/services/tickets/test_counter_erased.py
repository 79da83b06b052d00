"""The counter at the moment when all of a citizen is erased, on PostgreSQL.

SQLite has one writer: there the erasure comes before or after.
"""

import pytest
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from services.bootstrap import Services
from services.errors import TicketError
from services.staff import account
from services.storage.models import Notice, Ticket
from services.tickets import counter
from services.tickets.counter import Counter, Written
from tests.conftest import NOON


@pytest.fixture
def database_url(postgres_url: str) -> str:
    """Return the URL of a migrated database."""
    return postgres_url


async def test_an_answer_to_who_was_erased_is_refused(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The agent reads that the ticket is gone; nothing is sent."""
    async with services.sessions.begin() as session:
        lan = await account.add(session, "Lan", "agent", NOON, "system")
        ticket = Ticket(channel="web", key="k", opened_at=NOON)
        session.add(ticket)
    found = counter.find

    async def erased(session: AsyncSession, number: int) -> Ticket:
        held = await found(session, number)
        async with services.sessions.begin() as other:
            await other.execute(delete(Ticket))
        return held

    monkeypatch.setattr(counter, "find", erased)
    async with services.sessions() as session:
        at_it = Counter(session, lan, NOON, services.library.phrases)
        with pytest.raises(TicketError) as refused:
            await at_it.answer(ticket.id, Written("Đã duyệt.", "a"))

    assert refused.value.code == "ticket_unknown"
    async with services.sessions() as session:
        assert await session.get(Notice, 1) is None
