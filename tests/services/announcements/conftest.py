"""An announcer at noon over the small content and a real database."""

from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from services.knowledge.library import Library
from services.settings import Settings
from tests.doubles.announcing import APPROVER, AUTHOR
from tests.doubles.office import Office


@pytest.fixture
async def office(
    session: AsyncSession, settings: Settings, library: Library, tmp_path: Path
) -> Office:
    """Return a office with one who writes, one who approves, and three farmers who agree."""
    folder = tmp_path / "soan"
    folder.mkdir()
    made = Office(session, settings, library, folder)
    await made.hire(AUTHOR, "author")
    await made.hire(APPROVER, "approver")
    await made.settle(1, 2, 3)
    return made
