"""The audit: who did what. Rows are added alone; the database refuses anything else."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.storage.models import Audit

SYSTEM = "system"
"""Who acts when nobody is named."""


def note(
    session: AsyncSession, now: datetime, who: str, did: str, about: str = "", **numbers: Any
) -> None:
    """Add a row; `numbers` are counts and hashes, never anything of a citizen."""
    session.add(Audit(at=now, who=who, did=did, about=about, note=numbers))


async def entries(session: AsyncSession, about: str = "") -> list[Audit]:
    """Return the rows about something, or all, the oldest first."""
    query = select(Audit).order_by(Audit.id)
    return list(await session.scalars(query.where(Audit.about == about) if about else query))
