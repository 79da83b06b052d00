"""Updates of a channel that were answered: none is answered twice."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.conversation.question import Channel
from services.storage.models import SeenUpdate


async def was_seen(session: AsyncSession, channel: Channel, update: str) -> bool:
    """Say whether an update was answered before."""
    return await session.get(SeenUpdate, (channel, update)) is not None


def mark_seen(session: AsyncSession, channel: Channel, update: str, now: datetime) -> None:
    """Note that an update was answered."""
    session.add(SeenUpdate(channel=channel, update=update, at=now))
