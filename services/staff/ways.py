"""The ways by which an account signs in: what it has, and that the last is not dropped."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.errors import StaffError
from services.staff import passkey, password
from services.storage.models import Passkey, Staff, StaffPassword


@dataclass(frozen=True)
class Ways:
    """What an account has."""

    password: StaffPassword | None
    """Also one that opens nothing yet, for want of a device."""
    passkeys: list[Passkey]
    codes: int
    """Codes on paper that are still good."""

    @property
    def by_password(self) -> bool:
        """Whether a password opens the account."""
        return self.password is not None and bool(self.password.secret)

    @property
    def count(self) -> int:
        """In how many ways the account can sign in."""
        return len(self.passkeys) + self.by_password


async def of_account(session: AsyncSession, staff: Staff) -> Ways:
    """Return the ways of an account."""
    return Ways(
        await password.find(session, staff),
        await passkey.of_account(session, staff),
        await password.codes_left(session, staff),
    )


async def drop_password(session: AsyncSession, staff: Staff, now: datetime) -> None:
    """Take the password away.

    Raises:
        StaffError: it is the last way in.

    """
    if not (await of_account(session, staff)).passkeys:
        raise StaffError("way_last")
    await password.drop(session, staff, now)


async def drop_passkey(session: AsyncSession, staff: Staff, number: int, now: datetime) -> None:
    """Take a passkey away.

    Raises:
        StaffError: it is the last way in, or not theirs.

    """
    if (await of_account(session, staff)).count <= 1:
        raise StaffError("way_last")
    await passkey.drop(session, staff, number, now)
