"""Accounts of staff, and the links that tie a chat to one."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession

from services.errors import StaffError
from services.settings import Settings
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


@pytest.fixture
async def an(session: AsyncSession) -> Staff:
    """Return an account."""
    return await account.add(session, "An", "author", NOON, audit.SYSTEM)


async def test_link_ties_a_chat_to_its_account(session: AsyncSession, an: Staff) -> None:
    """Once; the token itself is kept nowhere."""
    token = await account.make_link(session, "An", NOON)
    kept = an.link

    taken = await account.take_link(session, token, "77", NOON + timedelta(hours=23))

    assert token not in str(kept)
    assert (taken, an.chat, an.link) == (an, "77", None)
    assert await account.of_chat(session, "77") is an
    assert [entry.did for entry in await audit.entries(session, "staff An")] == [
        "staff.add",
        "staff.link",
        "staff.linked",
    ]


@pytest.mark.usefixtures("an")
async def test_link_is_used_once(session: AsyncSession) -> None:
    """Whoever finds it later is nobody."""
    token = await account.make_link(session, "An", NOON)
    await account.take_link(session, token, "77", NOON)

    with pytest.raises(StaffError, match="đã dùng"):
        await account.take_link(session, token, "78", NOON)


@pytest.mark.usefixtures("an")
async def test_link_lapses_after_a_day(session: AsyncSession) -> None:
    """And an earlier one with the next."""
    first = await account.make_link(session, "An", NOON)
    second = await account.make_link(session, "An", NOON)

    for token, hours in ((first, 1), (second, 25), ("bịa", 1)):
        with pytest.raises(StaffError, match="quá 24 giờ"):
            await account.take_link(session, token, "77", NOON + timedelta(hours=hours))


async def test_chat_belongs_to_one_account(session: AsyncSession, an: Staff) -> None:
    """Another's link is refused there and stays good; one's own may be taken again."""
    await account.add(session, "Bình", "approver", NOON, audit.SYSTEM)
    await account.take_link(session, await account.make_link(session, "An", NOON), "77", NOON)
    other = await account.make_link(session, "Bình", NOON)

    with pytest.raises(StaffError, match="“An”"):
        await account.take_link(session, other, "77", NOON)
    await account.take_link(session, other, "78", NOON)
    await account.take_link(session, await account.make_link(session, "An", NOON), "79", NOON)

    assert an.chat == "79"
    assert await account.of_chat(session, "77") is None


@pytest.mark.usefixtures("an")
async def test_disabled_account_has_no_link_and_no_chat(session: AsyncSession) -> None:
    """Neither the old link nor a new one opens anything."""
    await account.take_link(session, await account.make_link(session, "An", NOON), "77", NOON)
    token = await account.make_link(session, "An", NOON)
    await account.disable(session, "An", NOON, audit.SYSTEM)

    assert await account.of_chat(session, "77") is None
    with pytest.raises(StaffError, match="sai"):
        await account.take_link(session, token, "78", NOON)
    with pytest.raises(StaffError, match="bị khóa"):
        await account.make_link(session, "An", NOON)


@pytest.mark.usefixtures("an")
async def test_two_at_a_time_take_it_once(session: AsyncSession, settings: Settings) -> None:
    """Who read the link just before another used it up is refused."""
    token = await account.make_link(session, "An", NOON)
    await session.commit()

    def use_first(*executed: Any) -> None:
        if executed[2].startswith("UPDATE staff"):
            with closing(sqlite3.connect(str(settings.sqlite_path))) as other, other:
                other.execute("UPDATE staff SET link = NULL, chat = '78'")

    event.listen(session.get_bind(), "before_cursor_execute", use_first)
    with pytest.raises(StaffError, match="vừa được dùng"):
        await account.take_link(session, token, "77", NOON)
