"""The console's first page, in a real Chromium, as each role, on both databases."""

import pytest
from playwright.sync_api import expect

from bot.console.app import SECTIONS
from services.staff.account import STAFF_ROLES
from tests.browser.console.conftest import SignedIn
from tests.doubles.console_house import WIDTHS, ConsoleHouse, follow, press


@pytest.mark.parametrize("role", STAFF_ROLES)
def test_everybody_begins_with_what_waits(
    house: ConsoleHouse, signed_in: SignedIn, role: str
) -> None:
    """One heading, the account's name, nothing that axe finds, at both widths."""
    page = signed_in(role)

    expect(page.get_by_role("heading", level=1)).to_have_text("Chờ tôi")
    expect(page.get_by_role("banner")).to_contain_text(f"Cán bộ {role}")
    house.look(page, f"home-{role}")


@pytest.mark.parametrize("role", STAFF_ROLES)
def test_each_section_as_each_role(house: ConsoleHouse, signed_in: SignedIn, role: str) -> None:
    """The menu leads to what the role may read; the address of another section is refused."""
    page = signed_in(role)
    for section in SECTIONS:
        link = page.get_by_role("link", name=section.label, exact=True).first
        if section.opens_for(role):
            follow(page, link)
            expect(page.get_by_role("heading", level=1)).not_to_have_text("Chưa làm được")
            expect(page.locator("[aria-current=page]").first).to_have_text(section.label)
        elif section.label:
            expect(link).to_have_count(0)
            page.goto(f"{house.url}{section.address}")
            expect(page.get_by_role("heading", level=1)).to_have_text("Chưa làm được")
    if role == "author":
        house.look(page, "refused")


def test_by_keyboard_alone(signed_in: SignedIn) -> None:
    """The first step leads past the menu; the button out is reached and pressed."""
    page = signed_in("agent")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Tới nội dung")).to_be_focused()
    press(page, "Ra")

    expect(page.get_by_role("heading", level=1)).to_have_text("Đăng nhập trang cán bộ")


def test_without_scripts(signed_in: SignedIn) -> None:
    """From the menu of a phone to a part, and out again, scripts off."""
    page = signed_in("agent", java_script_enabled=False, viewport=WIDTHS["390"])
    expect(page.get_by_role("link", name="Nội dung", exact=True)).to_have_count(0)
    page.get_by_text("Các phần", exact=True).click()
    follow(page, page.get_by_role("link", name="Nội dung", exact=True))
    expect(page.get_by_role("heading", level=1)).to_have_text("Nội dung")
    follow(page, page.get_by_role("button", name="Ra"))

    assert page.url.endswith("/console/sign-in")
