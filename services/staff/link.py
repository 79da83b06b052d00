"""A link that ties one Telegram chat to an account of staff: used once, good for a day."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.errors import StaffError
from services.staff import account, audit
from services.storage.models import Staff

PREFIX = "staff_"
"""What stands before the token in what a link carries."""
LASTS = timedelta(hours=24)


async def make(session: AsyncSession, name: str, now: datetime, by: str = audit.SYSTEM) -> str:
    """Return the token of a new link for an account; an earlier link of it is void.

    Only the token's hash is kept.

    Raises:
        StaffError: the account is unknown or disabled.

    """
    staff = await account.require(session, name, frozenset(account.STAFF_ROLES))
    token = secrets.token_urlsafe(32)
    staff.link, staff.link_until = _hash(token), now + LASTS
    audit.note(session, now, by, "staff.link", f"staff {staff.name}")
    return token


async def take(session: AsyncSession, token: str, chat: str, now: datetime) -> Staff:
    """Tie a Telegram chat to the account of a link, in place of the one it had; the link is void.

    Raises:
        StaffError: the link is unknown, used or lapsed, or the chat is another account's.

    """
    staff = await session.scalar(select(Staff).where(Staff.link == _hash(token)))
    if staff is None or staff.link_until is None or staff.link_until < now:
        raise StaffError("staff_link_bad")
    owner = await of_chat(session, chat)
    if owner is not None and owner.id != staff.id:
        raise StaffError("staff_chat_taken", name=owner.name)
    await _use_up(session, staff)
    staff.chat, staff.link_until = chat, None
    audit.note(session, now, staff.name, "staff.linked", f"staff {staff.name}")
    return staff


async def of_chat(session: AsyncSession, chat: str) -> Staff | None:
    """Return whose Telegram chat this is; None for nobody's and for a disabled account's."""
    return await session.scalar(select(Staff).where(Staff.chat == chat, ~Staff.disabled))


async def _use_up(session: AsyncSession, staff: Staff) -> None:
    """Take the link away, once only though two take it at a time."""
    mine = update(Staff).where(Staff.id == staff.id, Staff.link == staff.link)
    used = await session.execute(mine.values(link=None).returning(Staff.id))
    if used.first() is None:
        raise StaffError("staff_link_used")


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
