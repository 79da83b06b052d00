"""Reminders on the page: noted by a form, shown to whoever comes back, ended; a file, a link."""

import html
import re
import shutil
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from bot.runner import Runner
from bot.web.app import make_app
from bot.web.guests import COOKIE
from services.bootstrap import Services
from services.conversation.question import Question
from services.reminders import reminders
from services.settings import ROOT
from tests.doubles.web import Probe

KEY = "k" * 22
PAGE = ("web", KEY)
UPDATE, MEETING = "nam.cap-nhat.20261215", "nam.dai-hoi.20261231"
NEAR = "dang-ky-thay-doi.nop-ho-so.20261120"


@pytest.fixture
def content(content: Path) -> Path:
    """Return the small content, deadlines and the tools that rest on them."""
    shutil.copytree(ROOT / "content/deadlines", content / "deadlines")
    return content


@pytest.fixture
def app(services: Services, probe: Probe) -> FastAPI:
    """Return the app of a product whose bot has a name."""
    return make_app(Runner(services), nlu_ready=probe, bot=lambda: "htx_bot")


@pytest.fixture
def client(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """Return somebody who was here before."""
    client.cookies.set(COOKIE, KEY)
    return client


async def text(client: httpx.AsyncClient, address: str) -> str:
    """Return the words of a page."""
    return html.unescape(re.sub(r"<[^>]+>", "", (await client.get(address)).text))


async def test_noted_listed_and_ended(client: httpx.AsyncClient, services: Services) -> None:
    """Without a script; the calendar file has each, links lead to Telegram and to dossiers."""
    await client.post("/nhac", data={"line": [UPDATE, MEETING, UPDATE, "gì đó"]})
    page = (await client.get("/nhac")).text
    calendar = (await client.get("/nhac/viec.ics")).text
    await client.post("/nhac/thoi", data={"line": UPDATE})
    async with services.sessions() as session:
        [left] = await reminders.of_chat(session, PAGE)

    assert "15/12/2026 (thứ Ba)" in page
    assert "https://t.me/htx_bot?start=nhac_nam_cap-nhat_20261215" in page
    assert "không nhắn tin được" in page
    assert '<a href="/hoso">' in page
    assert calendar.count("BEGIN:VEVENT") == 2
    assert "20270430" in calendar
    assert left.deadline == "dai-hoi"


@pytest.mark.parametrize("line", ["nam.cap-nhat.20261210", "nam.cap-nhat.20251215"])
async def test_a_page_of_before_ends_what_comes_each_year(
    client: httpx.AsyncClient, services: Services, line: str
) -> None:
    """Whether its day was corrected meanwhile, or the reminder has gone on to the next year."""
    await client.post("/nhac", data={"line": [UPDATE, MEETING]})
    await client.post("/nhac/thoi", data={"line": line})
    async with services.sessions() as session:
        [left] = await reminders.of_chat(session, PAGE)

    assert left.deadline == "dai-hoi"


async def test_days_are_written_as_in_the_chat(client: httpx.AsyncClient) -> None:
    """Those that are offered as those that were asked for."""
    offered = await text(client, "/nhac")
    await client.post("/nhac", data={"line": [MEETING]})
    asked = await text(client, "/nhac")

    for page in (offered, asked):
        assert "30/4/2027" in page
        assert "/04/2027" not in page


async def test_what_is_over_is_told_above_the_list(client: httpx.AsyncClient) -> None:
    """What can still be reminded of is noted all the same."""
    answered = await client.post("/nhac", data={"line": ["nam.cap-nhat.20251215", UPDATE]})

    assert answered.status_code == 422
    assert "15/12/2025" in answered.text
    assert "15/12/2026 (thứ Ba)" in answered.text


async def test_many_at_a_time_are_no_more_than_one_may_have(
    client: httpx.AsyncClient, services: Services
) -> None:
    """The rest is not read; what is refused again and again is said once."""
    over = [f"nam.cap-nhat.20{year}1215" for year in (24, 25)]
    answered = await client.post("/nhac", data={"line": [*over * 300, UPDATE]})
    unread = await client.post("/nhac", data={"line": ["nam.khac.20251215", "nam.gi.20251215"]})
    async with services.sessions() as session:
        rows = await reminders.of_chat(session, PAGE)

    assert answered.text.count("15/12/2024") == 1
    assert unread.text.count("không còn ghi hạn này") == 1
    assert not rows


async def test_a_line_with_a_sign_that_no_database_keeps_ends_nothing(
    client: httpx.AsyncClient,
) -> None:
    """It is none of ours."""
    ended = await client.post("/nhac/thoi", data={"line": "a\0b.c.20261215"})

    assert ended.status_code == 303


async def test_whoever_comes_back_sees_what_is_near(client: httpx.AsyncClient) -> None:
    """Not what is far, nor what another's browser noted."""
    await client.post("/nhac", data={"line": [UPDATE, NEAR]})
    mine = await text(client, "/")
    client.cookies.clear()
    client.cookies.set(COOKIE, "m" * 22)
    others = await text(client, "/")

    assert "Việc đến hạn" in mine
    assert "30/11/2026" in mine
    assert "15/12/2026" not in mine
    assert "Việc đến hạn" not in others


async def test_a_result_with_days_offers_them(client: httpx.AsyncClient) -> None:
    """Those still to come, each a box; not what comes sooner where another is done sooner."""
    await client.post("/tools/due")
    await client.post("/tools/due/procedure", data={"answer": "dang-ky-thay-doi"})
    await client.post("/tools/due/from", data={"answer": "3/12/2026", "version": 1})
    event = {"answer": "nop-ho-so", "version": "2"}
    await client.post("/tools/due/dang-ky-thay-doi.event", data=event)
    await client.post("/tools/due/result")
    page = (await client.get("/tools/due/result")).text
    offered = re.findall(r'name="line" value="([^"]+)"', page)
    await client.post("/nhac", data={"line": offered[:1]})

    assert [line.split(".")[1] for line in offered] == ["nop-ho-so"]
    assert "13/12/2026" in await text(client, "/nhac")


async def test_asked_in_words_it_says_that_a_page_tells_nobody(services: Services) -> None:
    """What exists is offered; pressed, it is noted, and where it can be told is said."""
    runner = Runner(services)
    wish = await runner.ask(Question("web", KEY, "nhắc tôi nộp báo cáo 15/12"))
    payload = next(b.payload for b in wish.reply.buttons if b.payload == f"e:{UPDATE}")
    noted = await runner.ask(Question("web", KEY, payload=payload))
    listed = await runner.ask(Question("web", KEY, "/nhac"))
    terminal = await runner.ask(Question("terminal", "t", "/nhac"))
    group = await runner.ask(Question("telegram", "-5:7", payload=payload))

    assert "không nhắn tin được" in noted.reply.lead
    assert "[Việc đã nhờ nhắc](/nhac)" in noted.reply.lead
    assert "15/12/2026 (thứ Ba)" in listed.reply.lead
    assert "không nhắn lại được" in terminal.reply.lead
    assert "nhắn riêng" in group.reply.lead
