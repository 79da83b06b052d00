"""What is stopped for everybody, and who stays an administrator, on both databases."""

import asyncio
from collections.abc import AsyncIterator

import pyotp
import pytest
from sqlalchemy import select

from services.errors import StaffError
from services.staff import account, audit, password, sign_in, stops
from services.staff.keys import StaffKeys
from services.storage.models import Audit, Staff, StaffPassword, StaffSession
from services.storage.session import Sessions, make_engine, make_sessions
from tests.conftest import NOON

KEYS = StaffKeys(("khóa",))


@pytest.fixture
def database_url(any_database: str) -> str:
    """Return each database in turn."""
    return any_database


@pytest.fixture
async def sessions(migrated: object, database_url: str) -> AsyncIterator[Sessions]:
    """Return sessions on it."""
    assert migrated
    engine = make_engine(database_url)
    yield make_sessions(engine)
    await engine.dispose()


async def test_one_of_a_hundred_stops(sessions: Sessions) -> None:
    """The others hear that it is stopped already; the audit has one row of it, and who resumed."""

    async def press(number: int) -> bool:
        async with sessions.begin() as session:
            return await stops.stop(session, "answers", f"Câu {number}", NOON, f"Cán bộ {number}")

    done = await asyncio.gather(*(press(number) for number in range(100)))
    async with sessions.begin() as session:
        stopped = await stops.find(session, "answers")
        assert stopped is not None
        by = stopped.by
        assert await stops.find(session, "sending") is None
        assert await stops.resume(session, "answers", NOON, "Lan")
    async with sessions.begin() as session:
        assert not await stops.resume(session, "answers", NOON, "Lan")
        rows = await audit.entries(session, "answers")

    assert sum(done) == 1
    assert [(row.did, row.who) for row in rows] == [("stop", by), ("resume", "Lan")]


@pytest.mark.parametrize("sentence", ["", "  ", "dài " * 200])
async def test_citizens_are_told_something_short(sessions: Sessions, sentence: str) -> None:
    """Answers are not stopped without a word, nor with a letter."""
    async with sessions() as session:
        with pytest.raises(StaffError):
            await stops.stop(session, "answers", sentence, NOON, "Lan")


async def test_an_administrator_is_always_left(sessions: Sessions) -> None:
    """A hundred who give each other another role, or close each other: one stays."""
    names = [f"Quản trị {number}" for number in range(100)]
    async with sessions.begin() as session:
        session.add_all(Staff(name=name, role="admin", created_at=NOON) for name in names)

    async def lower(number: int) -> bool:
        async with sessions.begin() as session:
            try:
                if number % 2:
                    await account.disable(session, names[number], NOON, "system")
                else:
                    await account.change_role(session, names[number], "agent", NOON, "system")
            except StaffError as error:
                refusals.append(error.code)
                return False
        return True

    refusals = list[str]()
    done = await asyncio.gather(*(lower(number) for number in range(100)))
    async with sessions() as session:
        left = await session.scalars(
            select(Staff.name).where(Staff.role == "admin", ~Staff.disabled)
        )
        assert len(list(left)) == 1
    assert (sum(done), refusals) == (99, ["staff_last_admin"])


async def test_another_role_ends_sessions(sessions: Sessions) -> None:
    """Also of one who has the old role again soon; the audit has what was, and what is."""
    async with sessions.begin() as session:
        staff = await account.add(session, "Lan", "agent", NOON, "system")
        await session.flush()
        token = await sign_in.begin(session, staff, "link", "", NOON)
    for role in ("author", "agent"):
        async with sessions.begin() as session:
            await account.change_role(session, "Lan", role, NOON, "Minh")
    async with sessions() as session:
        assert await sign_in.find(session, token, NOON) is None
        changed = await session.scalars(select(Audit).where(Audit.did == "staff.role"))
        notes = [row.note for row in changed]

    assert notes == [{"before": "agent", "after": "author"}, {"before": "author", "after": "agent"}]


async def test_one_of_a_hundred_uses_a_code(sessions: Sessions) -> None:
    """Of a device, and of paper: the others are refused."""
    async with sessions.begin() as session:
        staff = await account.add(session, "Lan", "agent", NOON, "system")
        await session.flush()
        await password.set_(session, staff, "băm", NOON)
        codes = await password.new_recovery_codes(session, staff, KEYS, NOON)
        kept = await session.get_one(StaffPassword, staff.id)
        kept.secret = KEYS.seal("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    device = pyotp.TOTP("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP").at(NOON)

    async def use(code: str) -> bool:
        async with sessions.begin() as session:
            try:
                await password.use_code(session, staff, code, KEYS, NOON)
            except StaffError:
                return False
        return True

    for code in (device, codes[0]):
        used = await asyncio.gather(*(use(code) for _ in range(100)))
        assert sum(used) == 1


async def test_one_of_a_hundred_opens_a_link(sessions: Sessions) -> None:
    """Whoever is first; no session begins for another."""
    async with sessions.begin() as session:
        await account.add(session, "Lan", "agent", NOON, "system")
        link = await sign_in.make_link(session, "Lan", NOON, "system")

    async def enter() -> bool:
        async with sessions.begin() as session:
            try:
                staff = await sign_in.open_link(session, link, NOON)
            except StaffError:
                return False
            await sign_in.begin(session, staff, "link", "", NOON)
        return True

    assert sum(await asyncio.gather(*(enter() for _ in range(100)))) == 1
    async with sessions() as session:
        assert len(list(await session.scalars(select(StaffSession)))) == 1
