"""Links to a dossier: one to look at it, until it is ended; one by which another takes it, once.

Each is a random secret of 192 bits that is told once; the database has its hash alone. A new link
ends the one before, and a dossier that is taken has none left.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import Select, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.dossiers.dossiers import require_room
from services.dossiers.reminded import let_go
from services.storage.models import Chat, Dossier

SHOWN_FOR = timedelta(days=30)
GIVEN_FOR = timedelta(days=7)
_SECRET_BYTES = 24


async def share(session: AsyncSession, dossier: Dossier, now: datetime) -> str:
    """Return a secret by which anybody may look at a dossier for thirty days."""
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    await _set(session, dossier, shown_hash=_hash(secret), shown_until=now + SHOWN_FOR)
    return secret


async def end_sharing(session: AsyncSession, dossier: Dossier) -> None:
    """Have the link lead nowhere from now on."""
    await _set(session, dossier, shown_hash=None, shown_until=None)


async def shared(session: AsyncSession, secret: str, now: datetime) -> Dossier | None:
    """Return the dossier to which a link leads; None where it leads nowhere any more."""
    open_still = Dossier.shown_hash == _hash(secret), Dossier.shown_until > now
    return (await session.scalars(select(Dossier).where(*open_still))).one_or_none()


async def give(session: AsyncSession, dossier: Dossier, now: datetime) -> str:
    """Return a secret by which another may take a dossier within a week: its owner's yes."""
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    await _set(session, dossier, given_hash=_hash(secret), given_until=now + GIVEN_FOR)
    return secret


async def take_back(session: AsyncSession, dossier: Dossier) -> None:
    """Let nobody take a dossier any more."""
    await _set(session, dossier, given_hash=None, given_until=None)


async def given(session: AsyncSession, secret: str, now: datetime) -> Dossier | None:
    """Return the dossier that a link offers; None where it offers none any more."""
    return (await session.scalars(_offered(secret, now))).one_or_none()


async def take(session: AsyncSession, secret: str, chat: Chat, now: datetime) -> Dossier | None:
    """Let a conversation have the dossier that a link offers, once; None where it offers none.

    Whoever had it has it no longer, nor its reminders, and its links lead nowhere. Who takes their
    own has it as before.

    Raises:
        ToolError: the conversation has as many as it may have.

    """
    taken = (await session.scalars(_offered(secret, now))).one_or_none()
    if taken is None:
        return None
    channel, key = chat
    others = (taken.channel, taken.key) != chat
    if others:
        await require_room(session, chat)
    # The first of two who press at a time ends the link; the second finds it ended, on SQLite too,
    # where nothing read is locked.
    ended = {"shown_hash": None, "shown_until": None, "given_hash": None, "given_until": None}
    mine = update(Dossier).where(Dossier.id == taken.id, Dossier.given_hash == _hash(secret))
    if await session.scalar(mine.values(**ended).returning(Dossier.id)) is None:
        return None
    if others:
        await let_go(session, taken)
    await _set(session, taken, channel=channel, key=key)
    return taken


def _offered(secret: str, now: datetime) -> Select[Dossier]:
    return select(Dossier).where(Dossier.given_hash == _hash(secret), Dossier.given_until > now)


async def _set(session: AsyncSession, dossier: Dossier, **values: object) -> None:
    await session.execute(update(Dossier).where(Dossier.id == dossier.id).values(**values))
    await session.refresh(dossier)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
