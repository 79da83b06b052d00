"""Guessing is slowed, never locked: by the account that is guessed at, and by the address.

A browser that is known for the account's is counted apart from all others.

After a few wrong tries each further one must wait, twice as long as the one before, up to a
quarter of an hour: who forgot a password gets in after a break, who tries a list gets a hundred a
day. A try is counted before it is looked at: a hundred at once are a hundred.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.errors import StaffError
from services.staff.keys import StaffKeys
from services.storage.dialects import insert
from services.storage.models import SignInTry

OF_ACCOUNT = 5
"""Wrong tries at an account before the next must wait."""
OF_ADDRESS = 30
"""Wrong tries from an address before the next must wait: a whole office may share one."""
_FIRST_WAIT = timedelta(seconds=15)
_LONGEST_WAIT = timedelta(minutes=15)
_FORGOTTEN = timedelta(days=1)
"""So long after the last wrong try all begins anew."""


@dataclass(frozen=True)
class Target:
    """What is guessed at."""

    name: str
    browser: str = ""
    """The number of a browser that is known for the account's; nothing for any other."""


async def begin(
    session: AsyncSession,
    keys: StaffKeys,
    target: Target | None,
    places: Sequence[str],
    now: datetime,
) -> None:
    """Count a try at an account and from an address, before it is known whether it is right.

    The caller commits it before it looks at what was typed. A try by a passkey names no account.

    Raises:
        StaffError: nothing more is tried yet; nothing was counted.

    """
    bounds = _bounds(keys, target, places)
    for key in sorted(bounds):  # in one order: two who wait for each other's rows would not end
        await _count(session, key, bounds[key], now)


async def was_right(
    session: AsyncSession, keys: StaffKeys, target: Target | None, places: Sequence[str]
) -> None:
    """Forget the wrong tries at an account, and of those from the address the one that was none."""
    mine = _account(keys, target) if target else ""
    for key in sorted(_bounds(keys, target, places)):
        if key == mine:
            await session.execute(delete(SignInTry).where(SignInTry.key == key))
        else:
            fewer = func.coalesce(case((SignInTry.wrong > 0, SignInTry.wrong - 1), else_=0), 0)
            await session.execute(update(SignInTry).where(SignInTry.key == key).values(wrong=fewer))


async def end_old(session: AsyncSession, now: datetime) -> None:
    """Drop what is forgotten."""
    await session.execute(delete(SignInTry).where(SignInTry.at <= now - _FORGOTTEN))


def _bounds(keys: StaffKeys, target: Target | None, places: Sequence[str]) -> dict[str, int]:
    bounds = {keys.hash("guess from", place): OF_ADDRESS for place in places}
    return bounds | ({_account(keys, target): OF_ACCOUNT} if target else {})


def _account(keys: StaffKeys, target: Target) -> str:
    return keys.hash("guess at", f"{target.name.casefold()} {target.browser}".rstrip())


async def _count(session: AsyncSession, key: str, free: int, now: datetime) -> None:
    none = insert(session, SignInTry).values(key=key, wrong=0, at=now, free_at=now)
    await session.execute(none.on_conflict_do_nothing())
    wrong = case((SignInTry.at <= now - _FORGOTTEN, 1), else_=SignInTry.wrong + 1)
    counted = await session.execute(
        update(SignInTry)
        .where(SignInTry.key == key, SignInTry.free_at <= now)
        .values(wrong=wrong, at=now)
        .returning(SignInTry.wrong)
    )
    tries = counted.scalar_one_or_none()
    if tries is None:
        free_at = await session.scalar(select(SignInTry.free_at).where(SignInTry.key == key)) or now
        raise StaffError("sign_in_slow", wait=_in_words(free_at - now))
    if tries >= free:
        wait = min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** min(tries - free, 10))
        await session.execute(
            update(SignInTry).where(SignInTry.key == key).values(free_at=now + wait)
        )


def _in_words(wait: timedelta) -> str:
    seconds = max(1, round(wait.total_seconds()))
    return f"{seconds} giây" if seconds < 60 else f"{-(-seconds // 60)} phút"  # noqa: PLR2004  # because a minute has sixty
