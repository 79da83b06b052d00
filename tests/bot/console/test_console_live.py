"""What moves on a page is sent anew: when, to how many, until when, and what is held meanwhile."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from starlette.responses import Response
from starlette.types import Message

from bot.console.app import add_console
from bot.console.live import Stream, Streams
from bot.console.request import Piece
from bot.runner import Runner
from bot.web.app import make_app
from bot.web.callers import Callers
from services.bootstrap import Services
from services.staff import account, sign_in
from services.storage.models import Ticket
from tests.bot.console.conftest import SITE, SignIn
from tests.doubles.web import Probe

LISTENS = {"accept": "text/event-stream"}
NEWS = "/console/inbox/news?seen=0"


@dataclass
class Listener:
    """Somebody who listens to parts that change as told, and leaves after so many pieces."""

    parts: list[Response]
    streams: Streams
    leaves_after: int = 100
    seen: str = ""
    sent: list[Message] = field(default_factory=list)
    left: asyncio.Event = field(default_factory=asyncio.Event)
    meanwhile: Callable[[], Any] = lambda: None

    async def listen(self, whose: str = "me") -> str:
        """Listen; return what came."""
        await Stream(self.streams, whose, self._look, self.seen)(
            {"type": "http"}, self._receive, self._send
        )
        return b"".join(message.get("body", b"") for message in self.sent).decode()

    async def _look(self) -> Response:
        self.meanwhile()
        return self.parts.pop(0) if len(self.parts) > 1 else self.parts[0]

    async def _receive(self) -> Message:
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        self.sent.append(message)
        if len(self.sent) > self.leaves_after:
            self.left.set()


def streams(**bounds: Any) -> Streams:
    """Return streams whose looks come one upon the other."""
    return Streams(asyncio.Event(), **{"every": 0.001, "lasts": 5.0, **bounds})


async def test_only_what_is_another_is_sent() -> None:
    """Until it moves no more; the last one says that nobody need listen."""
    parts = [Piece("một"), Piece("một"), Piece("hai\nba"), Piece("xong", last=True)]
    told = await Listener(list[Response](parts), streams()).listen()

    assert [line for line in told.splitlines() if line.startswith(("data", "event"))] == [
        "data: một",
        "data: hai",
        "data: ba",
        "event: over",
        "data: xong",
    ]


async def test_who_comes_again_is_not_told_the_same() -> None:
    """The browser says what it had last: a screen reader does not read it out every minute."""
    parts = list[Response]([Piece("một"), Piece("hết", last=True)])
    told = await Listener(list(parts), streams()).listen()
    seen = next(line[4:] for line in told.splitlines() if line.startswith("id: "))
    again = await Listener(list(parts), streams(), seen=seen).listen()

    assert "data: một" in told
    assert "data: một" not in again


@pytest.mark.parametrize("end", ["left", "ended", "late"])
async def test_a_stream_ends(end: str) -> None:
    """With whoever listens, with the server, and within its time; its place is free again."""
    room = streams(**({"lasts": 0.0} if end == "late" else {}))
    listener = Listener([Piece("một")], room, leaves_after=2 if end == "left" else 100)
    if end == "ended":
        listener.meanwhile = room.ended.set
    told = await asyncio.wait_for(listener.listen(), 5)

    assert ("data: một" in told) == (end != "late")
    assert listener.sent[-1] == {"type": "http.response.body", "body": b"", "more_body": False}
    assert all(room.enter("me") for _ in range(room.each))


async def test_so_many_of_one_and_over_all() -> None:
    """One too many is refused, and asks again later; others are served."""
    room = streams(each=2, all=3)
    assert [room.enter(who) for who in ("a", "a", "a", "b", "c")] == [
        True,
        True,
        False,
        True,
        False,
    ]
    refused = Listener([Piece("một")], room)
    await refused.listen()

    assert refused.sent[0]["status"] == HTTPStatus.TOO_MANY_REQUESTS
    room.leave("a")
    assert room.enter("c")


@pytest.fixture
def app(services: Services) -> FastAPI:
    """Return the app, its streams short."""

    def add(app: FastAPI, services: Services, callers: Callers) -> None:
        add_console(app, services, callers, streams=Streams(app.state.ended, every=0.01, lasts=0.3))

    return make_app(Runner(services), nlu_ready=Probe(), add_console=add)


async def test_nothing_of_the_database_is_held(services: Services, signed_in: SignIn) -> None:
    """While a page listens, all connections are free; news that come meanwhile are sent."""
    agent, now = await signed_in("agent"), services.now()
    listening = asyncio.create_task(agent.get(NEWS, headers=LISTENS))
    async with services.sessions.begin() as session:
        session.add(Ticket(channel="web", key="k", opened_at=now))
    told = (await listening).text

    assert "Có phiếu mới" in told
    assert services.sessions.kw["bind"].pool.checkedout() == 0


async def test_a_page_listens_no_longer_than_its_session(
    services: Services, signed_in: SignIn
) -> None:
    """It is told so; listening itself keeps no session from ending."""
    agent = await signed_in("agent", name="Lan")
    first = await agent.get(NEWS, headers=LISTENS)
    async with services.sessions.begin() as session:
        staff = await account.require(session, "Lan", account.AGENTS)
        [mine] = await sign_in.of_account(session, staff, services.now())
        assert mine.seen_at == mine.began_at
        mine.seen_at -= timedelta(minutes=31)
    after = await agent.get(NEWS, headers=LISTENS)

    assert "event: over" not in first.text
    assert "event: over" in after.text
    assert "phiên đã hết" in after.text


async def test_another_role_listens_to_nothing(signed_in: SignIn) -> None:
    """As it may not read the page."""
    told: httpx.Response = await (await signed_in("content")).get(
        NEWS, headers={**LISTENS, "origin": SITE}
    )

    assert "event: over" in told.text
    assert "phiếu" not in told.text
