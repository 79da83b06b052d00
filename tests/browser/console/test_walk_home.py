"""The console's first page, in a real Chromium, as each role, on both databases."""

import pytest
from playwright.sync_api import Page, expect

from services.staff.account import STAFF_ROLES
from tests.browser.console.conftest import SignedIn
from tests.doubles.console_house import WIDTHS, ConsoleHouse, follow


@pytest.mark.parametrize("role", STAFF_ROLES)
def test_everybody_begins_with_what_waits(
    house: ConsoleHouse, signed_in: SignedIn, role: str
) -> None:
    """One heading, the account's name, nothing that axe finds, at both widths."""
    page = signed_in(role)

    expect(page.get_by_role("heading", level=1)).to_have_text("Chờ tôi")
    expect(page.get_by_role("banner")).to_contain_text(f"Cán bộ {role}")
    house.look(page, f"home-{role}")


def test_by_keyboard_alone(signed_in: SignedIn) -> None:
    """The first step leads past the menu; the button out is reached and pressed."""
    page = signed_in("agent")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Tới nội dung")).to_be_focused()
    _press(page, "Ra")

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


def _press(page: Page, name: str) -> None:
    """Step on until a button has the focus, then press it."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent").strip() == name:
            page.keyboard.press("Enter")
            return
    pytest.fail(f"no step leads to {name}")
