"""Followers: which chat is told how far an announcement is, and in which message of it.

An announcement's `progress` is a chat and a message there: the message is empty until it was sent,
both are left out while nobody follows.
"""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.storage.models import Announcement


def follow(announcement: Announcement, chat: str) -> None:
    """Have the progress told in this chat from now on, in a new message."""
    announcement.progress = [chat, ""]


def is_free(announcement: Announcement, chat: str) -> bool:
    """Say whether nobody else follows it."""
    return not announcement.progress or announcement.progress[0] == chat


async def followed(session: AsyncSession) -> list[int]:
    """Return the numbers of all that somebody follows."""
    wanted = func.json_array_length(Announcement.progress) > 0
    return list(await session.scalars(select(Announcement.id).where(wanted)))


async def move(session: AsyncSession, number: int, before: list[str], after: list[str]) -> None:
    """Note where the message is, unless it is wanted elsewhere by now."""
    announcement = await session.get_one(Announcement, number)
    if announcement.progress == before:
        announcement.progress = after
