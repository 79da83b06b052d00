"""What is approved in the console, whole: the file, the publisher, the answer, whoever waited."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import httpx
from sqlalchemy import select

from bot.console.app import add_console
from bot.process import teller
from bot.runner import Runner
from bot.web.app import make_app
from services.bootstrap import Services
from services.conversation.question import Question
from services.insight.awaiting import PURPOSE, known_by
from services.notices import notices
from services.staff import account, sign_in
from services.storage.models import Awaited, GapQuestion, KeptGap, Notice
from tests.conftest import NOON
from tests.doubles.console import fields_of, press
from tests.doubles.web import Probe, words
from tests.services.publishing.conftest import House

NAME = "founding/so-thanh-vien"
OLD, NEW = "**05 thành viên**", "**06 thành viên**"
ASKED = "gom mấy mạng thì đủ lập"


async def test_what_is_approved_is_served_and_told_once(house: House, services: Services) -> None:
    """Two people change an article; it is answered anew, and who waited hears it, once."""
    publisher = replace(house.publisher, on_published=teller(services, None))
    await await_answer(services)
    before = await told(services)
    async with signed_in(services, "content") as writer, signed_in(services, "approver") as other:
        await approve(writer, other)
    assert NEW in house.article.read_text(encoding="utf-8")
    assert await told(services) == before

    for _ in range(2):
        await publisher.publish()

    assert "05 thành viên" in before
    assert "06 thành viên" in await told(services)
    async with services.sessions() as session:
        (notice,) = (await session.scalars(select(Notice))).all()
    assert (notice.channel, notice.key) == ("web", "k")
    assert "06 thành viên" in notice.text
    assert ASKED in notice.text


async def told(services: Services) -> str:
    """Return what the article's button tells."""
    asked = Question("web", "khach", payload=f"a:{NAME}")
    return (await Runner(services).ask(asked)).reply.lead


async def await_answer(services: Services) -> None:
    """Have somebody wait for the answer of a gap that the article is to give."""
    chat: dict[str, Any] = {"channel": "web", "key": "k", "text": ASKED}
    async with services.sessions.begin() as session:
        gap = KeptGap(created_at=NOON, state="linked", article=NAME, changed_at=NOON)
        gap.before = services.library.articles[NAME].hash
        session.add(gap)
        await session.flush()
        asked = known_by(ASKED)
        question = GapQuestion(
            gap_id=gap.id, at=NOON, asked=asked, source="turn 0", kind="declined", **chat
        )
        session.add(question)
        session.add(Awaited(at=NOON, asked=asked, **chat))
        await notices.agree(session, ("web", "k"), PURPOSE, NOON, given=True, wording="báo tôi")


async def approve(writer: httpx.AsyncClient, other: httpx.AsyncClient) -> None:
    """Change the article in the console, and approve that as another."""
    address = f"/console/content/articles/{NAME}"
    draft = (await press(writer, f"{address}/edit")).headers["location"]
    held = fields_of((await writer.get(draft)).text, "draft")
    await writer.post(draft, data=held | {"body": [held["body"][0].replace(OLD, NEW)]})
    await press(writer, f"{draft}/submit", seen=await _seen(writer, draft), why="Luật mới")
    done = await press(other, f"{draft}/approve", seen=await _seen(other, draft))
    assert done.headers["location"] == address, words(done.text)


async def _seen(browser: httpx.AsyncClient, draft: str) -> str:
    page = (await browser.get(f"{draft}/review")).text
    found = re.search(r'name="seen" value="([0-9a-f]{64})"', page)
    assert found, words(page)
    return found[1]


@asynccontextmanager
async def signed_in(services: Services, role: str) -> AsyncIterator[httpx.AsyncClient]:
    """Give a browser that is signed in to the console."""
    async with services.sessions.begin() as session:
        await account.add(session, role, role, NOON, "system")
        link = await sign_in.make_link(session, role, services.now(), "system")
    app = make_app(Runner(services), nlu_ready=Probe(), add_console=add_console)
    transport = httpx.ASGITransport(app, client=("127.0.0.1", 40000))
    async with httpx.AsyncClient(transport=transport, base_url="http://htx.test") as browser:
        await browser.get(f"/console/sign-in/{link}")
        yield browser
