"""Signing in to the console as staff do: a passkey of the device, a password with codes."""

from datetime import timedelta

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.clock import utc_now
from services.staff import sign_in
from services.storage.models import Passkey, Staff, StaffSession
from tests.browser.console.conftest import SignedIn
from tests.doubles.console_house import ConsoleHouse, enter, press, step_to

PASSWORD = "lúa chín vàng cánh đồng"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def give_device(page: Page, *, knows: bool = True) -> None:
    """Give the browser a device that holds passkeys; `knows` whether it knows its person."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {**DEVICE, "isUserVerified": knows}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_passkey_from_first_link_to_sign_in(house: ConsoleHouse, signed_in: SignedIn) -> None:
    """Made after the first sign-in, then it alone opens the console, and proves who is there."""
    page = signed_in("agent", name="Hoa")
    give_device(page)
    page.get_by_role("link", name="Hoa").click()
    page.get_by_label("Tên cho khóa mới").fill("<b>máy của tôi</b>")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Đã thêm khóa “<b>máy của tôi</b>”")
    house.look(page, "me-passkey")

    page.get_by_role("button", name="Ra").click()
    page.get_by_role("button", name="Đăng nhập bằng khóa truy cập").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Chờ tôi")

    _grow_old(house, "Hoa")
    page.goto(f"{house.url}/console/me")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đặt mật khẩu").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Xin xác nhận là anh/chị")
    house.look(page, "prove")
    page.get_by_role("button", name="Xác nhận bằng khóa truy cập").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nối điện thoại tạo mã")
    house.look(page, "me-device")


def test_a_device_that_knows_nobody_is_refused(house: ConsoleHouse, signed_in: SignedIn) -> None:
    """Who merely holds it is not who may come in: nothing is kept."""
    page = signed_in("agent", name="Cúc")
    give_device(page, knows=False)
    page.goto(f"{house.url}/console/me")
    page.get_by_role("button", name="Thêm khóa của máy này").click()

    expect(page.get_by_role("alert").filter(visible=True)).to_contain_text("Máy chưa tạo được khóa")
    assert _passkeys_of(house, "Cúc") == 0


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_password_and_codes(
    house: ConsoleHouse, signed_in: SignedIn, browser: Browser, scripts: bool
) -> None:
    """Set up by typing the key, codes on paper, in from elsewhere, proved anew; by keys alone."""
    name = "Mai" if scripts else "Đào"
    page = signed_in("author", name=name, java_script_enabled=scripts)
    press(page, name)
    enter(page, "password", PASSWORD)
    press(page, "Đặt mật khẩu, rồi nối điện thoại tạo mã")
    device = pyotp.TOTP(page.locator(".secret").inner_text().replace(" ", ""))
    for code in ("000000", device.at(utc_now())):
        enter(page, "code", code)
        press(page, "Nối điện thoại này")
        if code == "000000":
            expect(page.get_by_text("Mã chưa đúng")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mã dự phòng, chỉ hiện lần này")
    paper, more = page.locator(".codes code").all_inner_texts()[:2]
    if scripts:
        house.look(page, "me-codes")

    with browser.new_context(java_script_enabled=scripts, locale="vi-VN") as context:
        other = context.new_page()
        other.goto(f"{house.url}/console/me")
        for code in ("000000", device.at(utc_now() + timedelta(seconds=30))):
            sign_in_by_keys(other, name, code)
            if code == "000000":
                expect(other.get_by_role("alert").first).to_contain_text("chưa đúng")
                if scripts:
                    house.look(other, "sign-in")
        expect(other.get_by_role("heading", level=1)).to_have_text("Tài khoản của tôi")
        press(other, "Cho mọi nơi khác ra")
        expect(other.get_by_role("status").first).to_contain_text("Đã cho")
    page.goto(f"{house.url}/console/me")
    assert "/sign-in" in page.url
    sign_in_by_keys(page, name, paper)
    expect(page.get_by_text("còn 9 mã dự phòng")).to_be_visible()

    _grow_old(house, name)
    press(page, "Tạo 10 mã dự phòng mới, bỏ mã cũ")
    enter(page, "proof_password", PASSWORD)
    enter(page, "proof_code", more)
    press(page, "Xác nhận, rồi làm tiếp")
    expect(page.get_by_role("heading", level=1)).to_have_text("Mã dự phòng, chỉ hiện lần này")


def sign_in_by_keys(page: Page, name: str, code: str) -> None:
    """Sign in without a mouse; a name that stands there already is typed anew."""
    step_to(page, "name")
    page.keyboard.press("Control+A")
    page.keyboard.type(name)
    enter(page, "password", PASSWORD)
    enter(page, "code", code)
    press(page, "Đăng nhập")


def _grow_old(house: ConsoleHouse, name: str) -> None:
    async def change(session: AsyncSession) -> None:
        old = utc_now() - sign_in.PROVED_FOR
        mine = select(Staff.id).where(Staff.name == name).scalar_subquery()
        rule = update(StaffSession).where(StaffSession.staff_id == mine)
        await session.execute(rule.values(proved_at=old))

    house.keep(change)


def _passkeys_of(house: ConsoleHouse, name: str) -> int:
    async def count(session: AsyncSession) -> int:
        query = select(Passkey).join(Staff, Staff.id == Passkey.staff_id)
        return len(list(await session.scalars(query.where(Staff.name == name))))

    return house.keep(count)
