"""The page and the API while their database is away: whoever asks is told to come again."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from sqlalchemy.exc import TimeoutError as NoneFreeError

from bot.web.chat import ERASE, TELL
from bot.web.refusal import failed
from services.bootstrap import Services
from tests.doubles import postgres
from tests.doubles.web import ASKED

FORM = {"text": ASKED}


@pytest.fixture
def database_url(postgres_url: str) -> str:
    """Return the URL of a database that can be gone: SQLite's file is as near as the product."""
    return postgres_url


@contextmanager
def away(server: postgres.Server, services: Services) -> Iterator[None]:
    """Have the database be gone while the block runs."""
    with server.away(services.settings.database_url):
        yield


async def post(client: httpx.AsyncClient, text: str) -> httpx.Response:
    """Send a message to the API."""
    body = {"conversation": "mot-cuoc-tro-chuyen", "text": text}
    return await client.post("/api/messages", json=body)


@pytest.mark.parametrize("text", [ASKED, TELL, ERASE])
async def test_api_says_to_come_again(
    client: httpx.AsyncClient, services: Services, postgres_server: postgres.Server, text: str
) -> None:
    """Programs get 503, when to come again, and a reply in words; then they are served."""
    await post(client, ASKED)
    with away(postgres_server, services):
        response = await post(client, text)
    back = await post(client, text)

    assert (response.status_code, response.headers["retry-after"]) == (503, "30")
    assert response.json()["outcome"] == "declined"
    assert "ít phút" in response.json()["text"]
    assert back.status_code == 200


async def test_page_says_to_come_again(
    client: httpx.AsyncClient, services: Services, postgres_server: postgres.Server
) -> None:
    """People read the same on the page, their question kept; what needs no row is served."""
    await client.post("/", data=FORM)
    with away(postgres_server, services):
        page, asked = await client.get("/"), await client.post("/", data=FORM)
        article = await client.get("/bai/founding/so-thanh-vien")
    back = await client.post("/", data=FORM)

    assert [page.status_code, asked.status_code] == [200, 503]
    assert f'autocomplete="off">{ASKED}</textarea>' in asked.text
    assert [article.status_code, back.status_code] == [200, 200]


def test_crowd_that_has_all_connections_is_told_the_same() -> None:
    """Before a locked database they all wait; whoever finds none free meets no fault of ours."""
    assert failed(NoneFreeError("QueuePool limit reached")).status == 503
