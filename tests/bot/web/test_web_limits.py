"""How many messages a caller may send over HTTP."""

import httpx
import pytest
from fastapi import FastAPI
from starlette.requests import Request

from bot.runner import Runner
from bot.web.app import make_app
from bot.web.callers import Callers
from services.bootstrap import Services
from services.settings import Networks, load_settings
from tests.doubles.web import Probe, Visit

FAR = "203.0.113.7"
PROXY = "10.0.0.2"


def networks(written: str) -> Networks:
    """Return the networks that a setting names."""
    return load_settings(own_addresses=written).own_addresses


async def sent(client: httpx.AsyncClient, conversation: str = "c1") -> httpx.Response:
    """Send one message of a conversation."""
    return await client.post(
        "/api/messages", json={"conversation": conversation, "text": "giá vàng"}
    )


async def test_thirty_first_message_is_refused_politely(visit: Visit) -> None:
    """After thirty messages of a conversation the next gets 429, a reply, and when to come back."""
    client = visit(FAR)
    for _ in range(30):
        assert (await sent(client)).status_code == 200
    response = await sent(client)

    assert (response.status_code, response.headers["retry-after"]) == (429, "60")
    assert response.json()["outcome"] == "declined"
    assert "nhắn nhanh quá" in response.json()["text"]


async def test_limit_follows_the_address(visit: Visit) -> None:
    """A new conversation for every message does not help."""
    client = visit(FAR)
    for number in range(30):
        await sent(client, f"c{number}")

    assert (await sent(client, "moi")).status_code == 429
    assert (await sent(visit("203.0.113.8"), "moi")).status_code == 200


async def test_limit_follows_the_conversation(visit: Visit) -> None:
    """A new address for every message does not help."""
    name = "một cuộc trò chuyện"
    for number in range(30):
        await sent(visit(f"203.0.113.{number}"), name)

    assert (await sent(visit("198.51.100.1"), name)).status_code == 429


async def test_one_household_of_ipv6_is_one_address(visit: Visit) -> None:
    """A subscriber's 64 bits of addresses count as one."""
    for number in range(30):
        await sent(visit(f"2001:db8::{number:x}"), f"c{number}")

    assert (await sent(visit("2001:db8::ffff"), "moi")).status_code == 429
    assert (await sent(visit("2001:db8:0:1::1"), "khac")).status_code == 200


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1", "10.7.0.9"])
async def test_machines_of_the_office_are_exempt(services: Services, address: str) -> None:
    """Those that are named may ask as often as they like, but not for others."""
    services.settings.own_addresses = networks("127.0.0.1, ::1, 10.7.0.0/24")
    transport = httpx.ASGITransport(
        make_app(Runner(services), nlu_ready=Probe()), client=(address, 1)
    )
    async with httpx.AsyncClient(transport=transport, base_url="http://htx.test") as client:
        codes = {(await sent(client)).status_code for _ in range(35)}
        client.headers["X-Forwarded-For"] = FAR
        for_others = [(await sent(client)).status_code for _ in range(31)]

    assert codes == {200}
    assert for_others[-1] == 429


def request_from(peer: str | None, *forwarded: str) -> Request:
    """Return a request of a peer with the X-Forwarded-For headers it carries."""
    headers = [(b"x-forwarded-for", value.encode()) for value in forwarded]
    return Request({"type": "http", "client": peer and (peer, 1), "headers": headers})


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        (FAR, (), FAR),
        (FAR, ("127.0.0.1",), FAR),
        (PROXY, (), PROXY),
        (PROXY, (FAR,), FAR),
        (PROXY, (f"127.0.0.1, {FAR}",), FAR),
        (PROXY, ("127.0.0.1", FAR), FAR),
        (PROXY, (f"{FAR}, {PROXY}",), FAR),
        (PROXY, (" , ",), PROXY),
        (None, (FAR,), ""),
    ],
)
def test_forwarded_address_is_believed_of_trusted_proxies_only(
    peer: str | None, forwarded: tuple[str, ...], address: str
) -> None:
    """What a caller writes into X-Forwarded-For does not make them another."""
    callers = Callers(networks(PROXY), networks(""))

    assert callers.of(request_from(peer, *forwarded)).address == address


@pytest.fixture
def proxied(services: Services) -> FastAPI:
    """Return the app behind a proxy that it trusts."""
    services.settings.trusted_proxies = networks(PROXY)
    return make_app(Runner(services), nlu_ready=Probe())


async def test_people_behind_a_proxy_are_told_apart(proxied: FastAPI) -> None:
    """Behind a trusted proxy each person has their own thirty, and HTTPS is known."""
    transport = httpx.ASGITransport(proxied, client=(PROXY, 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://htx.test") as client:
        client.headers["X-Forwarded-For"] = FAR
        for number in range(31):
            last = await sent(client, f"c{number}")
        client.headers["X-Forwarded-For"] = "203.0.113.8"
        other = await sent(client)
        page = await client.get("/", headers={"X-Forwarded-Proto": "https"})

    assert (last.status_code, other.status_code) == (429, 200)
    assert "Secure" in page.headers["set-cookie"]
