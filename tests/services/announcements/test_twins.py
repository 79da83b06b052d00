"""Two that say the same to the same people, approved at the same instant."""

import asyncio
from pathlib import Path

import pytest

from services.bootstrap import Services
from services.errors import AnnouncementError
from services.storage.models import Announcement
from tests.doubles.broadcast import APPROVER, AUTHOR, TEXT, Broadcast


@pytest.fixture
def database_url(any_database: str) -> str:
    """Return the URL of each database in turn."""
    return any_database


@pytest.fixture
async def broadcast(services: Services) -> Broadcast:
    """Return staff and one farmer."""
    made = Broadcast(services.settings, services.library, services.sessions)
    await made.hire()
    await made.settle([1])
    return made


async def drafted(broadcast: Broadcast, folder: Path) -> int:
    """Draft the text once more; return its number."""
    file = folder / "tin.md"
    file.write_text(TEXT, encoding="utf-8")
    async with broadcast.sessions.begin() as session:
        draft = broadcast.announcer.read(file)
        made: Announcement = await broadcast.announcer.draft(session, draft, AUTHOR)
    return made.id


async def approve(broadcast: Broadcast, number: int) -> None:
    """Approve in a transaction of its own."""
    async with broadcast.sessions.begin() as session:
        await broadcast.announcer.approve(session, number, APPROVER)


async def test_second_of_two_twins_is_asked_about(broadcast: Broadcast, tmp_path: Path) -> None:
    """Whoever comes second waits until the first yes is kept, and is told of it."""
    first, second = await drafted(broadcast, tmp_path), await drafted(broadcast, tmp_path)
    async with broadcast.sessions.begin() as session:
        await broadcast.announcer.approve(session, first, APPROVER)
        other = asyncio.create_task(approve(broadcast, second))
        await asyncio.wait((other,), timeout=0.5)

    with pytest.raises(AnnouncementError, match=f"giống hệt thông báo {first}"):
        await other
