"""Thousands of messages that nobody means well: each is answered, none breaks or marks the page."""

from collections import Counter
from html.parser import HTMLParser
from urllib.parse import quote

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.runner import Runner
from bot.web.app import make_app
from services.bootstrap import Services
from services.settings import load_settings
from tests.doubles.hostile import drawn, texts
from tests.doubles.web import ASKED, Probe

WHOLE = 5_000
ANSWERED = {200, 307, 400, 403, 404, 405, 413, 422}
_TAGS = ("script", "img", "iframe", "object", "embed", "base", "link", "meta", "style", "svg")


class Marks(HTMLParser):
    """Counts what a page does beside telling: tags that load or run something, and its handlers."""

    def __init__(self, page: str) -> None:
        """Read a page."""
        super().__init__()
        self.count = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at a tag."""
        runs = [name for name, to in attrs if name.startswith("on") or _runs(to or "")]
        self.count += (tag in _TAGS) + len(runs)


def _runs(address: str) -> bool:
    return address.strip().lower().startswith(("javascript:", "data:"))


asked = st.one_of(
    st.tuples(st.just("form"), texts),
    st.tuples(st.just("pressed"), texts),
    st.tuples(st.just("api"), texts),
    st.tuples(st.just("body"), st.binary(max_size=200) | texts.map(str.encode)),
    st.tuples(st.just("path"), texts),
)


@pytest.fixture
def app(services: Services) -> FastAPI:
    """Return the app; it counts nobody's requests."""
    services.settings.own_addresses = load_settings(own_addresses="127.0.0.0/8").own_addresses
    return make_app(Runner(services), nlu_ready=Probe())


async def send(client: httpx.AsyncClient, way: str, what: str | bytes) -> httpx.Response:
    """Send it by one of the ways in."""
    if isinstance(what, bytes):
        kind = {"Content-Type": "application/json"}
        return await client.post("/api/messages", content=what, headers=kind)
    if way == "path":
        return await client.get(f"/bai/{quote(what)}"[:2_000])
    if way == "api":
        message = {"conversation": what[:128] or "a", "text": what}
        return await client.post("/api/messages", json=message)
    field = {"form": "text", "pressed": "payload"}[way]
    return await client.post("/", data={field: what, "conversation": what})


async def test_hostile_messages_break_nothing(client: httpx.AsyncClient) -> None:
    """No error is logged, nothing of it becomes a part of the page; the next is answered."""
    plain = Marks((await client.post("/", data={"text": "a"})).text).count
    statuses, marked = Counter[int](), list[tuple[str, str | bytes]]()
    with capture_logs() as logs:
        for way, what in drawn(asked, WHOLE):
            response = await send(client, way, what)
            statuses[response.status_code] += 1
            if way in {"form", "pressed"} and Marks(response.text).count > plain:
                marked.append((way, what))
    answer = (await client.post("/", data={"text": ASKED})).text

    assert [one for one in logs if one["log_level"] in {"error", "critical"}] == []
    assert set(statuses) <= ANSWERED, statuses
    assert marked == []
    assert "05 thành viên" in answer
