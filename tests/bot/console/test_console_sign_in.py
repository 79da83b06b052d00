"""Signing in by a link, and everything that ends a session or is refused without one."""

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus

import httpx
import pytest
from sqlalchemy import select, update

from services.bootstrap import Services
from services.staff import account, audit, sign_in
from services.storage.models import StaffSession
from tests.bot.console.conftest import SITE, SignIn

Browser = Callable[[], httpx.AsyncClient]


async def test_a_link_signs_in_once(services: Services, browser_of: Browser) -> None:
    """Whoever opens it first is in; whoever opens it again reads why not."""
    async with services.sessions.begin() as session:
        await account.add(session, "Lan", "agent", services.now(), "system")
        token = await sign_in.make_link(session, "Lan", services.now(), "system")
    first, second = browser_of(), browser_of()

    entered = await first.get(f"/console/sign-in/{token}")
    again = await second.get(f"/console/sign-in/{token}")

    assert (entered.status_code, entered.headers["location"]) == (HTTPStatus.SEE_OTHER, "/console")
    assert "Lan" in (await first.get("/console")).text
    assert again.status_code == HTTPStatus.FORBIDDEN
    assert "đã dùng" in again.text
    assert (await second.get("/console")).status_code == HTTPStatus.SEE_OTHER


async def test_a_link_lapses(services: Services, browser_of: Browser) -> None:
    """After five minutes it opens nothing."""
    async with services.sessions.begin() as session:
        await account.add(session, "Lan", "agent", services.now(), "system")
        before = services.now() - sign_in.LINK_LASTS
        token = await sign_in.make_link(session, "Lan", before, "system")

    assert (await browser_of().get(f"/console/sign-in/{token}")).status_code == HTTPStatus.FORBIDDEN


async def test_without_a_session_a_page_leads_to_sign_in(browser_of: Browser) -> None:
    """And from there back to what was wanted."""
    page = await browser_of().get("/console?state=open")

    assert page.headers["location"] == "/console/sign-in?to=/console%3Fstate%3Dopen"


@pytest.mark.parametrize(
    "change",
    [
        {"seen_at": -sign_in.IDLE},
        {"began_at": -sign_in.IN_ALL},
        {"ended_at": timedelta()},
        {"role": "author"},
    ],
    ids=["idle", "long", "ended", "another role"],
)
async def test_a_session_ends(
    services: Services, signed_in: SignIn, change: dict[str, timedelta | str]
) -> None:
    """Idle for half an hour, twelve hours old, ended, or of an account with another role now."""
    client = await signed_in("agent")
    values = {
        name: services.now() + value if isinstance(value, timedelta) else value
        for name, value in change.items()
    }
    async with services.sessions.begin() as session:
        await session.execute(update(StaffSession).values(values))

    assert "/sign-in" in (await client.get("/console")).headers["location"]


async def test_a_disabled_account_is_out_at_once(services: Services, signed_in: SignIn) -> None:
    """Its sessions open nothing any more."""
    client = await signed_in("agent", name="Lan")
    async with services.sessions.begin() as session:
        await account.disable(session, "Lan", services.now(), "system")

    assert "/sign-in" in (await client.get("/console")).headers["location"]


async def test_signing_out_ends_the_session(services: Services, signed_in: SignIn) -> None:
    """What the browser held opens nothing, even if somebody kept it."""
    client = await signed_in("agent")
    kept = dict(client.cookies)
    await client.post("/console/sign-out", headers={"origin": SITE})
    client.cookies.update(kept)

    assert "/sign-in" in (await client.get("/console")).headers["location"]
    async with services.sessions() as session:
        assert all(one.ended_at for one in await session.scalars(select(StaffSession)))


async def test_a_token_from_before_sign_in_is_worth_nothing(
    services: Services, browser_of: Browser
) -> None:
    """A browser that was given a token by somebody else gets a new one when it signs in."""
    client = browser_of()
    client.cookies.set("htx_console", "planted", domain="htx.test")
    async with services.sessions.begin() as session:
        await account.add(session, "Lan", "agent", services.now(), "system")
        token = await sign_in.make_link(session, "Lan", services.now(), "system")

    entered = await client.get(f"/console/sign-in/{token}")

    assert "planted" not in entered.headers["set-cookie"]
    cookies = {"cookie": "htx_console=planted"}
    assert "/sign-in" in (await browser_of().get("/console", headers=cookies)).headers["location"]


async def test_the_sign_in_is_in_the_audit(services: Services, signed_in: SignIn) -> None:
    """Who made the link, and who came in by it."""
    await signed_in("agent", name="Lan")
    async with services.sessions() as session:
        did = [row.did for row in await audit.entries(session, "staff Lan")]

    assert did == ["staff.add", "staff.session", "staff.sign-in"]
