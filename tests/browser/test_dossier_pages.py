"""A dossier on a phone, with scripts and without: begun, ticked, dated, shared, given away."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_tools import PHONE, look


def press(page: Page, name: str) -> None:
    """Press a button, and wait for the page that comes."""
    with page.expect_navigation():
        page.get_by_role("button", name=name).first.click()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_a_dossier_is_gone_through_on_a_phone(
    browser: Browser, site: str, pictures: Path, *, scripts: bool
) -> None:
    """What is ticked stays; another looks at it by a link, then takes it; nothing is too small."""
    shown = pictures if scripts else None
    with (
        browser.new_context(viewport=PHONE, locale="vi-VN", java_script_enabled=scripts) as own,
        browser.new_context(viewport=PHONE, locale="vi-VN", java_script_enabled=scripts) as others,
    ):
        page, other = own.new_page(), others.new_page()
        page.goto(f"{site}/bai/founding/ho-so")
        page.get_by_role("link", name="Lưu thành hồ sơ của tôi").click()
        page.get_by_label("Tên hợp tác xã").fill("HTX Rau Đại Hiệp")
        look(page, shown, "dossiers")
        press(page, "Lập hồ sơ mới")
        press(page, "Điều lệ")
        press(page, "Vận động đủ người sáng lập")
        page.locator("input[name=day]").nth(1).fill("ngày kia nữa")
        with page.expect_navigation():
            page.get_by_role("button", name="Tính hạn").nth(1).click()
        expect(page.get_by_role("alert")).to_contain_text("Ghi một ngày có thật")
        page.locator("input[name=day]").nth(1).fill("1/12/2026")
        with page.expect_navigation():
            page.get_by_role("button", name="Tính hạn").nth(1).click()
        expect(page.get_by_text("Hạn 30/1/2027")).to_be_visible()
        expect(page.get_by_text("Giấy tờ 1/6 · Bước 1/7")).to_be_visible()
        look(page, shown, "dossier")
        press(page, "Chia sẻ để xem")
        expect(page.get_by_role("img", name="Mã QR")).to_be_visible()
        link = page.locator("main a.touch").get_attribute("href") or ""
        other.goto(f"{site}{link[link.index('/hoso') :]}")
        expect(other.get_by_text("HTX Rau Đại Hiệp")).to_be_visible()
        expect(other.get_by_role("button")).to_have_count(0)
        look(other, shown, "dossier-shown")
        page.get_by_role("link", name="HTX Rau Đại Hiệp").click()
        press(page, "Ngừng chia sẻ")
        other.reload()
        expect(other.get_by_text("đã ngừng, đã hết hạn")).to_be_visible()
        press(page, "Giao cho người khác")
        link = page.locator("main a.touch").get_attribute("href") or ""
        other.goto(f"{site}{link[link.index('/hoso') :]}")
        press(other, "Nhận hồ sơ này")
        expect(other.get_by_text("Giấy tờ 1/6 · Bước 1/7")).to_be_visible()
        page.goto(f"{site}/hoso")
        expect(page.get_by_text("chưa có hồ sơ nào")).to_be_visible()
