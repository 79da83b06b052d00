"""Passwords of staff, always with a second factor: a code of a device, or one from paper.

Argon2 by the numbers of https://www.rfc-editor.org/rfc/rfc9106 for little memory; codes by
https://www.rfc-editor.org/rfc/rfc6238, each good once.
"""

import secrets
import unicodedata
from datetime import datetime
from functools import cache

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.errors import StaffError
from services.staff import account, audit
from services.staff.keys import StaffKeys
from services.storage.models import RecoveryCode, Staff, StaffPassword

SHORTEST = 12
"""Signs that a password has at least."""
LONGEST = 200
_DIFFERENT = 5
"""Different signs that it has at least."""
_ISSUER = "Trợ lý HTX"
_RECOVERY_CODES = 10
_SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Of codes on paper: none that is read for another."""
_RECOVERY_LENGTH = 16
_STEP = 30
_HASHER = PasswordHasher()


async def find(session: AsyncSession, staff: Staff) -> StaffPassword | None:
    """Return what is kept of an account's password, ready to be used or not yet."""
    return await session.get(StaffPassword, staff.id, populate_existing=True)


async def of_name(session: AsyncSession, name: str) -> tuple[Staff, StaffPassword] | None:
    """Return an account that may sign in with a password, and the password."""
    query = select(Staff, StaffPassword).join(StaffPassword, StaffPassword.staff_id == Staff.id)
    ready = await session.execute(query.where(StaffPassword.secret != "", ~Staff.disabled))
    # Names differ in more than capitals, which phones set by themselves; staff are few.
    found = ((one, kept) for one, kept in ready if account.same_name(one.name, name))
    return next(found, None)


def fits(kept: StaffPassword | None, typed: str) -> bool:
    """Say whether a password is the kept one; it takes a while by design, for nobody's too.

    Call it in a thread, with no session open.
    """
    try:
        return _HASHER.verify(kept.hash if kept else _nobodys(), _plain(typed)) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


async def set_(session: AsyncSession, staff: Staff, hashed: str, now: datetime) -> None:
    """Keep a password, hashed by `hashed`; it opens nothing until a device's code was typed."""
    kept = await find(session, staff)
    if kept is None:
        session.add(StaffPassword(staff_id=staff.id, hash=hashed, set_at=now))
    else:
        kept.hash, kept.set_at = hashed, now
    audit.note(session, now, staff.name, "staff.password", f"staff {staff.name}")


def hashed(staff: Staff, typed: str) -> str:
    """Return the hash of a new password; it takes a while by design.

    Raises:
        StaffError: it is too short, too long or too plain, or holds the account's name.

    """
    plain = _plain(typed)
    weak = len(set(plain)) < _DIFFERENT or staff.name.casefold() in plain.casefold()
    if weak or not SHORTEST <= len(plain) <= LONGEST:
        raise StaffError("password_weak", least=SHORTEST, most=LONGEST)
    return _HASHER.hash(plain)


async def new_device(session: AsyncSession, staff: Staff, keys: StaffKeys) -> None:
    """Make the secret that another device is to hold; the one in use stays until `confirm`."""
    kept = await _kept(session, staff)
    kept.next_secret = keys.seal(pyotp.random_base32())


def address(staff: Staff, kept: StaffPassword, keys: StaffKeys) -> str:
    """Return what a device reads from a picture; nothing where none is to be set up."""
    secret = keys.unseal(kept.next_secret)
    return (
        pyotp.TOTP(secret).provisioning_uri(name=staff.name, issuer_name=_ISSUER) if secret else ""
    )


def typed_secret(kept: StaffPassword, keys: StaffKeys) -> str:
    """Return the secret for a device that reads no pictures, in groups of four."""
    secret = keys.unseal(kept.next_secret)
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


async def confirm(
    session: AsyncSession, staff: Staff, code: str, keys: StaffKeys, now: datetime
) -> list[str]:
    """Take a new device into use by its first code; return new codes for paper.

    Raises:
        StaffError: the code is not the device's.

    """
    kept = await _kept(session, staff)
    step = _step_of(keys.unseal(kept.next_secret), code, now)
    if step is None:
        raise StaffError("code_wrong")
    kept.secret, kept.next_secret, kept.step = kept.next_secret, "", step
    audit.note(session, now, staff.name, "staff.device", f"staff {staff.name}")
    return await new_recovery_codes(session, staff, keys, now)


