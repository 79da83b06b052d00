"""`POST /api/messages`: the contract, and every way to get it wrong."""

import asyncio
import json
import time
from dataclasses import replace
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from bot.runner import Runner
from bot.web.app import make_app
from services.bootstrap import Services
from services.edition import Edition
from services.storage.models import Turn
from services.understanding.interpretation import Interpretation
from tests.doubles.nlu import FakeNlu, reading
from tests.doubles.telegram import GatedNlu
from tests.doubles.web import ASKED, UNSURE, Probe

NAME = "một cuộc trò chuyện"


async def post(client: httpx.AsyncClient, **message: Any) -> httpx.Response:
    """Send a message."""
    return await client.post("/api/messages", json={"conversation": NAME, **message})


async def test_answer_has_the_shape_of_the_contract(client: httpx.AsyncClient) -> None:
    """An answer is the object that scripts rely on, key by key."""
    reply = (await post(client, text=ASKED)).json()

    assert list(reply) == [
        "outcome",
        "article",
        "articles",
        "part",
        "act",
        "tool",
        "values",
        "degraded",
        "text",
        "citations",
        "buttons",
        "confidence",
        "ticket",
        "ms",
    ]
    assert reply | {"text": "", "ms": 0} == {
        "outcome": "answered",
        "article": "founding/so-thanh-vien",
        "articles": ["founding/so-thanh-vien"],
        "part": None,
        "act": None,
        "tool": None,
        "values": {},
        "degraded": False,
        "text": "",
        "citations": [
            {
                "source": "luat-17-2023",
                "clause": "Điều 4",
                "title": "Luật Hợp tác xã 17/2023/QH15",
                "in_force": True,
            }
        ],
        "buttons": [
            {"label": "Hồ sơ đăng ký hợp tác xã", "payload": "a:founding/ho-so"},
            {"label": "👍 Có ích", "payload": "u:founding/so-thanh-vien"},
            {"label": "👎 Chưa được", "payload": "n:founding/so-thanh-vien"},
        ],
        "confidence": 0.9,
        "ticket": None,
        "ms": 0,
    }


async def test_text_is_the_whole_reply(client: httpx.AsyncClient) -> None:
    """The text holds short answer, detail, source and next step, without marks."""
    text = (await post(client, text=ASKED)).json()["text"]

    assert "ít nhất 05 thành viên chính thức" in text
    assert "Không còn là 7 người" in text
    assert "Nguồn: Luật Hợp tác xã 17/2023/QH15, Điều 4." in text
    assert "Bước tiếp theo: Hỏi UBND xã." in text


async def test_payload_presses_a_button(client: httpx.AsyncClient) -> None:
    """A payload that came with a clarify answers without the NLU."""
    offered = (await post(client, text=UNSURE)).json()
    pressed = (await post(client, payload=offered["buttons"][1]["payload"])).json()

    assert offered["outcome"] == "clarify"
    assert (pressed["outcome"], pressed["article"]) == ("answered", "ocop/ho-so")


async def test_turn_is_kept(client: httpx.AsyncClient, services: Services) -> None:
    """A turn is logged on the web channel under the caller's conversation."""
    await post(client, text=ASKED)
    async with services.sessions() as session:
        turn = (await session.scalars(select(Turn))).one()

    assert (turn.channel, turn.key, turn.text) == ("web", NAME, ASKED)


async def test_degraded_is_said(client: httpx.AsyncClient, nlu: FakeNlu) -> None:
    """With the NLU down the reply is degraded and says so."""
    nlu.down = True
    reply = (await post(client, text="số thành viên để lập hợp tác xã")).json()

    assert reply["degraded"] is True
    assert "chưa chắc đúng ý" in reply["text"]


async def test_long_text_is_answered_politely(client: httpx.AsyncClient) -> None:
    """A text below the bound of a body gets a sentence, quickly."""
    started = time.perf_counter()
    response = await post(client, text="a 0912" * 30_000)

    assert (response.status_code, response.json()["outcome"]) == (200, "declined")
    assert "dài quá 2000 ký tự" in response.json()["text"]
    assert time.perf_counter() - started < 2


