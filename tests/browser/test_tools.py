"""A tool on a phone, with scripts and without: to the end, with a slip, left and taken up again."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # has none
from playwright.sync_api import Browser, Page, ViewportSize, expect

PHONE: ViewportSize = {"width": 390, "height": 844}
TOO_SMALL = """() => [...document.querySelectorAll("button, summary, label.pick, .touch, .way a")]
    .filter(one => one.offsetParent && one.getBoundingClientRect().height < 44)
    .map(one => one.outerHTML)"""


def typed(page: Page, answer: str) -> None:
    """Type an answer and go on."""
    page.locator("#answer").fill(answer)
    go_on(page)


def chosen(page: Page, label: str) -> None:
    """Choose an answer by its words and go on."""
    page.locator("label.pick").filter(has_text=label).click()
    go_on(page)


def go_on(page: Page) -> None:
    """Press, and wait for the page that comes."""
    with page.expect_navigation():
        page.get_by_role("button", name="Lưu và tiếp tục").click()


def look(page: Page, pictures: Path | None, name: str) -> None:
    """Take a picture; nothing sticks out, nothing is too small to press, nothing bars anybody."""
    if pictures is None:
        return
    page.screenshot(path=pictures / "tools" / f"{name}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 1
    assert page.evaluate(TOO_SMALL) == []
    assert Axe().run(page).response["violations"] == []


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_loan_is_worked_out_on_a_phone(
    browser: Browser, site: str, pictures: Path, *, scripts: bool
) -> None:
    """A slip is told on top; the browser is closed in the middle and goes on where it was."""
    shown = pictures if scripts else None
    with browser.new_context(
        viewport=PHONE, locale="vi-VN", java_script_enabled=scripts
    ) as context:
        page = context.new_page()
        page.goto(f"{site}/tools/loan")
        page.get_by_role("button", name="Tính thử khoản vay").click()
        page.wait_for_url("**/amount")
        typed(page, "300")
        expect(page.get_by_role("alert")).to_contain_text("300 triệu")
        expect(page.get_by_role("alert")).to_be_focused()
        look(page, shown, "loan-slip")
        typed(page, "300 triệu")
        typed(page, "24 tháng")
        page.close()

        page = context.new_page()
        page.goto(f"{site}/tools/loan")
        page.get_by_role("link", name="Làm tiếp").click()
        page.wait_for_url("**/rate")
        typed(page, "6,5")
        look(page, shown, "loan-question")
        chosen(page, "Mỗi kỳ trả một số bằng nhau")
        chosen(page, "Mỗi quý")
        page.get_by_role("link", name="Quay lại").click()
        page.wait_for_url("**/every")
        chosen(page, "Mỗi tháng")
        typed(page, "0")
        with page.expect_navigation():
            page.get_by_role("button", name="Bỏ qua câu này").click()
        chosen(page, "Trễ 3 tháng")
        typed(page, "9")
        expect(page).to_have_url(f"{site}/tools/loan/review")
        look(page, shown, "loan-review")
        page.get_by_role("button", name="Xem kết quả").click()
        page.wait_for_url("**/result")
        expect(page.get_by_role("article")).to_contain_text("tổng lãi 20.733.008 đồng")
        expect(page.get_by_role("img")).to_be_visible()
        page.get_by_text("Lịch trả từng kỳ").click()
        look(page, shown, "loan-result")


def test_score_sheet_is_filled_on_a_phone(browser: Browser, site: str, pictures: Path) -> None:
    """Criterion after criterion, most of them left out; then a check tells its reasons."""
    with browser.new_context(viewport=PHONE, locale="vi-VN") as context:
        page = context.new_page()
        page.goto(f"{site}/tools/ocop")
        page.get_by_role("button", name="Tự chấm điểm OCOP").click()
        page.wait_for_url("**/product")
        typed(page, "nước mắm cá cơm")
        chosen(page, "Tương, nước mắm")
        chosen(page, "Không")
        look(page, pictures, "ocop-question")
        chosen(page, "từ 75% đến 100%")
        while not page.url.endswith("/review"):
            with page.expect_navigation():
                page.get_by_role("button", name="Bỏ qua câu này").click()
        page.get_by_role("button", name="Xem kết quả").click()
        page.wait_for_url("**/result")
        expect(page.get_by_role("article")).to_contain_text("Cách gần nhất để lên 2 sao")
        look(page, pictures, "ocop-result")

        page.goto(f"{site}/tools/check")
        page.get_by_role("button", name="Xem điều kiện").click()
        page.wait_for_url("**/name")
        chosen(page, "Hợp tác xã thuộc quy mô nào")
        while not page.url.endswith("/review"):
            with page.expect_navigation():
                page.get_by_role("button", name="Bỏ qua câu này").click()
        page.get_by_role("button", name="Xem kết quả").click()
        page.wait_for_url("**/result")
        look(page, pictures, "check-result")


def test_a_day_that_was_counted_is_shown_to_whoever_comes_back(
    browser: Browser, site: str, pictures: Path
) -> None:
    """Ticked under the result, listed, seen on the first page; ended, it is there no more."""
    with browser.new_context(viewport=PHONE, locale="vi-VN") as context:
        page = context.new_page()
        page.goto(f"{site}/tools/due")
        page.get_by_role("button", name="Tính các hạn").click()
        page.wait_for_url("**/procedure")
        chosen(page, "Đăng ký thay đổi tên")
        typed(page, "hôm nay")
        chosen(page, "Ngày cơ quan đăng ký nhận hồ sơ")
        page.get_by_role("button", name="Xem kết quả").click()
        page.wait_for_url("**/result")
        page.locator("label.pick").filter(has_text="Cơ quan đăng ký cấp giấy").click()
        page.get_by_role("button", name="Nhắc tôi những việc này").click()
        page.wait_for_url("**/nhac")
        look(page, pictures, "reminders")
        page.get_by_role("link", name="Hỏi câu khác").click()
        expect(page.get_by_role("region", name="Việc đến hạn")).to_contain_text("Cơ quan đăng ký")
        page.get_by_role("link", name="Việc đã nhờ nhắc").click()
        page.get_by_role("button", name="Thôi nhắc việc này").click()
        expect(page.get_by_text("Chưa có việc nào")).to_be_visible()