async def new_recovery_codes(
    session: AsyncSession, staff: Staff, keys: StaffKeys, now: datetime
) -> list[str]:
    """Return ten new codes for paper, each good once; earlier ones are void."""
    await session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == staff.id))
    made = [
        "".join(secrets.choice(_SIGNS) for _ in range(_RECOVERY_LENGTH))
        for _ in range(_RECOVERY_CODES)
    ]
    session.add_all(
        RecoveryCode(hash=keys.hash("recovery", code), staff_id=staff.id) for code in made
    )
    audit.note(session, now, staff.name, "staff.recovery-codes", f"staff {staff.name}")
    return ["-".join(code[at : at + 4] for at in range(0, _RECOVERY_LENGTH, 4)) for code in made]


async def codes_left(session: AsyncSession, staff: Staff) -> int:
    """Return how many codes on paper are still good."""
    mine = select(func.count()).where(RecoveryCode.staff_id == staff.id)
    return await session.scalar(mine) or 0


async def use_code(
    session: AsyncSession, staff: Staff, code: str, keys: StaffKeys, now: datetime
) -> None:
    """Use a second factor up: of two who show the same one gets in.

    Raises:
        StaffError: it is wrong, or was used.

    """
    typed = "".join(sign for sign in code.upper() if sign.isalnum())
    if len(typed) == _RECOVERY_LENGTH:
        return await _use_recovery_code(session, staff, typed, keys, now)
    kept = await _kept(session, staff)
    step = _step_of(keys.unseal(kept.secret), typed, now)
    mine = update(StaffPassword).where(StaffPassword.staff_id == staff.id)
    # One UPDATE decides it, as of two at once both have found the step unused.
    used = await session.execute(
        mine.where(StaffPassword.step < (step or 0))
        .values(step=step)
        .returning(StaffPassword.staff_id)
    )
    if used.first() is None:
        raise StaffError("sign_in_wrong")
    return None


async def drop(session: AsyncSession, staff: Staff, now: datetime) -> None:
    """Take an account's password away, its codes with it."""
    for table in (RecoveryCode, StaffPassword):
        await session.execute(delete(table).where(table.staff_id == staff.id))
    audit.note(session, now, staff.name, "staff.password-dropped", f"staff {staff.name}")


async def _use_recovery_code(
    session: AsyncSession, staff: Staff, code: str, keys: StaffKeys, now: datetime
) -> None:
    mine = delete(RecoveryCode).where(RecoveryCode.staff_id == staff.id)
    used = await session.execute(
        mine.where(RecoveryCode.hash.in_(keys.every_hash("recovery", code))).returning(
            RecoveryCode.hash
        )
    )
    if used.first() is None:
        raise StaffError("sign_in_wrong")
    left = await codes_left(session, staff)
    audit.note(session, now, staff.name, "staff.recovery", f"staff {staff.name}", left=left)


async def _kept(session: AsyncSession, staff: Staff) -> StaffPassword:
    kept = await find(session, staff)
    if kept is None:
        raise StaffError("password_none")
    return kept


def _new_code() -> str:
    return "".join(secrets.choice(_SIGNS) for _ in range(_RECOVERY_LENGTH))


def _step_of(secret: str, code: str, now: datetime) -> int | None:
    """Return of which half minute a code is: this one, or the one before or after it."""
    if not secret:
        return None
    codes, moment = pyotp.TOTP(secret), int(now.timestamp())
    typed = "".join(code.split())
    for step in range(moment // _STEP - 1, moment // _STEP + 2):
        if pyotp.utils.strings_equal(codes.generate_otp(step), typed):
            return step
    return None


@cache
def _nobodys() -> str:
    """Return what is tried where there is no account: it takes as long."""
    return _HASHER.hash(secrets.token_urlsafe(32))


def _plain(typed: str) -> str:
    """Return a password in one spelling, however a keyboard puts a letter and its mark together."""
    return unicodedata.normalize("NFKC", typed)
