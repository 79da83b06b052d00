"""Odd requests: of what is gone, with numbers and signs that no page of ours sends."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from sqlalchemy import delete, select, update

from bot.runner import Runner
from services.bootstrap import Services
from services.conversation.question import Question
from services.conversation.retention import reduce_old
from services.storage.models import Ticket
from tests.bot.console.conftest import SignIn
from tests.doubles.console import press

HUGE = "99999999999999999999"


async def opened(services: Services) -> int:
    """Return a ticket that a citizen has opened."""
    told = await Runner(services).ask(Question("web", "nguoi-hoi-0002", "gặp cán bộ"))
    assert told.ticket is not None
    return told.ticket


async def test_answer_to_erased_ticket(services: Services, signed_in: SignIn) -> None:
    """A citizen erases all while an agent types: the agent reads why nothing was sent."""
    agent, number = await signed_in("agent"), await opened(services)
    page = f"/console/inbox/{number}"
    await press(agent, f"{page}/take", page)
    async with services.sessions.begin() as session:
        await session.execute(delete(Ticket))

    sent = await press(agent, f"{page}/answer", text="Dạ.", once="a", seen="0")

    assert sent.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert f"{number}" in sent.text


async def test_step_with_draft_that_is_none(signed_in: SignIn) -> None:
    """A step with a draft that there is not says so."""
    admin = await signed_in("admin")

    for verb in ("submit", "withdraw", "rebase", "learn"):
        stepped = await press(admin, f"/console/content/drafts/999/{verb}")
        assert stepped.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


@pytest.mark.parametrize(
    "address",
    [
        f"inbox/{HUGE}",
        f"inbox?after={HUGE}",
        f"gaps/{HUGE}",
        f"gaps?page={HUGE}",
        f"content?page={HUGE}",
        f"announcements/{HUGE}",
        f"announcements?list=all&page={HUGE}",
        f"announcements/{HUGE}/names?page={HUGE}",
        f"people/names?after={HUGE}",
        f"people/import/{HUGE}",
        f"system/audit?before={HUGE}",
        "insight?month=0001-01",
        "insight?month=9999-12",
        "insight?first=0001-01-01&last=0001-01-05",
        "announcements/calendar?month=9999-12",
        "announcements/calendar?month=0001-01",
    ],
)
async def test_numbers_that_nothing_bears(signed_in: SignIn, address: str) -> None:
    """A number beyond those of any row, a day beyond the calendar: words, no fault."""
    admin = await signed_in("admin")

    shown = await admin.get(f"/console/{address}")

    assert shown.status_code in {HTTPStatus.OK, HTTPStatus.UNPROCESSABLE_ENTITY}


async def test_tokens_in_other_letters(services: Services, signed_in: SignIn) -> None:
    """A form's token that is no hash is refused as any other that is not ours."""
    agent, number = await signed_in("agent"), await opened(services)

    taken = await agent.post(f"/console/inbox/{number}/take", data={"token": "é"})

    assert taken.status_code == HTTPStatus.FORBIDDEN


async def test_what_was_typed_on_a_page_of_an_earlier_session(
    services: Services, signed_in: SignIn
) -> None:
    """It is not done, and is given back to be copied; a password never is."""
    agent, number = await signed_in("agent"), await opened(services)
    typed = {"token": "old", "text": "Dạ, mang <b>sổ</b> nhé.", "password": "mật khẩu của tôi"}

    refused = await agent.post(f"/console/inbox/{number}/answer", data=typed)

    assert refused.status_code == HTTPStatus.FORBIDDEN
    assert "mang &lt;b&gt;sổ&lt;/b&gt; nhé" in refused.text
    assert "mật khẩu của tôi" not in refused.text


async def test_ticket_of_long_ago_that_is_opened_again(services: Services) -> None:
    """A ticket that somebody waits in anew outlives the days that talks are kept."""
    number, days = await opened(services), services.settings.keep_days
    async with services.sessions.begin() as session:
        long_ago = services.now() - timedelta(days=days + 1)
        await session.execute(update(Ticket).values(opened_at=long_ago, heard_at=None))

    await reduce_old(services.sessions, services.now(), days)

    async with services.sessions() as session:
        assert list(await session.scalars(select(Ticket.id))) == [number]
