"""Signing in with a password and a code, proving anew who one is, and one's own sessions."""

import asyncio
import re
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus

import httpx
import pyotp
import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update

from services.bootstrap import Services
from services.staff import account, audit, known_browsers, password, sign_in
from services.staff.keys import StaffKeys
from services.storage.models import SignInTry, StaffPassword, StaffSession
from tests.bot.console.conftest import SITE, SignIn
from tests.doubles.console import press, token_of
from tests.doubles.web import words

PASSWORD = "lúa chín vàng cánh đồng"
Browser = Callable[[], httpx.AsyncClient]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have passwords be tried at a thousandth of what they cost in earnest."""
    monkeypatch.setattr(password, "_HASHER", PasswordHasher(1, 64, 1))
    password._nobodys.cache_clear()  # noqa: SLF001  # because it was hashed by the other numbers


async def equip(client: httpx.AsyncClient, services: Services) -> tuple[pyotp.TOTP, list[str]]:
    """Set a password and a device up, as its person would; return the device and paper's codes."""
    set_ = await press(client, "/console/me/password", password=PASSWORD)
    assert set_.headers["location"] == "/console/me/device"
    page = words((await client.get("/console/me/device")).text)
    found = re.search(r"gõ khóa: ((?:[A-Z2-7]{4} ?)+)", page)
    assert found
    device = pyotp.TOTP(found[1].replace(" ", ""))
    shown = await press(client, "/console/me/device/confirm", code=_code(device, services))
    codes = re.findall(r"<code>([A-Z2-9-]{19})</code>", shown.text)
    assert len(codes) == 10
    return device, codes


def _code(device: pyotp.TOTP, services: Services, later: int = 0) -> str:
    return device.at(services.now() + timedelta(seconds=30 * later))


async def enter(
    client: httpx.AsyncClient, code: str, name: str = "Lan", typed: str = PASSWORD, to: str = ""
) -> httpx.Response:
    """Send the form of the sign-in page."""
    data = {"name": name, "password": typed, "code": code, "to": to}
    return await client.post("/console/sign-in", data=data, headers={"origin": SITE})


async def test_password_and_code_open_the_console(
    services: Services, signed_in: SignIn, browser_of: Browser
) -> None:
    """After the set-up, from another browser, with the code of the next half minute."""
    device, _ = await equip(await signed_in("agent", name="Lan"), services)
    other = browser_of()

    entered = await enter(other, _code(device, services, 1), name="lan", to="/console/me")

    assert (entered.status_code, entered.headers["location"]) == (303, "/console/me")
    assert "Lan" in (await other.get("/console")).text


async def test_a_code_is_good_once(
    services: Services, signed_in: SignIn, browser_of: Browser
) -> None:
    """The one that set the device up opens nothing, nor does any other a second time."""
    device, _ = await equip(await signed_in("agent", name="Lan"), services)

    assert (await enter(browser_of(), _code(device, services))).status_code == 403
    code = _code(device, services, 1)
    both = await asyncio.gather(enter(browser_of(), code), enter(browser_of(), code))
    assert sorted(one.status_code for one in both) == [303, 403]


async def test_a_code_from_paper_is_good_once(
    services: Services, signed_in: SignIn, browser_of: Browser
) -> None:
    """In whatever capitals and with or without its strokes; the audit says how many are left."""
    _, codes = await equip(await signed_in("agent", name="Lan"), services)

    assert (await enter(browser_of(), codes[0].lower())).status_code == 303
    assert (await enter(browser_of(), codes[0])).status_code == 403
    assert (await enter(browser_of(), codes[1].replace("-", ""))).status_code == 303
    async with services.sessions() as session:
        notes = [row.note for row in await audit.entries(session) if row.did == "staff.recovery"]
    assert notes == [{"left": 9}, {"left": 8}]


async def test_what_is_wrong_is_not_told(
    services: Services, signed_in: SignIn, browser_of: Browser
) -> None:
    """Name, password and code are refused in one sentence."""
    device, _ = await equip(await signed_in("agent", name="Lan"), services)
    good, late = _code(device, services, 1), _code(device, services, 9)

    for code, name, typed in (
        (good, "Lan", "mật khẩu khác hẳn"),
        (good, "Ai đó", PASSWORD),
        (late, "Lan", PASSWORD),
        ("", "Lan", PASSWORD),
    ):
        refused = await enter(browser_of(), code, name, typed)
        assert refused.status_code == HTTPStatus.FORBIDDEN
        assert "Tên, mật khẩu hoặc mã chưa đúng" in words(refused.text)


