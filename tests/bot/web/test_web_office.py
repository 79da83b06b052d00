"""A tool of one field: it has one answer, and a message that tells all gets it at once."""

import re
import shutil
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select

from services.bootstrap import Services
from services.settings import ROOT
from services.storage.models import FormRun
from tests.doubles.web import Visit, words

ASKED = "nộp hồ sơ ở đâu, tôi ở Bình Lâm"
BEGUN = "tính lãi vay 300 triệu 24 tháng"


@pytest.fixture
def content(content: Path) -> Path:
    """Return the small content, with the names of communes."""
    shutil.copy(ROOT / "content/places/communes.yml", content / "places/communes.yml")
    return content


async def test_one_field_has_one_answer(client: httpx.AsyncClient, services: Services) -> None:
    """It stands on the tool's own page; asked again from a page that was left, it is told anew."""
    front = (await client.get("/tools/office")).text
    [told, other] = [
        await client.post("/tools/office/text", data={"answer": one}, follow_redirects=True)
        for one in ("Tam Thăng", "Bình Lâm")
    ]
    again = await client.post("/tools/office", data={"again": "1"})
    wrong = await client.post("/tools/office/text", data={"answer": ""})
    async with services.sessions() as session:
        left_open = select(func.count()).where(FormRun.ended_at.is_(None))
        open_runs = await session.scalar(left_open)

    assert 'action="/tools/office/text"' in front
    assert told.url.path == other.url.path == "/tools/office/result"
    assert "Phường Bàn Thạch" in words(told.text)
    assert "Xã Việt An" in words(other.text)
    assert again.headers["location"] == "/tools/office/text"
    assert wrong.status_code == 422
    assert open_runs == 1  # what was no answer


async def test_a_message_that_tells_all_is_answered_at_once(client: httpx.AsyncClient) -> None:
    """Its link leads to the same, not to a form."""
    page = await client.post("/", data={"text": ASKED})
    [address] = re.findall(r'<a href="(/tools/office[^"]*)"', page.text)
    led = await client.get(address, follow_redirects=True)

    assert "Xã Việt An" in words(page.text)
    assert led.url.path == "/tools/office/result"


@pytest.mark.parametrize(("text", "ends"), [(BEGUN, "/tools/loan/rate"), (ASKED, "/result")])
async def test_out_of_a_frame_a_tool_opens_beside_it(visit: Visit, text: str, ends: str) -> None:
    """In a page of its own, as no frame may show it; what was told in the frame comes along."""
    frame, beside = visit(), visit()
    page = await frame.post("/?embed=1", data={"text": text})
    found = re.search(
        r'<a href="(/tools/[^"]+)" target="_blank" rel="noopener">([^<]+)</a>', page.text
    )
    assert found is not None
    arrived = await beside.post(found[1], follow_redirects=True)

    assert "mở trang mới" in found[2]
    assert arrived.url.path.endswith(ends)
    assert page.text.count('href="/tools') == 1
