"""Accounts of staff: who they are, and what two of them may do."""

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from services.errors import StaffError
from services.staff import account, audit
from services.storage.models import Staff
from tests.conftest import NOON


def staff(*roles: str, disabled: bool = False) -> list[Staff]:
    return [Staff(name=role, role=role, created_at=NOON, disabled=disabled) for role in roles]


@pytest.mark.parametrize(
    ("accounts", "ready"),
    [
        (staff("author", "approver"), True),
        (staff("approver", "admin"), True),
        (staff("author", "author"), False),
        (staff("admin"), False),
        (staff("approver", "agent"), False),
        ([*staff("author"), *staff("approver", disabled=True)], False),
        ([], False),
    ],
)
def test_two_people_stand_behind_an_announcement(accounts: list[Staff], *, ready: bool) -> None:
    """One who may write and another who may approve."""
    assert account.can_approve(accounts) is ready


async def test_who_acts_is_known(session: AsyncSession) -> None:
    """The system, or an account that is not disabled."""
    await account.add(session, "An", "content", NOON, audit.SYSTEM)

    assert await account.actor(session, "system") == "system"
    assert await account.actor(session, " An ") == "An"
    with pytest.raises(StaffError, match="Chưa có cán bộ"):
        await account.actor(session, "Bình")


@pytest.mark.parametrize("name", ["", "system", "a" * 51])
async def test_name_that_cannot_be_kept_is_refused(session: AsyncSession, name: str) -> None:
    """The audit must hold it, and tell it from the system's."""
    with pytest.raises(StaffError, match="Tên cán bộ"):
        await account.add(session, name, "author", NOON, audit.SYSTEM)
