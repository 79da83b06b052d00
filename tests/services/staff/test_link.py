"""Links that tie a chat to an account of staff."""

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession

from services.errors import StaffError
from services.settings import Settings
from services.staff import account, audit, link
from services.storage.models import Staff
from tests.conftest import NOON


async def take(session: AsyncSession, made: link.NewLink, chat: str, now: datetime = NOON) -> Staff:
    """Open a link in a chat and give its code."""
    await link.open_(session, made.token, chat, now)
    return (await link.enter(session, chat, made.code, now)).staff


@pytest.fixture
async def an(session: AsyncSession) -> Staff:
    """Return an account."""
    return await account.add(session, "An", "author", NOON, audit.SYSTEM)


async def test_link_ties_a_chat_to_its_account(session: AsyncSession, an: Staff) -> None:
    """Once; the token itself is kept nowhere."""
    made = await link.make(session, "An", NOON)
    kept = f"{an.link} {an.link_code}"

    taken = await take(session, made, "77", NOON + timedelta(hours=23))

    assert made.token not in kept
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
    token = await link.make(session, "An", NOON)
    await take(session, token, "77")

    with pytest.raises(StaffError, match="đã dùng"):
        await take(session, token, "78")


@pytest.mark.usefixtures("an")
async def test_link_lapses_after_a_day(session: AsyncSession) -> None:
    """And an earlier one with the next."""
    first = await link.make(session, "An", NOON)
    second = await link.make(session, "An", NOON)

    for token, hours in ((first, 1), (second, 25), (link.NewLink("bịa", "000000"), 1)):
        with pytest.raises(StaffError, match="quá 24 giờ"):
            await take(session, token, "77", NOON + timedelta(hours=hours))


async def test_chat_belongs_to_one_account(session: AsyncSession, an: Staff) -> None:
    """Another's link is refused there and stays good; one's own may be taken again."""
    await account.add(session, "Bình", "approver", NOON, audit.SYSTEM)
    await take(session, await link.make(session, "An", NOON), "77")
    other = await link.make(session, "Bình", NOON)

    with pytest.raises(StaffError, match="“An”"):
        await take(session, other, "77")
    await take(session, other, "78")
    await take(session, await link.make(session, "An", NOON), "79")

    assert an.chat == "79"
    assert await account.of_chat(session, "77") is None


@pytest.mark.usefixtures("an")
async def test_disabled_account_has_no_link_and_no_chat(session: AsyncSession) -> None:
    """Neither the old link nor a new one opens anything."""
    await take(session, await link.make(session, "An", NOON), "77")
    token = await link.make(session, "An", NOON)
    await account.disable(session, "An", NOON, audit.SYSTEM)

    assert await account.of_chat(session, "77") is None
    with pytest.raises(StaffError, match="sai"):
        await take(session, token, "78")
    with pytest.raises(StaffError, match="bị khóa"):
        await link.make(session, "An", NOON)


@pytest.mark.usefixtures("an")
async def test_two_at_a_time_take_it_once(session: AsyncSession, settings: Settings) -> None:
    """Who read the link just before another used it up is refused."""
    made = await link.make(session, "An", NOON)
    await link.open_(session, made.token, "77", NOON)
    await session.commit()

    def use_first(*executed: Any) -> None:
        if executed[2].startswith("UPDATE staff"):
            with closing(sqlite3.connect(str(settings.sqlite_path))) as other, other:
                other.execute("UPDATE staff SET link = NULL, chat = '78'")

    event.listen(session.get_bind(), "before_cursor_execute", use_first)
    with pytest.raises(StaffError, match="vừa được dùng"):
        await link.enter(session, "77", made.code, NOON)
