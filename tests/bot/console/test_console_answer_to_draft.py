"""An agent's answer becomes the draft of an article, which a writer finishes."""

import pytest
from sqlalchemy import select, update

from bot.runner import Runner
from services.bootstrap import Services
from services.conversation.question import Question
from services.conversation.state import TurnResult
from services.storage.models import Proposal, Ticket
from tests.bot.console.conftest import SignIn
from tests.doubles.console import press
from tests.doubles.web import words


async def say(services: Services, text: str) -> TurnResult:
    """Say something as a citizen."""
    return await Runner(services).ask(Question("web", "nguoi-hoi-0001", text))


async def test_an_answer_becomes_a_draft(services: Services, signed_in: SignIn) -> None:
    """By one press: the question is its first example, and what it lacks is found."""
    await say(services, "nuôi lợn rừng lai thì vào hợp tác xã nào được")
    number = (await say(services, "gặp cán bộ")).ticket
    agent, writer = await signed_in("agent", name="Lan"), await signed_in("content")
    page = f"/console/inbox/{number}"
    await press(agent, f"{page}/take")
    await press(agent, f"{page}/answer", text="Hỏi hợp tác xã chăn nuôi ở xã.", once="a")
    for _ in range(2):
        written = await press(agent, f"{page}/write", message="1")
        assert written.headers["location"] == page
    async with services.sessions() as session:
        (draft,) = list(await session.scalars(select(Proposal)))
    shown = (await writer.get(f"/console/content/drafts/{draft.id}")).text

    assert draft.begun_by == "Lan"
    assert "Hỏi hợp tác xã chăn nuôi ở xã." in draft.text
    assert "nuôi lợn rừng lai thì vào hợp tác xã nào được" in draft.text
    assert draft.findings
    assert "chăn nuôi ở xã" in shown


async def test_a_draft_out_of_an_answer_waits_for_a_writer(
    services: Services, signed_in: SignIn
) -> None:
    """An agent can't finish it: it waits before writers by its title, in the nearest topic."""
    asked = "nuôi lợn rừng lai thì vào đâu"
    await say(services, asked)
    number = (await say(services, "gặp cán bộ")).ticket
    agent, writer = await signed_in("agent", name="Lan"), await signed_in("content")
    page = f"/console/inbox/{number}"
    await press(agent, f"{page}/take")
    await press(agent, f"{page}/answer", text="Xem hồ sơ OCOP, hạng sao OCOP.", once="a")
    await press(agent, f"{page}/write", message="1")
    mine = words((await writer.get("/console")).text)
    theirs = words((await agent.get("/console")).text)
    listed = words((await writer.get("/console/content")).text)

    assert f"Viết tiếp bản nháp từ lời cán bộ trả lời “{asked}”" in mine
    assert "Viết tiếp bản nháp" not in theirs
    assert f"{asked} (ocop/nuoi-lon-rung" in listed


@pytest.mark.parametrize(
    ("asked", "title"),
    [
        ("Cho em gặp cán bộ: nuôi lợn rừng lai thì vào đâu", "nuôi lợn rừng"),
        ("gặp cán bộ kiểm lâm ở đâu để nuôi lợn rừng", "gặp cán bộ kiểm lâm"),
    ],
)
async def test_the_wish_for_a_person_is_no_part_of_the_article(
    services: Services, signed_in: SignIn, asked: str, title: str
) -> None:
    """Said in one breath with the question it stays in the talk; title and example are without.

    Where a certain officer is asked for, that is the question.
    """
    number = (await say(services, "gặp cán bộ")).ticket
    async with services.sessions.begin() as session:
        await session.execute(update(Ticket).values(about=asked))
    agent, writer = await signed_in("agent", name="Lan"), await signed_in("content")
    page = f"/console/inbox/{number}"
    await press(agent, f"{page}/take")
    await press(agent, f"{page}/answer", text="Xem hồ sơ OCOP, hạng sao OCOP.", once="a")
    await press(agent, f"{page}/write", message="1")

    assert f"lời cán bộ trả lời “{title}" in words((await writer.get("/console")).text)
