"""Passkeys: of one account, for one site, each signature once, by whom the device knows."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from services.errors import StaffError
from services.staff import account, passkey
from services.staff.keys import StaffKeys
from services.staff.passkey import Site
from services.storage.models import Staff
from services.storage.session import Sessions, make_engine, make_sessions
from tests.conftest import NOON
from tests.doubles.authenticator import Authenticator

SITE = Site.of("http://localhost:8000", StaffKeys(("khóa",)))
EVIL = "http://localhost.xau.test:8000"


@pytest.fixture
def database_url(any_database: str) -> str:
    """Return each database in turn."""
    return any_database


@pytest.fixture
async def sessions(migrated: object, database_url: str) -> AsyncIterator[Sessions]:
    """Return sessions on it, an account there."""
    assert migrated
    engine = make_engine(database_url)
    made = make_sessions(engine)
    async with made.begin() as session:
        for name in ("Lan", "Minh"):
            await account.add(session, name, "agent", NOON, "system")
    yield made
    await engine.dispose()


async def lan(session: AsyncSession, name: str = "Lan") -> Staff:
    """Return an account."""
    return await account.require(session, name, frozenset({"agent"}))


async def equipped(sessions: Sessions, device: Authenticator) -> None:
    """Have a device hold a passkey of the account."""
    async with sessions.begin() as session:
        staff = await lan(session)
        asked = await passkey.ask_to_add(session, staff, SITE, NOON)
        await passkey.add(session, staff, device.make(asked), SITE, NOON)


async def enter(
    sessions: Sessions, answer: str, signed_in: str = "", later: timedelta = timedelta()
) -> str:
    """Show an answer as the sign-in page does; return whose account it opened."""
    async with sessions() as session:
        staff = await lan(session, signed_in) if signed_in else None
    async with sessions.begin() as session:
        await passkey.use_up_signing(session, answer, SITE, NOON + later, staff)
    async with sessions.begin() as session:
        return (await passkey.check(session, answer, SITE, NOON + later, staff)).name


async def test_a_signature_is_good_once(sessions: Sessions) -> None:
    """It opens the account; shown again by whoever saw it, it opens nothing."""
    device = Authenticator()
    await equipped(sessions, device)
    answer = device.sign(passkey.ask_to_sign(SITE, NOON))

    assert await enter(sessions, answer) == "Lan"
    with pytest.raises(StaffError, match="chưa được nhận"):
        await enter(sessions, answer)


@pytest.mark.parametrize(
    "change", [{"knows": False}, {"origin": EVIL}, {"host": "xau.test"}], ids=str
)
async def test_what_was_not_signed_for_us_is_refused(
    sessions: Sessions, change: dict[str, object]
) -> None:
    """By a device that knows nobody, or on another site: neither made nor signed."""
    device = Authenticator()
    await equipped(sessions, device)
    for name, value in change.items():
        setattr(device, name, value)
    with pytest.raises(StaffError, match="chưa được nhận"):
        await enter(sessions, device.sign(passkey.ask_to_sign(SITE, NOON)))

    other = Authenticator(**change)  # type: ignore[arg-type]  # because each is of its field's type
    with pytest.raises(StaffError, match="chưa được nhận"):
        await equipped(sessions, other)


async def test_a_challenge_lapses_and_has_one_purpose(sessions: Sessions) -> None:
    """After five minutes it is void; what was asked for one thing is good for no other."""
    device = Authenticator()
    await equipped(sessions, device)
    async with sessions() as session:
        mine, other = await lan(session), await lan(session, "Minh")
    entering = device.sign(passkey.ask_to_sign(SITE, NOON))
    proving = device.sign(passkey.ask_to_sign(SITE, NOON, mine))
    foreign = device.sign(passkey.ask_to_sign(SITE, NOON, other))
    forged = device.sign('{"challenge": "' + "A" * 75 + '"}')

    for answer, signed_in, later in (
        (entering, "", passkey.LASTS),
        (entering, "Lan", timedelta()),
        (proving, "", timedelta()),
        (foreign, "Minh", timedelta()),
        (forged, "", timedelta()),
        ("{", "", timedelta()),
        ("[]", "", timedelta()),
    ):
        with pytest.raises(StaffError, match="chưa được nhận"):
            await enter(sessions, answer, signed_in, later)
    assert await enter(sessions, proving, "Lan") == "Lan"


async def test_a_copied_key_is_noticed(sessions: Sessions) -> None:
    """A device that counts must count on; one that never counts always says nought."""
    device = Authenticator(counter=5)
    await equipped(sessions, device)
    device.counter = 6
    assert await enter(sessions, device.sign(passkey.ask_to_sign(SITE, NOON))) == "Lan"
    for counter in (6, 5, 0):
        device.counter = counter
        with pytest.raises(StaffError, match="chưa được nhận"):
            await enter(sessions, device.sign(passkey.ask_to_sign(SITE, NOON)))


async def test_who_is_disabled_or_unknown_stays_out(sessions: Sessions) -> None:
    """Whatever their device signs; a key that is kept already is not kept twice."""
    device = Authenticator()
    await equipped(sessions, device)
    with pytest.raises(StaffError, match="đã có rồi"):
        await equipped(sessions, device)
    with pytest.raises(StaffError, match="chưa được nhận"):
        await enter(sessions, Authenticator().sign(passkey.ask_to_sign(SITE, NOON)))
    async with sessions.begin() as session:
        await account.disable(session, "Lan", NOON, "system")
    with pytest.raises(StaffError, match="chưa được nhận"):
        await enter(sessions, device.sign(passkey.ask_to_sign(SITE, NOON)))
