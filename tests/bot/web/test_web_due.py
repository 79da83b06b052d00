"""Deadlines on the page: asked for, told with their clauses, taken into a calendar."""

from pathlib import Path

import httpx
import pytest

from services.settings import ROOT
from tests.doubles.content import write_content
from tests.doubles.web import words


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """Return the small content, with the deadlines of the year in it."""
    folder = write_content(tmp_path / "content")
    told = (ROOT / "content/deadlines/nam.yml").read_text(encoding="utf-8")
    (folder / "deadlines").mkdir()
    (folder / "deadlines/nam.yml").write_text(told, encoding="utf-8")
    return folder


async def test_deadlines_are_told_and_taken_along(client: httpx.AsyncClient) -> None:
    """To the end, without scripts; with a file that a phone's calendar opens."""
    none = await client.get("/tools/due/result.ics")
    await client.post("/tools/due")
    page = await client.get("/tools/due/procedure")
    groups = ("Hợp tác xã của anh/chị", "Tổ hợp tác", "Sản phẩm OCOP", "Việc của Quỹ")
    assert all(f"<b>{group}</b>" in page.text for group in groups)
    version = page.text.partition('name="version" value="')[2].partition('"')[0]
    await client.post("/tools/due/procedure", data={"version": version, "answer": "nam"})
    page = await client.post("/tools/due/result", follow_redirects=True)
    calendar = await client.get("/tools/due/result.ics")

    assert none.headers["location"] == "/tools/due"
    assert "15/12/2026: Cập nhật thông tin hợp tác xã" in words(page.text)
    assert 'href="/tools/due/result.ics"' in page.text
    assert calendar.headers["content-type"].startswith("text/calendar")
    assert "DTSTART;VALUE=DATE:20261215" in calendar.text
