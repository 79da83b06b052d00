"""The roster: all accounts of staff with what an administrator wants to know of each."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.staff import audit, sign_in
from services.storage.models import (
    Passkey,
    RecoveryCode,
    SignInLink,
    Staff,
    StaffPassword,
    StaffSession,
)


@dataclass(frozen=True)
class Member:
    """An account."""

    staff: Staff
    password: bool
    """Whether a password with a code opens it."""
    passkeys: int
    sessions: int
    """In how many places it is signed in now."""


async def members(session: AsyncSession, now: datetime) -> Sequence[Member]:
    """Return all accounts, those in use first, by name."""
    keys = Counter(await session.scalars(select(Passkey.staff_id)))
    lives = select(StaffSession.staff_id).join(StaffSession.staff).where(*sign_in.lives(now))
    places = Counter(await session.scalars(lives))
    ready = select(StaffPassword.staff_id).where(StaffPassword.secret != "")
    passwords = set(await session.scalars(ready))
    everyone = await session.scalars(select(Staff).order_by(Staff.disabled, Staff.name))
    return [Member(one, one.id in passwords, keys[one.id], places[one.id]) for one in everyone]


async def find(session: AsyncSession, number: int) -> Staff | None:
    """Return the account of a number."""
    return await session.get(Staff, number)


async def reset(session: AsyncSession, staff: Staff, now: datetime, by: str) -> None:
    """Void all ways of an account and end its sessions, as after a phone was stolen.

    It signs in next by a link.
    """
    for table in (Passkey, RecoveryCode, StaffPassword, SignInLink):
        await session.execute(delete(table).where(table.staff_id == staff.id))
    await sign_in.end(session, staff, now)
    audit.note(session, now, by, "staff.reset", f"staff {staff.name}")
