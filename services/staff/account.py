"""Accounts of staff: who may write, approve, and keep the rest; from which chat, in `link`."""

import unicodedata
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal, get_args

from sqlalchemy import func, or_, select, true, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from services.conversation.plain import folded
from services.errors import StaffError
from services.staff import audit
from services.storage.models import Staff, StaffSession
from services.storage.session import alone

StaffRole = Literal["author", "approver", "agent", "content", "admin"]
STAFF_ROLES: tuple[StaffRole, ...] = get_args(StaffRole)
WRITERS: frozenset[str] = frozenset({"author", "approver", "admin"})
"""Who may draft, rehearse, send, pause, resume and cancel."""
APPROVERS: frozenset[str] = frozenset({"approver", "admin"})
"""Who may approve what another person wrote."""
AGENTS: frozenset[str] = frozenset({"agent", "admin"})
"""Who may answer people."""
_LONGEST = 50
"""Characters of a name; the audit tells what was done to it in 64."""


def plain_name(name: str) -> str:
    """Return a name as it is kept: spaces around it make nobody another person.

    Nor does the way a keyboard puts a letter and its mark together, nor what nobody sees.
    """
    seen = "".join(sign for sign in name if unicodedata.category(sign) != "Cf")
    return _composed(seen)


def _composed(name: str) -> str:
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


async def administrators(session: AsyncSession) -> list[Staff]:
    """Return the administrators whose Telegram is linked."""
    query = select(Staff).where(Staff.role == "admin", ~Staff.disabled, Staff.chat.is_not(None))
    return list(await session.scalars(query))


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


async def disable(session: AsyncSession, name: str, now: datetime, by: str) -> Staff:
    """Take an account's rights and its Telegram away; what it did stays in the audit.

    Raises:
        StaffError: there is no such account, or it is the last administrator's.

    """
    account = await _known(session, name)
    if account.disabled:
        return account
    await _change(session, account, now, disabled=True, chat=None, link=None, link_code=None)
    account.linked_at = None
    audit.note(session, now, by, "staff.disable", f"staff {account.name}")
    return account


async def change_role(session: AsyncSession, name: str, role: str, now: datetime, by: str) -> Staff:
    """Give an account another role; its sessions end.

    Raises:
        StaffError: the account is unknown, disabled, or the last administrator's; or there is no
            such role.

    """
    if role not in STAFF_ROLES:
        raise StaffError("staff_role_unknown", role=role, roles=STAFF_ROLES)
    account = await require(session, name, frozenset(STAFF_ROLES))
    before = account.role
    if before == role:
        return account
    await _change(session, account, now, role=role)
    audit.note(session, now, by, "staff.role", f"staff {account.name}", before=before, after=role)
    return account


async def _change(session: AsyncSession, account: Staff, now: datetime, **values: Any) -> None:
    """Change a row unless no administrator were left, and end the account's sessions.

    One UPDATE decides it in SQLite; in PostgreSQL, where each of two would count the other, they
    come one after the other.
    """
    await alone(session, "administrators")
    others = aliased(Staff)
    left = select(func.count(others.id)).where(
        others.role == "admin", ~others.disabled, others.id != account.id
    )
    spared = or_(Staff.role != "admin", left.scalar_subquery() > 0)
    if values.get("role") == "admin":
        spared = true()
    changed = await session.execute(
        update(Staff).where(Staff.id == account.id, spared).values(**values).returning(Staff.id)
    )
    if changed.first() is None:
        raise StaffError("staff_last_admin", name=account.name)
    await session.refresh(account)
    ended = update(StaffSession).where(StaffSession.staff_id == account.id)
    await session.execute(ended.where(StaffSession.ended_at.is_(None)).values(ended_at=now))


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


async def may(session: AsyncSession, name: str, allowed: frozenset[str]) -> bool:
    """Say whether an account may do what these roles may."""
    try:
        await require(session, name, allowed)
    except StaffError:
        return False
    return True


async def of_chat(session: AsyncSession, chat: str) -> Staff | None:
    """Return whose Telegram chat this is; None for nobody's and for a disabled account's."""
    return await session.scalar(select(Staff).where(Staff.chat == chat, ~Staff.disabled))


async def _known(session: AsyncSession, name: str) -> Staff:
    # The first releases let signs stand in a name that nobody sees: that account is its own.
    account = await _named(session, _composed(name)) or await _named(session, plain_name(name))
    if account is None:
        near = [one.name for one in await everyone(session) if folded(one.name) == folded(name)]
        raise StaffError("staff_unknown", name=name, near=near)
    return account


async def _named(session: AsyncSession, name: str) -> Staff | None:
    return await session.scalar(select(Staff).where(Staff.name == name))
