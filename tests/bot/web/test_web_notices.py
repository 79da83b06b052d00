"""Notices on the page: given once without reloading, and standing in the talk from then on."""

import httpx

from bot.web.guests import COOKIE
from bot.web.pages import AWAITS
from services.bootstrap import Services
from services.notices import notices
from tests.conftest import NOON
from tests.doubles.web import Visit, words

HEAR = {"X-Fragment": "1"}


async def come(client: httpx.AsyncClient) -> tuple[str, str]:
    """Open the page, and return the chat that the browser then has."""
    await client.get("/")
    return "web", client.cookies[COOKIE]


async def test_the_script_is_given_it_once(client: httpx.AsyncClient, services: Services) -> None:
    """A look brings what waits; the next brings nothing; the talk keeps it."""
    chat = await come(client)
    async with services.sessions.begin() as session:
        await notices.queue(session, chat, "gap 1", "Đã **có** <b>rồi</b>.", NOON)
    waits = "data-awaits" in (await client.get("/")).text
    first, second = [await client.post("/tin", headers=HEAR) for _ in range(2)]
    page = (await client.get("/")).text

    assert not waits  # the page itself told it: it stands in the talk
    assert (first.status_code, second.status_code) == (204, 204)
    assert second.headers[AWAITS] == "0"
    assert "Tin gửi riêng bà con" in words(page)
    assert "&lt;b&gt;rồi" in page


async def test_a_page_that_is_open_hears_of_it(
    client: httpx.AsyncClient, services: Services
) -> None:
    """What is queued while the page is open comes by its script's look, once."""
    chat = await come(client)
    async with services.sessions.begin() as session:
        await notices.queue(session, chat, "gap 1", "Đã có.", NOON, urgent=True)
    first, second = [await client.post("/tin", headers=HEAR) for _ in range(2)]

    assert "Đã có." in first.text
    assert first.headers["X-Fragment"] == "1"
    assert second.status_code == 204
    assert "Đã có." in (await client.get("/")).text


async def test_nobody_else_is_given_it(
    client: httpx.AsyncClient, visit: Visit, services: Services
) -> None:
    """Another's browser, a key of a form and another site's page get nothing."""
    chat = await come(client)
    async with services.sessions.begin() as session:
        await notices.queue(session, chat, "gap 1", "Đã có.", NOON)
    other = visit()
    by_key = await other.post("/tin", data={"conversation": chat[1]})
    foreign = await client.post("/tin", headers={"Sec-Fetch-Site": "cross-site"})
    mine = await client.post("/tin")

    assert by_key.status_code == 204
    assert foreign.status_code == 403
    assert "Đã có." in mine.text
