"""Accounts of staff: who may write, approve, and keep the rest, and from which chat in Telegram.

A link ties one chat to an account: used once, good for a day.
"""

import hashlib
import secrets
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal, get_args

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.conversation.plain import folded
from services.errors import StaffError
from services.staff import audit
from services.storage.models import Staff

StaffRole = Literal["author", "approver", "agent", "content", "admin"]
STAFF_ROLES: tuple[StaffRole, ...] = get_args(StaffRole)
WRITERS: frozenset[str] = frozenset({"author", "approver", "admin"})
"""Who may draft, rehearse, send, pause, resume and cancel."""
APPROVERS: frozenset[str] = frozenset({"approver", "admin"})
"""Who may approve what another person wrote."""
LINK_PREFIX = "staff_"
"""What stands before the token in what a link carries."""
_LINK_LASTS = timedelta(hours=24)
_LONGEST = 50
"""Characters of a name; the audit tells what was done to it in 64."""


def plain_name(name: str) -> str:
    """Return a name as it is kept: spaces around it make nobody another person.

    Nor does the way a keyboard puts a letter and its mark together.
    """
    return unicodedata.normalize("NFC", " ".join(name.split()))


def same_name(one: str, other: str) -> bool:
    """Say whether two names are one person's, in whatever capitals."""
    return plain_name(one).casefold() == plain_name(other).casefold()


async def add(session: AsyncSession, name: str, role: str, now: datetime, by: str) -> Staff:
    """Add an account.

    Raises:
        StaffError: the name is empty, or taken but for capitals; or there is no such role.

    """
    name = plain_name(name)
    if role not in STAFF_ROLES:
        raise StaffError("staff_role_unknown", role=role, roles=STAFF_ROLES)
    if not name or name == audit.SYSTEM or len(name) > _LONGEST:
        raise StaffError("staff_name_bad", most=_LONGEST)
    alike = [one for one in await everyone(session) if same_name(one.name, name)]
    if alike:
        raise StaffError("staff_name_taken", name=alike[0].name)
    made = Staff(name=name, role=role, created_at=now)
    session.add(made)
    audit.note(session, now, by, "staff.add", f"staff {name}", role=role)
    return made


async def everyone(session: AsyncSession) -> list[Staff]:
    """Return all accounts by name."""
    return list(await session.scalars(select(Staff).order_by(Staff.name)))


async def actor(session: AsyncSession, name: str) -> str:
    """Return who acts, for the audit: the system, or an account by its name.

    Raises:
        StaffError: the account is unknown or disabled.

    """
    if name == audit.SYSTEM:
        return name
    return (await require(session, name, frozenset(STAFF_ROLES))).name


def can_approve(accounts: Iterable[Staff]) -> bool:
    """Say whether among these someone may write and another may approve."""
    roles = [account.role for account in accounts if not account.disabled]
    writers = sum(role in WRITERS for role in roles)
    return writers > 1 and any(role in APPROVERS for role in roles)


async def disable(session: AsyncSession, name: str, now: datetime, by: str) -> None:
    """Take an account's rights and its Telegram away; what it did stays in the audit.

    Raises:
        StaffError: there is no such account.

    """
    account = await _known(session, name)
    account.disabled, account.chat, account.link = True, None, None
    audit.note(session, now, by, "staff.disable", f"staff {account.name}")


async def require(session: AsyncSession, name: str, allowed: frozenset[str]) -> Staff:
    """Return an account that may do what these roles may.

    Raises:
        StaffError: it is unknown, disabled, or of another role.

    """
    account = await _known(session, name)
    if account.disabled:
        raise StaffError("staff_disabled", name=account.name)
    if account.role not in allowed:
        raise StaffError(
            "staff_not_allowed", name=account.name, role=account.role, allowed=sorted(allowed)
        )
    return account


async def make_link(session: AsyncSession, name: str, now: datetime, by: str = audit.SYSTEM) -> str:
    """Return the token of a new link for an account; an earlier link of it is void.

    Only the token's hash is kept.

    Raises:
        StaffError: the account is unknown or disabled.

    """
    staff = await require(session, name, frozenset(STAFF_ROLES))
    token = secrets.token_urlsafe(32)
    staff.link, staff.link_until = _hash(token), now + _LINK_LASTS
    audit.note(session, now, by, "staff.link", f"staff {staff.name}")
    return token


async def take_link(session: AsyncSession, token: str, chat: str, now: datetime) -> Staff:
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


async def _known(session: AsyncSession, name: str) -> Staff:
    account = await _named(session, plain_name(name))
    if account is None:
        near = [one.name for one in await everyone(session) if folded(one.name) == folded(name)]
        raise StaffError("staff_unknown", name=name, near=near)
    return account


async def _named(session: AsyncSession, name: str) -> Staff | None:
    return await session.scalar(select(Staff).where(Staff.name == name))


async def _use_up(session: AsyncSession, staff: Staff) -> None:
    """Take the link away, once only though two take it at a time."""
    mine = update(Staff).where(Staff.id == staff.id, Staff.link == staff.link)
    used = await session.execute(mine.values(link=None).returning(Staff.id))
    if used.first() is None:
        raise StaffError("staff_link_used")


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
