"""The system's section in a real Chromium: switches, accounts, the audit; also without scripts."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.console.conftest import SignedIn
from tests.doubles.console_house import ConsoleHouse, enter, follow, press, step_to


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_answers_are_stopped_and_let_go_on(
    house: ConsoleHouse, signed_in: SignedIn, browser: Browser, scripts: bool
) -> None:
    """A citizen reads the sentence at once; afterwards the assistant answers as before."""
    page = signed_in("admin", name="Hạnh", java_script_enabled=scripts)
    page.get_by_role("link", name="Hệ thống").click()
    if scripts:
        house.look(page, "system")
        follow(page, page.get_by_role("link", name="Khám máy"))
        house.look(page, "system-checks")
        page.get_by_role("link", name="Hệ thống").first.click()
    page.get_by_label("Bà con sẽ đọc").fill("Trợ lý nghỉ một lát để xem lại số liệu.")
    page.get_by_role("button", name="Tắt trả lời tự động ngay").click()
    expect(page.get_by_role("status").first).to_contain_text("Đã tắt trả lời tự động")
    page.get_by_role("button", name="Tắt gửi tin ngay").click()
    if scripts:
        house.look(page, "system-stopped")

    with browser.new_context(locale="vi-VN") as context:
        citizen = context.new_page()
        citizen.goto(house.url)
        citizen.get_by_label("Câu hỏi của bà con").fill("Hồ sơ OCOP gồm gì?")
        citizen.keyboard.press("Enter")
        expect(citizen.get_by_role("log")).to_contain_text("nghỉ một lát")
        page.get_by_role("button", name="Bật lại trả lời tự động").click()
        page.get_by_role("button", name="Bật lại, gửi tiếp").click()
        citizen.get_by_label("Câu hỏi của bà con").fill("Hồ sơ OCOP gồm gì?")
        citizen.keyboard.press("Enter")
        expect(citizen.get_by_role("log")).to_contain_text("Mẫu 01")
    expect(page.get_by_text("đang tắt")).to_have_count(0)


def test_an_account_from_adding_to_closing(
    house: ConsoleHouse, signed_in: SignedIn, browser: Browser
) -> None:
    """Added, let in by the link, given another role, closed; all of it stands in the audit."""
    page = signed_in("admin", name="Hạnh")
    page.goto(f"{house.url}/console/system/staff")
    page.get_by_label("Tên", exact=True).fill("Tú <b>")
    page.get_by_label("Vai trò", exact=True).select_option("author")
    page.get_by_role("button", name="Thêm cán bộ").click()
    page.get_by_text("Đổi Tú <b>", exact=True).click()
    house.look(page, "system-staff")
    follow(page, page.get_by_role("button", name="Liên kết vào cho Tú <b>"))
    house.look(page, "system-link")
    address = page.locator("code").inner_text()
    with browser.new_context(locale="vi-VN") as context:
        other = context.new_page()
        other.goto(address)
        expect(other.get_by_role("heading", level=1)).to_have_text("Chờ tôi")
        page.get_by_role("link", name="Xong").click()
        page.get_by_text("Đổi Tú <b>", exact=True).click()
        page.get_by_label("Vai trò của Tú <b>").select_option("agent")
        follow(page, page.get_by_role("button", name="Đổi vai trò của Tú <b>"))
        other.reload()
        expect(other.get_by_role("heading", level=1)).to_have_text("Đăng nhập trang cán bộ")
    page.get_by_text("Đổi Tú <b>", exact=True).click()
    follow(page, page.get_by_role("button", name="Khóa hẳn Tú <b>"))
    expect(page.get_by_role("cell", name="Tú <b> (đã khóa)")).to_be_visible()

    page.goto(f"{house.url}/console/system/audit")
    page.get_by_label("Ai", exact=True).select_option("Hạnh")
    page.get_by_label("Việc", exact=True).select_option("staff")
    page.get_by_role("button", name="Xem").click()
    expect(page.get_by_role("cell", name="soạn thông báo → trả lời bà con")).to_be_visible()
    house.look(page, "system-audit")


def test_by_keyboard_without_scripts(house: ConsoleHouse, signed_in: SignedIn) -> None:
    """Sending is stopped and goes on, an account is added and given another role, as is told."""
    page = signed_in("admin", name="Hạnh", java_script_enabled=False)
    press(page, "Hệ thống")
    press(page, "Tắt gửi tin ngay")
    expect(page.get_by_role("status").first).to_contain_text("Đã tắt gửi")
    press(page, "Bật lại, gửi tiếp từ chỗ đã dừng")
    press(page, "Cán bộ và vai trò")
    step_to(page, "name")
    page.keyboard.type("Thu")
    press(page, "Thêm cán bộ")
    step_to(page, "Đổi Thu")
    page.keyboard.press("Enter")
    step_to(page, "role")
    page.keyboard.type("duyệt")
    press(page, "Đổi vai trò của Thu")

    expect(page.get_by_role("status").first).to_contain_text("Thu giờ duyệt bài và thông báo")
    page.goto(f"{house.url}/console/system/audit")
    enter(page, "about", "cán bộ Thu")
    press(page, "Xem")
    expect(page.locator("tbody tr")).to_have_count(2)
    expect(page.locator("tbody")).to_contain_text("duyệt bài và thông báo")


@pytest.mark.parametrize("role", ["agent", "content", "author", "approver"])
def test_others_see_no_way_in(house: ConsoleHouse, signed_in: SignedIn, role: str) -> None:
    """No entry in the menu; the address itself is refused."""
    page = signed_in(role)
    expect(page.get_by_role("link", name="Hệ thống")).to_have_count(0)
    answered = page.goto(f"{house.url}/console/system/staff")

    assert answered is not None
    assert answered.status == 403
