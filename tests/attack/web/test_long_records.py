"""Whoever has much that is kept of them asks for it again and again: nobody waits for that."""

import httpx

from services.bootstrap import Services
from tests.doubles.log import turn

PAGES = ("/dulieu", "/dulieu 2", "/DuLieu  3")


async def test_what_is_kept_is_told_in_pages(client: httpx.AsyncClient, services: Services) -> None:
    """Fifty questions at a time, the newest first; how to come by the rest is said."""
    name = "một cuộc trò chuyện dài"
    async with services.sessions.begin() as session:
        session.add_all(turn(f"câu số {n}.", key=name, start=services.now()) for n in range(1, 121))
    told = []
    for text in (*PAGES, "/dulieu 9"):
        asked = {"conversation": name, "text": text}
        told.append((await client.post("/api/messages", json=asked)).json()["text"])

    counts = [sum(f"câu số {n}." in page for n in range(1, 121)) for page in told]
    assert counts == [50, 50, 20, 0]
    assert "câu số 120." in told[0]
    assert all("120 lượt" in page for page in told)
    assert ["/dulieu 2" in told[0], "/dulieu 3" in told[1], "/dulieu 4" in told[2]] == [1, 1, 0]
