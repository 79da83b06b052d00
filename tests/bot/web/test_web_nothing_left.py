"""A conversation on the page that stands in every table it can is given whole, and erased whole."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import insert, select

from bot.web.guests import COOKIE
from services.bootstrap import Services
from services.storage.models import Base, DossierMark
from tests.conftest import NOON

KEY = "k" * 22
TALK = {"channel": "web", "key": KEY}
ROWS: dict[str, dict[str, Any]] = {
    "conversation": {**TALK, "updated_at": NOON, "article": "ocop/ho-so", "question": "quế ra sao"}
    | {"choices": ["a:ocop/hang-sao"], "trail": [], "declines": 0, "cared": 0},
    "pending": {**TALK, "kind": "offer", "asked": {"articles": ["founding/so-thanh-vien"]}}
    | {"until": NOON + timedelta(days=1)},
    "turn": {**TALK, "id": 1000, "at": NOON, "text": "chuyện riêng của tui", "payload": ""}
    | {"outcome": "answered", "confidence": 1.0, "degraded": False, "ms": 1}
    | {"offered": [], "step": "", "told": []},
    "turn_article": {"turn_id": 1000, "place": 0, "article": "founding/ho-so", "hash": "0"},
    "ticket": {**TALK, "id": 1000, "opened_at": NOON, "about": "biên nhận của tui", "subject": ""}
    | {"reopened": 0, "phone": ""},
    "form_run": {**TALK, "form": "ocop", "form_hash": "0", "answers": {"product": "mắm của tui"}}
    | {"cursor": "product", "version": 1, "created_at": NOON, "updated_at": NOON}
    | {"until": NOON + timedelta(days=1)},
    "dossier": {**TALK, "id": 1000, "procedure": "giai-the", "cooperative": "HTX của tui"}
    | {"began": NOON.date(), "updated_at": NOON, "until": NOON + timedelta(days=1)},
    "dossier_mark": {"dossier_id": 1000, "item": "p.giay-rieng", "day": NOON.date()},
    "reminder": {**TALK, "name": "nam", "deadline": "cap-nhat", "event": NOON.date()}
    | {"day": NOON.date(), "what": "số liệu của tui", "before": [7, 1], "created_at": NOON},
    "feedback": {**TALK, "at": NOON, "article": "ocop/ho-so", "hash": "0", "useful": False}
    | {"reason": "unclear", "part": ""},
}
TOLD = {
    "conversation": "quế ra sao",
    "pending": "founding/so-thanh-vien",
    "turn": "chuyện riêng của tui",
    "turn_article": "Hồ sơ đăng ký hợp tác xã",
    "ticket": "biên nhận của tui",
    "form_run": "mắm của tui",
    "dossier": "HTX của tui",
    "dossier_mark": "p.giay-rieng: 24/11/2026",
    "reminder": "số liệu của tui",
    "feedback": "Khó hiểu",
}


@pytest.fixture
def database_url(any_database: str) -> str:
    """Return the URL of a migrated database: the test runs once on both."""
    return any_database


async def kept_in(services: Services) -> set[str]:
    """Name the tables in which something of the conversation stands."""
    async with services.sessions() as session:
        rows = [
            (table.name, str(row))
            for table in Base.metadata.sorted_tables
            for row in await session.execute(select(table))
        ]
    return {name for name, row in rows if KEY in row or TOLD["turn"] in row}


async def test_all_of_a_conversation_is_given_and_erased(
    client: httpx.AsyncClient, services: Services
) -> None:
    """Its file holds every row; after /xoa nothing stands in any table."""
    async with services.sessions.begin() as session:
        for table in Base.metadata.sorted_tables:
            if table.name in ROWS:
                await session.execute(insert(table), ROWS[table.name])
    client.cookies.set(COOKIE, KEY)
    planted = await kept_in(services)
    told = (await client.post("/dulieu")).text
    await client.post("/xoa")

    assert planted == ROWS.keys() - {"turn_article", "dossier_mark"}
    assert [table for table, sign in TOLD.items() if sign not in told] == []
    assert await kept_in(services) == set()
    async with services.sessions() as session:
        assert (await session.scalars(select(DossierMark))).all() == []
