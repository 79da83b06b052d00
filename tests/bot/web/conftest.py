"""The web app over the small content, and clients that reach it in the process."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import httpx
import pytest
from fastapi import FastAPI

from bot.runner import Runner
from bot.web.app import make_app
from services.bootstrap import Services
from tests.doubles.nlu import FakeNlu, reading
from tests.doubles.web import ASKED, UNSURE, Probe, Visit


@pytest.fixture
def probe() -> Probe:
    """Return what the app asks about the NLU."""
    return Probe()


@pytest.fixture
def nlu() -> FakeNlu:
    """Return an NLU that is sure of one question and unsure of another."""
    sure = reading(("founding.so-thanh-vien", 0.9))
    unsure = reading(("founding.ho-so", 0.4), ("ocop.ho-so", 0.3))
    return FakeNlu({ASKED: sure, UNSURE: unsure})


@pytest.fixture
def app(services: Services, probe: Probe) -> FastAPI:
    """Return the app."""
    return make_app(Runner(services), nlu_ready=probe)


@pytest.fixture
async def visit(app: FastAPI) -> AsyncIterator[Visit]:
    """Return a maker of clients, closed at the end."""
    async with AsyncExitStack() as stack:

        def come(address: str = "127.0.0.1", base: str = "http://htx.test") -> httpx.AsyncClient:
            transport = httpx.ASGITransport(app, client=(address, 40000))
            client = httpx.AsyncClient(transport=transport, base_url=base)
            stack.push_async_callback(client.aclose)
            return client

        yield come


@pytest.fixture
def client(visit: Visit) -> httpx.AsyncClient:
    """Return a client on loopback."""
    return visit()
