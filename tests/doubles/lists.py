"""What the tests of lists of people share."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.people.people_import import Entry, Tally
from services.people.person import Identity, meet
from services.people.profile import read_profile
from services.storage.models import Person
from tests.conftest import NOON

HEADER = "channel,chat_id,name,role,place,topics,consent"
Read = Callable[..., tuple[list[Entry], list[tuple[int, str]]]]
"""Reads lines below a header: good entries, and line and reason of each bad one."""
Take = Callable[..., Awaitable[Tally]]
"""Imports lines below the usual header."""


async def met(session: AsyncSession, chat: str = "1", now: datetime = NOON) -> Person:
    """Return someone who wrote to the bot in Telegram."""
    return await meet(session, Identity("khoa"), "telegram", chat, now)


async def answer(session: AsyncSession, person: Person, *, given: bool) -> None:
    """Have a person say yes or no to announcements."""
    (await read_profile(session, person)).answer(given=given, wording="hỏi", now=NOON)
    await session.flush()
