"""`htx web` as a process of its own, on PostgreSQL."""

import asyncio
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from services.processes import free_port
from services.settings import Settings
from services.storage.models import Turn
from services.storage.session import make_engine, make_sessions
from tests.doubles.content import write_quick
from tests.doubles.processes import HTX, starting

SECONDS = 60.0


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """Return content over which a process starts soon."""
    return write_quick(tmp_path / "content")


@pytest.fixture
def database_url(postgres_url: str) -> str:
    """Return the URL of an empty PostgreSQL database."""
    return postgres_url


async def answered(settings: Settings, text: str) -> dict[str, object]:
    """Ask until the page is there; return the reply object."""
    url = f"http://{settings.web_host}:{settings.web_port}/api/messages"
    async with asyncio.timeout(SECONDS), httpx.AsyncClient(trust_env=False) as client:
        while True:
            try:
                shown = await client.post(url, json={"conversation": "a", "text": text})
            except httpx.TransportError:
                await asyncio.sleep(0.1)
            else:
                reply: dict[str, object] = shown.raise_for_status().json()
                return reply


async def test_web_answers_on_postgresql(settings: Settings) -> None:
    """On an empty database it migrates, answers, keeps the turn, and stops when it is told to."""
    settings.web_port, settings.nlu_url = free_port(), f"http://127.0.0.1:{free_port()}"

    async with starting(settings) as start:
        web = await start(HTX, "web")
        reply = await answered(settings, "so thanh vien de lap hop tac xa")
        ended = await web.interrupt()

    engine = make_engine(settings.database_url)
    async with make_sessions(engine)() as session:
        kept = [turn.articles for turn in await session.scalars(select(Turn))]
    await engine.dispose()
    assert (reply["article"], reply["degraded"]) == ("founding/so-thanh-vien", True)
    assert kept == [["founding/so-thanh-vien"]]
    assert ended == 0