async def test_guessing_is_slowed_by_the_account(
    services: Services, signed_in: SignIn, browser_of: Browser
) -> None:
    """A hundred at once are five tries; then even the right password waits, and gets in later."""
    device, _ = await equip(await signed_in("agent", name="Lan"), services)
    code = _code(device, services, 1)

    refused = await asyncio.gather(
        *(enter(browser_of(), code, typed=f"một mật khẩu sai {n}") for n in range(100))
    )
    tried = sum("chưa đúng" in one.text for one in refused)
    waiting = await enter(browser_of(), code)
    async with services.sessions.begin() as session:
        await session.execute(update(SignInTry).values(free_at=services.now()))
    entered = await enter(browser_of(), code)

    assert tried == 5
    assert "chờ" in words(waiting.text)
    assert entered.status_code == 303
    async with services.sessions() as session:
        assert [one.wrong for one in await session.scalars(select(SignInTry))] == [5]


async def test_guessing_keeps_nobody_out_of_their_own_browser(
    services: Services, signed_in: SignIn, browser_of: Browser
) -> None:
    """Where the password was right within a month it is tried apart from others' guesses."""
    device, codes = await equip(await signed_in("agent", name="Lan"), services)
    known, stranger = browser_of(), browser_of()
    await enter(known, _code(device, services, 1))
    mark = known.cookies["htx_known"]
    for browser, held in ((known, mark), (stranger, f"{mark[:-1]}x")):
        browser.cookies.clear()
        browser.cookies.set("htx_known", held, domain="htx.test")
    for number in range(6):
        await enter(browser_of(), "1", typed=f"một mật khẩu sai {number}")

    forged = await enter(stranger, codes[0])
    entered = await enter(known, codes[0])
    for number in range(6):
        own = await enter(known, "1", typed=f"một mật khẩu sai {number}")

    assert "chờ" in words(forged.text)
    assert entered.status_code == HTTPStatus.SEE_OTHER
    assert "chờ" in words(own.text), "who holds it can't guess without end"
    keys = StaffKeys.of(services.settings)
    late = services.now() + known_browsers.REMEMBERED
    assert known_browsers.number_of(keys, "LAN", mark, services.now())
    assert not known_browsers.number_of(keys, "Minh", mark, services.now())
    assert not known_browsers.number_of(keys, "Lan", mark, late)


