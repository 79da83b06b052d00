"""The content in a real Chromium: an article is changed by two people, on both databases."""

import re

from playwright.sync_api import Page, expect

from tests.browser.console.conftest import SignedIn
from tests.doubles.console_house import ConsoleHouse

ARTICLE = "ocop/ho-so"
PLACE = f"/console/content/articles/{ARTICLE}"
LEAD = "Hồ sơ OCOP gồm Mẫu 01 và Mẫu 02."
NEW = "Hồ sơ OCOP gồm Mẫu 01, Mẫu 02 và bản giới thiệu."


def test_an_article_is_changed_by_two_people(house: ConsoleHouse, signed_in: SignedIn) -> None:
    """Found, written with a preview while typing, submitted, approved by another, brought back."""
    writer = signed_in("content", name="Lan")
    writer.goto(f"{house.url}/console/content")
    house.look(writer, "content-list")
    writer.get_by_label("Tìm chữ").fill("Mẫu 02")
    writer.get_by_role("button", name="Tìm").click()
    writer.get_by_role("link", name="Hồ sơ OCOP").click()
    house.look(writer, "content-article")
    writer.get_by_role("button", name="Sửa bài này").click()
    body = writer.get_by_label("Bài", exact=True)
    body.fill(body.input_value().replace(LEAD, NEW))
    expect(writer.locator("#faces")).to_contain_text("bản giới thiệu")
    house.look(writer, "content-draft")
    writer.get_by_role("button", name="Lưu bản nháp").click()
    draft = writer.url
    writer.get_by_role("link", name="Xem lại và gửi duyệt").click()
    writer.get_by_label("Vì sao sửa").fill("Thiếu bản giới thiệu")
    writer.get_by_role("button", name="Gửi duyệt đúng bản này").click()

    approver = signed_in("approver", name="Hùng")
    approver.get_by_role("link", name=re.compile("Duyệt bản sửa")).click()
    house.look(approver, "content-review")
    approver.get_by_role("button", name=re.compile("Duyệt đúng bản này")).click()

    expect(approver.get_by_role("status").first).to_contain_text("Đã duyệt")
    folder = house.web.log.parent / "content"
    assert NEW in (folder / f"articles/{ARTICLE}.md").read_text("utf-8")
    _bring_back(house, writer)
    assert writer.url != draft


def _bring_back(house: ConsoleHouse, page: Page) -> None:
    """Take the first text back, as a draft that somebody else has to approve."""
    page.goto(f"{house.url}{PLACE}/history")
    house.look(page, "content-history")
    page.get_by_role("button", name=re.compile("Lấy lại chữ")).last.click()
    expect(page.get_by_label("Bài", exact=True)).to_have_value(re.compile(re.escape(LEAD)))
    page.get_by_role("link", name="Xem lại và gửi duyệt").click()
    page.get_by_role("button", name=re.compile("Bỏ bản sửa")).click()


def test_every_other_page_is_looked_at(house: ConsoleHouse, signed_in: SignedIn) -> None:
    """The form of a new article, a message tried out, the documents."""
    page = signed_in("content")
    for name, place in (
        ("content-new", "new"),
        ("content-try", "try?text=ho so ocop gom gi"),
        ("content-sources", "sources"),
        ("content-source", "sources/luat-17-2023"),
    ):
        page.goto(f"{house.url}/console/content/{place}")
        house.look(page, name)


def test_without_scripts(house: ConsoleHouse, signed_in: SignedIn) -> None:
    """A draft is begun, shown on every channel, saved and dropped, scripts off."""
    page = signed_in("content", name="Mai", java_script_enabled=False)
    page.goto(f"{house.url}/console/content/articles/founding/ho-so")
    page.get_by_role("button", name="Sửa bài này").click()
    page.get_by_label("Bước tiếp theo").fill("Hỏi xã.")
    page.get_by_role("button", name="Lưu bản nháp").click()
    expect(page.get_by_label("Bước tiếp theo")).to_have_value("Hỏi xã.")
    page.get_by_role("link", name="Xem lại và gửi duyệt").click()
    page.get_by_role("button", name=re.compile("Bỏ bản sửa")).click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Nội dung")
