"""The console over the small content, and browsers of staff that reach it in the process."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import httpx
import pytest
from fastapi import FastAPI

from bot.console.app import add_console
from bot.runner import Runner
from bot.web.app import make_app
from services.bootstrap import Services
from services.clock import utc_now
from services.errors import StaffError
from services.staff import account, sign_in
from tests.doubles.web import Probe

SITE = "http://htx.test"

SignIn = Callable[..., Awaitable[httpx.AsyncClient]]
"""Signs an account of a role in: `await signed_in("agent", name="Lan")`."""


@pytest.fixture
def app(services: Services) -> FastAPI:
    """Return the app with its console."""
    return make_app(Runner(services), nlu_ready=Probe(), add_console=add_console)


@pytest.fixture
async def browser_of(app: FastAPI) -> AsyncIterator[Callable[[], httpx.AsyncClient]]:
    """Return a maker of browsers with cookies of their own, closed at the end."""
    async with AsyncExitStack() as stack:

        def make() -> httpx.AsyncClient:
            transport = httpx.ASGITransport(app, client=("127.0.0.1", 40000))
            client = httpx.AsyncClient(transport=transport, base_url=SITE)
            stack.push_async_callback(client.aclose)
            return client

        yield make


@pytest.fixture
def signed_in(services: Services, browser_of: Callable[[], httpx.AsyncClient]) -> SignIn:
    """Return what makes an account, signs it in by a link and returns its browser."""

    async def sign(role: str, name: str = "") -> httpx.AsyncClient:
        name = name or f"Cán bộ {role}"
        async with services.sessions.begin() as session:
            try:
                await account.add(session, name, role, utc_now(), "system")
            except StaffError:
                await account.require(session, name, frozenset({role}))
            token = await sign_in.make_link(session, name, services.now(), "system")
        client = browser_of()
        entered = await client.get(f"/console/sign-in/{token}")
        assert entered.headers["location"] == "/console"
        return client

    return sign
