"""The audit: who did what. Rows are added alone; the database refuses anything else."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.storage.models import Audit

SYSTEM = "system"
"""Who acts when nobody is named."""
PAGE = 25
_LOGIN: ContextVar[str] = ContextVar("login", default="")


@contextmanager
def from_shell_of(login: str) -> Iterator[None]:
    """Note beside everything that is done in the block by whose login it was.

    At a shell anybody may act in any name: what the machine knows of them is no claim.
    """
    token = _LOGIN.set(login)
    try:
        yield
    finally:
        _LOGIN.reset(token)


def note(
    session: AsyncSession, now: datetime, who: str, did: str, about: str = "", **numbers: Any
) -> None:
    """Add a row; `numbers` are counts, hashes, logins, never anything of a citizen."""
    if login := _LOGIN.get():
        numbers["login"] = login
    session.add(Audit(at=now, who=who, did=did, about=about, note=numbers))


async def entries(session: AsyncSession, about: str = "") -> list[Audit]:
    """Return the rows about something, or all, the oldest first."""
    query = select(Audit).order_by(Audit.id)
    return list(await session.scalars(query.where(Audit.about == about) if about else query))


async def page(
    session: AsyncSession, *, who: str = "", did: str = "", about: str = "", before: int = 0
) -> list[Audit]:
    """Return a page of rows, the newest first, and one more where there is another page.

    `did` is an act or a kind of acts, `about` how what it is about begins, unless it ends in a
    number; `before` is the number of the row that the page follows.
    """
    query = select(Audit).order_by(Audit.id.desc()).limit(PAGE + 1)
    if who:
        query = query.where(Audit.who == who)
    if did:
        of_kind = Audit.did.startswith(f"{did}.", autoescape=True)
        query = query.where(or_(Audit.did == did, of_kind))
    if about:
        begins = Audit.about.startswith(about, autoescape=True)
        query = query.where(Audit.about == about if about[-1].isdecimal() else begins)
    if before:
        query = query.where(Audit.id < before)
    return list(await session.scalars(query))