async def test_huge_body_is_refused(client: httpx.AsyncClient) -> None:
    """A body over 200 KB is refused in Vietnamese."""
    response = await post(client, text="a" * 200_001)

    assert response.status_code == 413
    assert "dài quá" in response.json()["detail"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"xin chao"',
        b"\xff\xfe",
        b"[" * 50_000,
        b'{"conversation": "c1"}',
        b'{"text": "chao"}',
        b'{"conversation": "", "text": "chao"}',
        b'{"conversation": "a\\u0000b", "text": "chao"}',
        b'{"conversation": "c1", "text": 5}',
        b'{"conversation": "c1", "text": null}',
        b'{"conversation": "c1", "text": "half a character \\ud83d"}',
        b'{"conversation": "c1", "text": "a", "payload": "m:"}',
        b'{"conversation": "c1", "txt": "a"}',
        json.dumps({"conversation": "k" * 129, "text": "chao"}).encode(),
    ],
)
async def test_malformed_body_is_told_what_to_send(client: httpx.AsyncClient, body: bytes) -> None:
    """A body of another shape gets 422 and one sentence with the right shape."""
    response = await client.post(
        "/api/messages", content=body, headers={"Content-Type": "application/json"}
    )

    assert response.status_code == 422
    assert list(response.json()) == ["detail"]
    assert "conversation" in response.json()["detail"]


@pytest.mark.parametrize(
    "text",
    [
        "\u202etxet\u202c",
        "🌾 giá?",
        "<script>alert(1)</script>",
        "'; DROP TABLE turn; --",
        "\n" * 1999,
        "\x00\x07",
    ],
)
async def test_hostile_text_gets_a_reply(client: httpx.AsyncClient, text: str) -> None:
    """Text that means harm is a question like any other."""
    response = await post(client, text=text)

    assert (response.status_code, response.json()["outcome"]) == (200, "declined")


async def test_wrong_method_and_address_are_told(client: httpx.AsyncClient) -> None:
    """Under /api every refusal is JSON with a sentence."""
    wrong_method = await client.get("/api/messages")
    wrong_address = await client.get("/api/khong-co")

    assert (wrong_method.status_code, wrong_method.headers["allow"]) == (405, "POST")
    assert wrong_address.status_code == 404
    assert "/api/docs" in wrong_method.json()["detail"]
    assert "/api/docs" in wrong_address.json()["detail"]


class BrokenNlu(FakeNlu):
    """An NLU with a fault that nobody foresaw."""

    async def parse(self, text: str, opened: str | None = None) -> Interpretation:
        """Fail with the secret in the error."""
        msg = f"mật khẩu, {text} {opened}"
        raise RuntimeError(msg)


async def test_failure_is_a_reply(services: Services) -> None:
    """What nobody foresaw gives 500, the reply's shape, and nothing of the error."""
    interpreter = replace(services.current.edition.interpreter, nlu=BrokenNlu())
    services.current.edition = Edition(services.library, interpreter)
    transport = httpx.ASGITransport(make_app(Runner(services), nlu_ready=Probe()))
    async with httpx.AsyncClient(transport=transport, base_url="http://htx.test") as client:
        response = await post(client, text=ASKED)
        metrics = (await client.get("/metrics")).text

    assert (response.status_code, response.json()["outcome"]) == (500, "declined")
    assert "trục trặc" in response.json()["text"]
    assert "mật khẩu" not in response.text
    assert 'htx_failed_turns_total{channel="web"} 1.0' in metrics


async def test_docs_page_describes_the_api_by_itself(client: httpx.AsyncClient) -> None:
    """The page of the API names every route and loads nothing from another host."""
    page = (await client.get("/api/docs")).text
    paths = (await client.get("/api/openapi.json")).json()["paths"]

    assert set(paths) == {
        "/api/messages",
        "/api/messages/later",
        "/healthz",
        "/readyz",
        "/metrics",
    }
    assert all(path in page for path in paths)
    assert "http://" not in page
    assert "https://" not in page


class TestErasingWhileAsking:
    """Somebody erases while a question of theirs is being read."""

    @pytest.fixture
    def nlu(self) -> GatedNlu:
        """Return an NLU that reads when it is let."""
        return GatedNlu({ASKED: reading(("founding.so-thanh-vien", 0.9))})

    async def test_nothing_is_kept_afterwards(
        self, client: httpx.AsyncClient, nlu: GatedNlu, services: Services
    ) -> None:
        """What was asked before /xoa is answered first, then erased."""
        gate = nlu.hold(ASKED)
        asking = asyncio.create_task(
            client.post("/api/messages", json={"conversation": "tôi", "text": ASKED})
        )
        await gate.reached.wait()
        erasing = asyncio.create_task(
            client.post("/api/messages", json={"conversation": "tôi", "text": "/xoa"})
        )
        await asyncio.wait((erasing,), timeout=0.5)
        gate.opened.set()
        await asyncio.gather(asking, erasing)
        async with services.sessions() as session:
            kept = list(await session.scalars(select(Turn.text)))

        assert kept == []
