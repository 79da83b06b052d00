"""What a request's head may do, and what the response's must say (review L1, L2, L7, L10, L12)."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from bot.runner import Runner
from bot.web.app import make_app
from services.bootstrap import Services
from services.settings import load_settings
from tests.doubles.web import ASKED, Probe, Visit

PROXY = "10.0.0.2"
HTTPS = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"}


@pytest.mark.parametrize("path", ["*", ""])
async def test_a_path_that_is_none_is_answered(app: FastAPI, path: str) -> None:
    """`OPTIONS *` gets a response like any other request for what is not there."""
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "OPTIONS",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [],
        "client": ("203.0.113.7", 1),
        "server": ("htx.test", 80),
        "scheme": "http",
    }
    await app(scope, receive, send)

    assert sent[0]["status"] in {307, 404, 405}


@pytest.fixture
def proxied(services: Services) -> FastAPI:
    """Return the app behind a proxy that it trusts."""
    services.settings.trusted_proxies = load_settings(trusted_proxies=PROXY).trusted_proxies
    return make_app(Runner(services), nlu_ready=Probe())


async def test_https_stays_https(proxied: FastAPI) -> None:
    """Behind HTTPS browsers are told to stay there; over plain HTTP nothing is said of it."""
    transport = httpx.ASGITransport(proxied, client=(PROXY, 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://htx.test") as client:
        safe = await client.get("/", headers=HTTPS)
        plain = await client.get("/")

    assert safe.headers.get("strict-transport-security") == "max-age=31536000"
    assert "strict-transport-security" not in plain.headers


async def test_the_cookie_is_this_hosts_alone(proxied: FastAPI) -> None:
    """Behind HTTPS no other host of the domain can set the cookie, and the conversation goes on."""
    transport = httpx.ASGITransport(proxied, client=(PROXY, 1))
    async with httpx.AsyncClient(transport=transport, base_url="https://htx.test") as client:
        first = await client.get("/", headers=HTTPS)
        second = await client.get("/", headers=HTTPS)

    name, _, value = first.headers["set-cookie"].partition(";")[0].partition("=")
    assert name.startswith("__Host-")
    assert "Path=/" in first.headers["set-cookie"]
    assert f"{name}={value};" in second.headers["set-cookie"]


async def test_pages_ask_for_no_camera(client: httpx.AsyncClient) -> None:
    """A page, framed or not, may use neither camera, microphone nor place."""
    policy = (await client.get("/")).headers.get("permissions-policy", "")

    assert {"camera=()", "microphone=()", "geolocation=()"} <= set(policy.split(", "))


@pytest.mark.parametrize("path", ["/", "/xoa", "/?embed=0"])
async def test_the_chat_is_framed_only_when_asked_to(client: httpx.AsyncClient, path: str) -> None:
    """Without `embed=1` no other site may lay the chat under its own buttons."""
    policy = (await client.get(path)).headers["content-security-policy"]

    assert policy.endswith("frame-ancestors 'none'")


async def test_a_forged_host_stays_with_its_sender(client: httpx.AsyncClient) -> None:
    """A page that prints the host it was asked for is kept by nobody but who asked."""
    page = await client.get("/bai/founding/ho-so", headers={"Host": "evil.example"})

    assert page.headers["cache-control"] == "private, max-age=300"


async def test_a_short_name_opens_nobody_elses_conversation(visit: Visit) -> None:
    """Two programs that call their conversations alike neither read nor erase each other's."""

    async def told(address: str, text: str) -> dict[str, Any]:
        answer = await visit(address).post(
            "/api/messages", json={"conversation": "1", "text": text}
        )
        reply: dict[str, Any] = answer.json()
        return reply

    await told("203.0.113.7", ASKED)
    erased = await told("198.51.100.1", "/xoa")

    assert "1 " not in erased["text"]
    assert "1 " in (await told("203.0.113.7", "/xoa"))["text"]


@pytest.mark.parametrize("setting", ["telegram_base_url", "nlu_url"])
def test_no_token_goes_out_in_clear_unnoticed(setting: str) -> None:
    """An address outside this machine to which a token goes without HTTPS is told by its name.

    It is not refused, or a Bot API or an NLU of one's own network would leave no command, not even
    a backup, in use.
    """

    def told(url: str) -> list[str]:
        return load_settings(**{setting: url}).in_clear

    name = f"HTX_{setting.upper()}"
    assert (told("http://bot.example/bot"), told("http://10.0.0.2:81/bot")) == ([name], [name])
    assert told("https://bot.example/bot") == told("http://127.0.0.2:9/bot") == []
    assert told("http://localhost:9/bot") == told("http://[::1]:9/bot") == []
