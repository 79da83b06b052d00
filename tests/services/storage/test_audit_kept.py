"""The audit is kept as it was written, by whatever words somebody asks the database."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.bootstrap import Services
from services.storage.models import Audit
from tests.conftest import NOON

OTHER = "(id, at, who, did, about, note) VALUES (1, '2026-11-24', 'minh', 'x', '', '{}')"


async def test_no_row_is_replaced(services: Services) -> None:
    """SQLite can put a row in another's place; PostgreSQL can empty a table."""
    async with services.sessions.begin() as session:
        session.add(Audit(at=NOON, who="lan", did="approve"))
    sqlite = services.settings.sqlite_path is not None
    attack = f"INSERT OR REPLACE INTO audit {OTHER}" if sqlite else "TRUNCATE audit"

    with pytest.raises(DBAPIError, match="never changed"):
        async with services.sessions.begin() as session:
            await session.execute(text(attack))

    async with services.sessions() as session:
        assert (await session.execute(text("SELECT who FROM audit"))).scalars().all() == ["lan"]