async def test_guessing_is_slowed_by_the_address(
    browser_of: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who tries one password at many names is slowed too."""
    monkeypatch.setattr(password, "fits", lambda _kept, _typed: False)
    client = browser_of()
    told = [await enter(client, "000000", name=f"Người {n}") for n in range(32)]

    assert ["chờ" in words(one.text) for one in told] == [False] * 30 + [True] * 2


async def test_a_disabled_account_stays_out(
    services: Services, signed_in: SignIn, browser_of: Browser
) -> None:
    """Its password opens nothing."""
    device, _ = await equip(await signed_in("agent", name="Lan"), services)
    async with services.sessions.begin() as session:
        await account.disable(session, "Lan", services.now(), "system")

    assert (await enter(browser_of(), _code(device, services, 1))).status_code == 403


@pytest.mark.parametrize(
    "to", ["https://kẻ.xấu", "//kẻ.xấu", "/console//kẻ", "/xoa", "/console\\x"]
)
async def test_sign_in_leads_nowhere_else(
    services: Services, signed_in: SignIn, browser_of: Browser, to: str
) -> None:
    """An address of another site in the link to the page is not followed."""
    device, _ = await equip(await signed_in("agent", name="Lan"), services)
    page = await browser_of().get("/console/sign-in", params={"to": to})

    entered = await enter(browser_of(), _code(device, services, 1), to=to)

    assert f'value="{to}"' not in page.text
    assert entered.headers["location"] == "/console"


async def test_a_session_that_is_old_must_prove_anew(services: Services, signed_in: SignIn) -> None:
    """What was sent is kept; with a right proof it is done at once, with a wrong one not."""
    client = await signed_in("agent", name="Lan")
    device, _ = await equip(client, services)
    await _grow_old(services)
    before = dict(client.cookies)

    asked = await press(client, "/console/me/codes", page="/console/me")
    wrong = await press(
        client, "/console/me/codes", "/console/me", proof_password="không phải", proof_code="1"
    )
    code = _code(device, services, 1)
    done = await press(
        client, "/console/me/codes", "/console/me", proof_password=PASSWORD, proof_code=code
    )

    assert (asked.status_code, wrong.status_code, done.status_code) == (403, 403, 200)
    assert "Xin xác nhận" in asked.text
    assert "chưa đúng" in wrong.text
    assert PASSWORD not in asked.text + wrong.text
    assert "Mã dự phòng, chỉ hiện lần này" in done.text
    assert dict(client.cookies) != before
    client.cookies.clear()
    client.cookies.update(before)
    assert "/sign-in" in (await client.get("/console")).headers["location"]


async def test_a_page_that_must_be_proved_is_led_to(services: Services, signed_in: SignIn) -> None:
    """A link to such a page asks, and goes on to it."""
    client = await signed_in("agent", name="Lan")
    device, _ = await equip(client, services)
    await _grow_old(services)

    asked = await client.get("/console/me/device")
    code = _code(device, services, 1)
    went = await press(
        client,
        "/console/me/prove",
        "/console/me",
        to="/console/me/device",
        proof_password=PASSWORD,
        proof_code=code,
    )

    assert 'action="/console/me/prove"' in asked.text
    assert went.headers["location"] == "/console/me/device"


async def test_a_link_proves_the_session_that_is_there(
    services: Services, signed_in: SignIn
) -> None:
    """Who has no way of their own opens another link, and the form in the other tab goes on."""
    client = await signed_in("agent", name="Lan")
    await _grow_old(services)
    token = await token_of(client, "/console/me")
    async with services.sessions.begin() as session:
        link = await sign_in.make_link(session, "Lan", services.now(), "system")

    await client.get(f"/console/sign-in/{link}")
    done = await client.post("/console/me/password", data={"token": token, "password": PASSWORD})

    assert done.headers["location"] == "/console/me/device"
    async with services.sessions() as session:
        assert len(list(await session.scalars(select(StaffSession)))) == 1


@pytest.mark.parametrize("typed", ["ngắn quá", "a" * 30, "Lan là tên của tôi", "x1" * 150])
async def test_a_weak_password_is_refused(
    services: Services, signed_in: SignIn, typed: str
) -> None:
    """Too short, of few signs, with the name in it, or without end."""
    client = await signed_in("agent", name="Lan")
    await press(client, "/console/me/password", password=typed)

    assert "Mật khẩu cần" in (await client.get("/console/me")).text
    async with services.sessions() as session:
        assert (await session.scalars(select(StaffPassword))).all() == []


async def test_a_password_without_a_device_opens_nothing(
    signed_in: SignIn, browser_of: Browser
) -> None:
    """It waits for the first code."""
    await press(await signed_in("agent", name="Lan"), "/console/me/password", password=PASSWORD)

    assert (await enter(browser_of(), "123456")).status_code == 403


async def test_a_new_password_ends_other_sessions(services: Services, signed_in: SignIn) -> None:
    """Whoever holds the old one is out; the one who changed it stays."""
    mine, other = await signed_in("agent", name="Lan"), await signed_in("agent", name="Lan")
    await equip(mine, services)
    assert (await other.get("/console")).status_code == 200

    await press(mine, "/console/me/password", password="một câu mới và dài hơn")

    assert (await mine.get("/console")).status_code == 200
    assert (await other.get("/console")).status_code == 303


async def test_the_last_way_is_not_dropped(services: Services, signed_in: SignIn) -> None:
    """A password stays while there is no passkey."""
    client = await signed_in("agent", name="Lan")
    await equip(client, services)
    await press(client, "/console/me/password/drop")

    assert "cách đăng nhập cuối cùng" in (await client.get("/console/me")).text


async def test_own_sessions_are_listed_and_ended(services: Services, signed_in: SignIn) -> None:
    """One by its button; nobody ends another's."""
    mine, other = await signed_in("agent", name="Lan"), await signed_in("agent", name="Lan")
    foreign = await signed_in("author", name="Minh")
    async with services.sessions() as session:
        query = select(StaffSession.id).order_by(StaffSession.id)
        _, second, third = await session.scalars(query)

    assert (await mine.get("/console/me")).text.count("chính nơi này") == 1
    await press(mine, f"/console/me/sessions/{second}/end")
    await press(mine, f"/console/me/sessions/{third}/end")

    assert (await other.get("/console")).status_code == 303
    assert (await foreign.get("/console")).status_code == 200


async def test_secrets_are_kept_closed(services: Services, signed_in: SignIn) -> None:
    """The database alone tells neither the password nor what codes are made of."""
    device, codes = await equip(await signed_in("agent", name="Lan"), services)
    async with services.sessions() as session:
        kept = (await session.scalars(select(StaffPassword))).one()

    assert kept.hash.startswith("$argon2id$")
    assert device.secret not in kept.secret
    other = StaffKeys(("khóa khác", services.settings.secret_key.get_secret_value()))
    assert other.unseal(kept.secret) == device.secret
    assert StaffKeys(("khóa khác",)).unseal(kept.secret) == ""
    assert codes[0].replace("-", "") not in str(vars(kept))


async def _grow_old(services: Services) -> None:
    """Have it been a while since anybody proved who they are."""
    long_ago = services.now() - sign_in.PROVED_FOR
    async with services.sessions.begin() as session:
        await session.execute(update(StaffSession).values(proved_at=long_ago))
