"""An announcer at noon over the small content and a real database."""

from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from services.knowledge.library import Library
from services.settings import Settings
from tests.doubles.bureau import APPROVER, AUTHOR, Bureau


@pytest.fixture
async def bureau(
    session: AsyncSession, settings: Settings, library: Library, tmp_path: Path
) -> Bureau:
    """Return a bureau with one who writes, one who approves, and three farmers who agree."""
    folder = tmp_path / "soan"
    folder.mkdir()
    made = Bureau(session, settings, library, folder)
    await made.hire(AUTHOR, "author")
    await made.hire(APPROVER, "approver")
    await made.settle(1, 2, 3)
    return made
