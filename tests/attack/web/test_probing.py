"""Whoever asks how the product is may not keep it busy (review M3)."""

import asyncio

import httpx
import pytest

from bot.runner import Runner
from bot.web.app import make_app
from services.bootstrap import Services
from tests.doubles.telegram import Gate
from tests.doubles.web import Visit

FAR = "203.0.113.7"


class SlowProbe:
    """An NLU that takes its time to answer, and counts who asks."""

    def __init__(self) -> None:
        """Start unasked."""
        self.asked = 0
        self.gate = Gate()

    async def __call__(self) -> bool:
        """Answer once the gate is open."""
        self.asked += 1
        await self.gate.pass_through()
        return True


async def test_many_who_ask_at_a_time_share_one_probe(services: Services) -> None:
    """Fifty requests for `/readyz` at a time have one question read."""
    probe = SlowProbe()
    transport = httpx.ASGITransport(make_app(Runner(services), nlu_ready=probe))
    async with httpx.AsyncClient(transport=transport, base_url="http://htx.test") as client:
        asking = [asyncio.create_task(client.get("/readyz")) for _ in range(50)]
        await probe.gate.reached.wait()
        await asyncio.wait(asking, timeout=0.1)  # as many as ever will come to ask
        probe.gate.opened.set()
        answers = await asyncio.gather(*asking)

    assert probe.asked == 1
    assert {answer.json()["nlu"] for answer in answers} == {"ok"}


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/static/page.css"])
async def test_requests_of_any_kind_have_a_bound(visit: Visit, path: str) -> None:
    """Of two thousand requests in a row the last is refused before any work."""
    client = visit(FAR)
    for _ in range(2_000):
        last = await client.get(path)
        if last.status_code == 429:
            break

    assert (last.status_code, last.headers.get("retry-after")) == (429, "60")
    assert last.headers.get("connection") == "close"


async def test_counters_are_shown_to_this_machine_only(visit: Visit) -> None:
    """Nobody from outside reads the counters, nor through a proxy that says for whom it asks."""
    inside = await visit("127.0.0.1").get("/metrics")
    outside = await visit(FAR).get("/metrics")
    proxied = await visit("127.0.0.1").get("/metrics", headers={"X-Forwarded-For": FAR})

    assert (inside.status_code, outside.status_code, proxied.status_code) == (200, 404, 404)
