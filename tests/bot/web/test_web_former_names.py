"""What was asked under a name that the page or a program had before is told and erased as well."""

import secrets
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import select

from bot.runner import Runner
from bot.web.app import make_app
from bot.web.guests import COOKIE
from services.bootstrap import Services
from services.storage.models import Turn
from tests.doubles.log import turn
from tests.doubles.web import ASKED, Probe, Visit, words

KEY = secrets.token_urlsafe(16)


async def keep(services: Services, key: str) -> None:
    """Keep a question as the release before kept it."""
    async with services.sessions.begin() as session:
        kept = turn("hỏi từ trước", start=services.now())
        kept.channel, kept.key = "web", key
        session.add(kept)


async def kept(services: Services) -> list[str]:
    """Return the keys of what is kept."""
    async with services.sessions() as session:
        return list(await session.scalars(select(Turn.key)))


async def write(client: httpx.AsyncClient, name: str, text: str) -> str:
    """Write to the API; return what is answered."""
    message = {"conversation": name, "text": text}
    return str((await client.post("/api/messages", json=message)).json()["text"])


async def test_program_reaches_what_it_asked_before(
    client: httpx.AsyncClient, services: Services
) -> None:
    """Its names were kept as they were; what others asked stays."""
    await keep(services, KEY)
    await keep(services, "abcd")
    told = await write(client, KEY, "/dulieu")
    erased = await write(client, KEY, "/xoa")

    assert "hỏi từ trước" in told
    assert "1 lượt" in erased
    assert await kept(services) == ["abcd"]


async def test_stranger_is_not_told_what_stands_under_a_short_name(
    client: httpx.AsyncClient, services: Services
) -> None:
    """The release before kept it bare: nobody can tell whose it is, so it is erased, never told."""
    await keep(services, "1")
    told = await write(client, "1", "/dulieu")
    erased = await write(client, "1", "/xoa")

    assert "hỏi từ trước" not in told
    assert "1 lượt" in erased
    assert not await kept(services)


async def test_program_reaches_what_it_asked_under_a_former_key(
    client: httpx.AsyncClient, services: Services
) -> None:
    """A short name stands with its origin, which the product's key makes."""
    await write(client, "abc", ASKED)
    settings = services.settings
    settings.former_keys = settings.secret_key
    settings.secret_key = SecretStr("khóa mới")
    app = make_app(Runner(services), nlu_ready=Probe())
    transport = httpx.ASGITransport(app, client=("127.0.0.1", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://htx.test") as again:
        await write(again, "abc", "/xoa")

    assert not await kept(services)


@pytest.fixture
async def safe(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Return a browser on HTTPS that holds the cookie of the release before."""
    transport = httpx.ASGITransport(app, client=("203.0.113.7", 1))
    async with httpx.AsyncClient(transport=transport, base_url="https://htx.test") as client:
        client.cookies.set(COOKIE, KEY)
        yield client


@pytest.mark.parametrize("by_words", [False, True])
async def test_browser_erases_what_it_asked_before(
    safe: httpx.AsyncClient, services: Services, by_words: bool
) -> None:
    """Over HTTPS the cookie has another name now; the old one goes with what stood under it."""
    await keep(services, KEY)
    await keep(services, "abcd")
    form = {"text": "/xoa"} if by_words else {}
    page = await safe.post("/" if by_words else "/xoa", data=form)

    assert "1 lượt" in words(page.text)
    assert await kept(services) == ["abcd"]
    assert f'{COOKIE}="";' in page.headers["set-cookie"]


async def test_frame_erases_what_it_asked_before(visit: Visit, services: Services) -> None:
    """A form's key was kept as it was."""
    await keep(services, KEY)
    await visit().post("/xoa?embed=1", data={"conversation": KEY})

    assert not await kept(services)
