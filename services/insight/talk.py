"""A talk as it was understood: which turn led to which reading."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.storage.models import Turn


async def last_turns(session: AsyncSession, key: str | None, most: int) -> Sequence[Turn]:
    """Return the last turns, of one conversation where one is named, the oldest first."""
    query = select(Turn).order_by(Turn.id.desc()).limit(most)
    if key is not None:
        query = query.where(Turn.key == key)
    return list(reversed((await session.scalars(query)).all()))
