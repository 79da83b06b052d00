"""The section of questions without an answer, through the app."""

import pytest
from sqlalchemy import update

from services.bootstrap import Services
from services.insight.kept_gaps import GapKeeper
from services.staff import audit
from services.storage.models import GapQuestion
from tests.bot.console.conftest import SignIn
from tests.conftest import NOON
from tests.doubles.console import press
from tests.doubles.log import turn
from tests.doubles.web import words

ASKED = ("nuôi chim yến xin phép ở đâu", "nuoi chim yen xin phep o dau", "<b>giá</b> vàng hôm nay")


@pytest.fixture(autouse=True)
async def _asked(services: Services) -> None:
    """Have three questions in two gaps."""
    async with services.sessions.begin() as session:
        session.add_all(turn(text, key=text[:5]) for text in ASKED)
    await GapKeeper(services.sessions).keep(services.library, NOON.replace(hour=9))


async def test_gaps_are_listed_the_largest_first(signed_in: SignIn, services: Services) -> None:
    """Each stands with its figures; what was written is text, and reading it is in the audit."""
    client = await signed_in("content")
    page = (await client.get("/console/gaps")).text

    assert page.index("chim yến") < page.index("vàng")
    assert "Chưa có câu trả lời: 2" in words(page)
    assert "<b>giá" not in page
    async with services.sessions() as session:
        assert [row.did for row in await audit.entries(session)][-1] == "people.gaps"


async def test_what_waits_stands_on_the_first_page(signed_in: SignIn) -> None:
    """Whoever may change gaps is told of the largest at once; an agent only reads them."""
    content, agent = await signed_in("content"), await signed_in("agent")

    assert "chim yến" in (await content.get("/console")).text
    assert "chim yến" not in (await agent.get("/console")).text
    gap = (await agent.get("/console/gaps/2")).text
    assert "chim yến" in gap
    assert "Bỏ qua nhóm này" not in gap


async def test_dismissed_and_taken_up_again(signed_in: SignIn) -> None:
    """A gap is put aside with a reason that is shown, and opened again."""
    client = await signed_in("content")
    refused = await press(client, "/console/gaps/1/dismiss", "/console/gaps/1")
    reason = "<i>Ngoài</i> lĩnh vực"
    await press(client, "/console/gaps/1/dismiss", "/console/gaps/1", reason=reason)
    aside = (await client.get("/console/gaps?state=dismissed")).text
    await press(client, "/console/gaps/1/reopen", "/console/gaps/1")

    assert "Ghi lý do" in refused.text
    assert "&lt;i&gt;Ngoài" in aside
    assert "Chưa có câu trả lời: 2" in words((await client.get("/console/gaps")).text)


async def test_what_is_wrong_is_told_on_the_gap(signed_in: SignIn) -> None:
    """No reason, nothing ticked: it is said above the gap, where it is put right."""
    client = await signed_in("content")

    for verb, wrong in (("dismiss", "Ghi lý do"), ("split", "Chọn ít nhất một câu")):
        page = words((await press(client, f"/console/gaps/1/{verb}", "/console/gaps/1")).text)
        assert wrong in page
        assert "Trả lời nhóm này" in page


async def test_merged_then_split(signed_in: SignIn) -> None:
    """Two become one, and what was ticked is one of its own again."""
    client = await signed_in("admin")
    merged = await press(client, "/console/gaps/2/merge", "/console/gaps/2", into="1")
    one = words((await client.get("/console/gaps/1")).text)
    split = await press(client, "/console/gaps/1/split", "/console/gaps/1", question="3")

    assert merged.headers["location"] == "/console/gaps/1"
    assert "Đã gộp nhóm 2" in one
    assert "Lượt hỏi 3" in one
    assert split.headers["location"] == "/console/gaps/3"


async def test_what_may_be_the_same_is_gathered(signed_in: SignIn, services: Services) -> None:
    """Of what is offered the ticked ones go into the gap; nothing ticked is told so."""
    async with services.sessions.begin() as session:
        await session.execute(update(GapQuestion).values(vector=bytes(384)))
    client = await signed_in("content")
    offered = words((await client.get("/console/gaps/1")).text)
    nothing = await press(client, "/console/gaps/1/gather", "/console/gaps/1")
    await press(client, "/console/gaps/1/gather", "/console/gaps/1", gap="2")

    assert "Có thể cùng một việc" in offered
    assert "Chọn ít nhất một nhóm" in nothing.text
    assert "Lượt hỏi 3" in words((await client.get("/console/gaps/1")).text)


async def test_an_article_for_a_gap_is_sought_by_words(signed_in: SignIn) -> None:
    """Without diacritics and in any order, as staff type."""
    client = await signed_in("content")

    assert "Hồ sơ OCOP" in words((await client.get("/console/gaps/1?q=ocop+ho+so")).text)


async def test_a_number_that_is_none(signed_in: SignIn) -> None:
    """A gap that is not there is told so."""
    client = await signed_in("content")

    assert "Không có nhóm câu hỏi 99" in (await client.get("/console/gaps/99")).text
