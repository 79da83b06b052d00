"""Links that tie a chat in Telegram to an account of staff: used once, with a code, for a while.

A link travels by whatever is at hand, and whoever opens it first is not always whom it was for.
So the chat that opens it is asked for six digits, which the administrator tells apart; after a few
wrong ones the link is void. A chat that is tied so stays so for ninety days.
"""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.conversation import pending
from services.errors import StaffError
from services.staff import account, audit
from services.storage.models import Staff

PREFIX = "staff_"
"""What stands before the token in what a link carries."""
LASTS = timedelta(days=90)
"""How long a chat is tied to its account: phones are sold, lent and lost."""
_OPEN_FOR = timedelta(hours=24)
_TRIES = 5
"""Wrong codes before a link is void, of a million there are."""
_DIGITS = 6
_CODE = re.compile(r"\d{6}")
_BETWEEN = re.compile(r"[\s.-]+")


class NewLink(NamedTuple):
    """What opens an account: the one goes by message, the other by voice."""

    token: str
    code: str


@dataclass(frozen=True)
class Linked:
    """An account that was tied to a chat just now."""

    staff: Staff
    before: str | None
    """The chat that it was tied to before, where that was another."""


async def make(session: AsyncSession, name: str, now: datetime, by: str = audit.SYSTEM) -> NewLink:
    """Return a new link for an account; an earlier one of it is void. Only hashes are kept.

    Raises:
        StaffError: the account is unknown or disabled.

    """
    staff = await account.require(session, name, frozenset(account.STAFF_ROLES))
    made = NewLink(secrets.token_urlsafe(32), f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}")
    staff.link, staff.link_until = _hash(made.token), now + _OPEN_FOR
    staff.link_code, staff.link_tries = _hash(staff.link + made.code), 0
    audit.note(session, now, by, "staff.link", f"staff {staff.name}")
    return made


async def open_(session: AsyncSession, token: str, chat: str, now: datetime) -> Staff:
    """Ask a chat for the code of a link from now on; return whose link it is.

    Raises:
        StaffError: the link is unknown, used or lapsed, or the chat is another account's.

    """
    staff = await _of_link(session, _hash(token), now)
    owner = await account.of_chat(session, chat)
    if owner is not None and owner.id != staff.id:
        raise StaffError("staff_chat_taken", name=owner.name)
    until = staff.link_until or now
    await pending.ask(session, (pending.LINK, chat), "code", {"link": staff.link}, until)
    return staff


async def asks(session: AsyncSession, chat: str, text: str, now: datetime) -> bool:
    """Say whether a text is a code, in a chat that was asked for one."""
    asked = await pending.find(session, (pending.LINK, chat), "code", now)
    return asked is not None and _CODE.fullmatch(_plain(text)) is not None


async def enter(session: AsyncSession, chat: str, text: str, now: datetime) -> Linked:
    """Tie a chat to the account whose link it opened, where the code is right; the link is void.

    The caller keeps what was counted also where the code is wrong.

    Raises:
        StaffError: the code is wrong, or the link was used or lapsed meanwhile.

    """
    asked = await pending.find(session, (pending.LINK, chat), "code", now) or {}
    opened = str(asked.get("link", ""))
    try:
        staff = await _of_link(session, opened, now)
        if not secrets.compare_digest(_hash(opened + _plain(text)), staff.link_code or ""):
            raise await _wrong(session, staff, now)
    except StaffError as refused:
        if refused.code != "staff_code_wrong":  # nothing is left to be opened by any code
            await pending.clear(session, (pending.LINK, chat), "code", now)
        raise
    await _use_up(session, staff)
    await pending.clear(session, (pending.LINK, chat), "code", now)
    before = staff.chat if staff.chat != chat else None
    staff.chat, staff.linked_at, staff.link_until, staff.link_code = chat, now, None, None
    audit.note(session, now, staff.name, "staff.linked", f"staff {staff.name}")
    return Linked(staff, before)


async def void(session: AsyncSession, token: str, now: datetime) -> None:
    """Have a link open nothing any more, because others saw it."""
    staff = await session.scalar(select(Staff).where(Staff.link == _hash(token)))
    if staff is not None:
        _void(session, staff, now)


async def end_old(session: AsyncSession, now: datetime) -> int:
    """Untie the chats that were tied long ago; return how many."""
    old = select(Staff).where(Staff.chat.is_not(None), Staff.linked_at < now - LASTS)
    ended = list(await session.scalars(old))
    for staff in ended:
        staff.chat, staff.linked_at = None, None
        audit.note(session, now, audit.SYSTEM, "staff.ended", f"staff {staff.name}")
    return len(ended)


async def _of_link(session: AsyncSession, hashed: str, now: datetime) -> Staff:
    staff = await session.scalar(select(Staff).where(Staff.link == hashed))
    if staff is None or staff.link_until is None or staff.link_until < now:
        raise StaffError("staff_link_bad")
    return staff


async def _wrong(session: AsyncSession, staff: Staff, now: datetime) -> StaffError:
    """Count a wrong code, whichever chat sent it; return what is said of it."""
    mine = update(Staff).where(Staff.id == staff.id).values(link_tries=Staff.link_tries + 1)
    await session.execute(mine)  # counted by the database: two may guess at a time
    await session.refresh(staff, ["link_tries"])
    if staff.link_tries >= _TRIES:
        _void(session, staff, now)
        return StaffError("staff_link_bad")
    return StaffError("staff_code_wrong", left=_TRIES - staff.link_tries)


def _void(session: AsyncSession, staff: Staff, now: datetime) -> None:
    staff.link, staff.link_code, staff.link_until = None, None, None
    audit.note(session, now, audit.SYSTEM, "staff.link_void", f"staff {staff.name}")


async def _use_up(session: AsyncSession, staff: Staff) -> None:
    """Take the link away, once only though two take it at a time."""
    mine = update(Staff).where(Staff.id == staff.id, Staff.link == staff.link)
    used = await session.execute(mine.values(link=None).returning(Staff.id))
    if used.first() is None:
        raise StaffError("staff_link_used")


def _plain(text: str) -> str:
    """Return a code without what people write between its digits."""
    return _BETWEEN.sub("", text)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
