"""Signing in to the console: links good once, and the sessions that they begin.

A session ends after half an hour in which its person did nothing, after twelve hours in all, when
its account is disabled or given another role, and when somebody ends it. What the browser holds is
kept as a hash alone (https://cheatsheetseries.owasp.org, Session Management).
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.errors import StaffError
from services.staff import account, audit, guesses, passkey, uploaded_list
from services.storage.models import SignInLink, Staff, StaffSession

IDLE = timedelta(minutes=30)
"""Without a step of its person a session ends."""
IN_ALL = timedelta(hours=12)
"""However busy its person is, a session ends."""
PROVED_FOR = timedelta(minutes=10)
"""How long after proving who they are somebody may do what needs a fresh sign-in."""
LINK_LASTS = timedelta(minutes=5)
_TOUCHED = timedelta(minutes=1)
"""Within it a step is not noted again: not every page costs a write."""
_LONGEST_AGENT = 200


async def make_link(session: AsyncSession, name: str, now: datetime, by: str) -> str:
    """Return the token of a new link that signs an account in once, within `LINK_LASTS`.

    Raises:
        StaffError: the account is unknown or disabled.

    """
    staff = await account.require(session, name, frozenset(account.STAFF_ROLES))
    token = secrets.token_urlsafe(32)
    session.add(SignInLink(token=_hash(token), staff_id=staff.id, until=now + LINK_LASTS))
    audit.note(session, now, by, "staff.session", f"staff {staff.name}")
    return token


async def open_link(session: AsyncSession, token: str, now: datetime) -> Staff:
    """Use a link up; return the account that it signs in.

    Raises:
        StaffError: the link is unknown, used or lapsed, or its account is disabled.

    """
    used = await session.execute(
        delete(SignInLink)
        .where(SignInLink.token == _hash(token), SignInLink.until > now)
        .returning(SignInLink.staff_id)
    )
    # One DELETE decides it: of two browsers that open a link at once one gets the row.
    staff = await session.get(Staff, used.scalar_one_or_none() or 0)
    if staff is None or staff.disabled:
        raise StaffError("sign_in_link_gone")
    return staff


async def begin(session: AsyncSession, staff: Staff, how: str, agent: str, now: datetime) -> str:
    """Begin a session of an account; return the token that its browser shall hold."""
    token = secrets.token_urlsafe(32)
    session.add(
        StaffSession(
            token=_hash(token),
            staff_id=staff.id,
            role=staff.role,
            how=how,
            began_at=now,
            seen_at=now,
            proved_at=now,
            agent=agent[:_LONGEST_AGENT],
        )
    )
    audit.note(session, now, staff.name, "staff.sign-in", f"staff {staff.name}", how=how)
    return token


async def find(session: AsyncSession, token: str, now: datetime) -> StaffSession | None:
    """Return the session that a browser holds, its account with it; None where it has ended."""
    query = select(StaffSession).join(StaffSession.staff)
    return await session.scalar(query.where(StaffSession.token == _hash(token), *lives(now)))


async def renew(session: AsyncSession, signed: StaffSession, how: str, now: datetime) -> str:
    """Note that its person proved who they are; return the token that its browser shall hold now.

    What the browser held before opens nothing: whoever has a copy gains nothing by the proof.
    """
    token, name = secrets.token_urlsafe(32), signed.staff.name
    signed.token, signed.proved_at, signed.seen_at, signed.how = _hash(token), now, now, how
    audit.note(session, now, name, "staff.proved", f"staff {name}", how=how)
    return token


def touch(signed: StaffSession, now: datetime) -> None:
    """Note that its person did something: half an hour begins anew."""
    if now - signed.seen_at >= _TOUCHED:
        signed.seen_at = now


def is_fresh(signed: StaffSession, now: datetime) -> bool:
    """Say whether its person proved a moment ago who they are."""
    return now - signed.proved_at < PROVED_FOR


async def of_account(session: AsyncSession, staff: Staff, now: datetime) -> list[StaffSession]:
    """Return the sessions of an account that live, the last seen first."""
    query = select(StaffSession).join(StaffSession.staff)
    query = query.where(StaffSession.staff_id == staff.id, *lives(now))
    return list(await session.scalars(query.order_by(StaffSession.seen_at.desc())))


async def end(
    session: AsyncSession, staff: Staff, now: datetime, *, only: int = 0, but: int = 0
) -> int:
    """End an account's sessions: one alone, all but one, or all; return how many ended."""
    rule = update(StaffSession).where(
        StaffSession.staff_id == staff.id, StaffSession.ended_at.is_(None)
    )
    if only:
        rule = rule.where(StaffSession.id == only)
    ended = await session.execute(
        rule.where(StaffSession.id != but).values(ended_at=now).returning(StaffSession.id)
    )
    return len(ended.all())


async def end_old(session: AsyncSession, now: datetime) -> int:
    """Drop the sessions that have ended and the links that lapsed; return how many sessions."""
    await session.execute(delete(SignInLink).where(SignInLink.until <= now))
    over = or_(
        StaffSession.ended_at.is_not(None),
        StaffSession.seen_at <= now - IDLE,
        StaffSession.began_at <= now - IN_ALL,
    )
    await guesses.end_old(session, now)
    await passkey.end_old(session, now)
    await uploaded_list.end_old(session, now)
    gone = await session.execute(delete(StaffSession).where(over).returning(StaffSession.id))
    return len(gone.all())


def lives(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return what holds of a session that has not ended, its account joined to it."""
    return (
        StaffSession.ended_at.is_(None),
        StaffSession.seen_at > now - IDLE,
        StaffSession.began_at > now - IN_ALL,
        StaffSession.role == Staff.role,
        ~Staff.disabled,
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
