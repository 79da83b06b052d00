"""What is kept of a conversation: whether there is any, and its erasure."""

from sqlalchemy import ColumnElement, and_, delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.storage.models import (
    Awaited,
    Conversation,
    Dossier,
    Feedback,
    FormRun,
    GapQuestion,
    Notice,
    NoticeConsent,
    Pending,
    Reminder,
    Ticket,
    Turn,
)

_Kept = (
    Turn
    | Feedback
    | Conversation
    | Pending
    | Notice
    | NoticeConsent
    | Ticket
    | GapQuestion
    | Awaited
    | FormRun
    | Dossier
    | Reminder
)
_KEPT: tuple[type[_Kept], ...] = (
    *(Turn, Feedback, Conversation, Pending, FormRun, Dossier, Reminder),
    *(Ticket, GapQuestion, Awaited, Notice, NoticeConsent),
)
"""In this order: whoever answers a ticket or a wish at this moment is waited for at its row, and
the notice that they queued is there when notices go."""


async def is_kept(session: AsyncSession, channel: str, key: str) -> bool:
    """Say whether anything is kept of a conversation."""
    rows = (select(1).where(_mine(table, channel, key)).exists() for table in _KEPT)
    return bool(await session.scalar(select(or_(*rows))))


async def erase_conversation(session: AsyncSession, channel: str, key: str) -> int:
    """Erase all that was kept of a conversation; return how many turns that were."""
    gone = await session.execute(delete(Turn).where(_mine(Turn, channel, key)).returning(Turn.id))
    for table in _KEPT[1:]:
        await session.execute(delete(table).where(_mine(table, channel, key)))
    return len(gone.all())


def _mine(table: type[_Kept], channel: str, key: str) -> ColumnElement[bool]:
    return and_(table.channel == channel, table.key == key)
