"""The content in a real Chromium: an article is changed by two people, on both databases."""

import re

from playwright.sync_api import Page, expect

from tests.browser.console.conftest import SignedIn
from tests.doubles.console_house import ConsoleHouse, enter, follow, press, step_to

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
    follow(writer, writer.get_by_role("link", name="Hồ sơ OCOP"))
    house.look(writer, "content-article")
    follow(writer, writer.get_by_role("button", name="Sửa bài này"))
    body = writer.get_by_label("Bài", exact=True)
    body.fill(body.input_value().replace(LEAD, NEW))
    expect(writer.locator("#faces")).to_contain_text("bản giới thiệu")
    house.look(writer, "content-draft")
    follow(writer, writer.get_by_role("button", name="Lưu bản nháp"))
    writer.get_by_role("link", name="Xem lại và gửi duyệt").click()
    writer.get_by_label("Vì sao sửa").fill("Thiếu bản giới thiệu")
    follow(writer, writer.get_by_role("button", name="Gửi duyệt đúng bản này"))

    approver = signed_in("approver", name="Hùng")
    follow(approver, approver.get_by_role("link", name=re.compile("Duyệt bản sửa")))
    house.look(approver, "content-review")
    follow(approver, approver.get_by_role("button", name=re.compile("Duyệt đúng bản này")))

    expect(approver.get_by_role("status").first).to_contain_text("Đã duyệt")
    folder = house.web.log.parent / "content"
    assert NEW in (folder / f"articles/{ARTICLE}.md").read_text("utf-8")
    writer.goto(f"{house.url}{PLACE}/history")
    house.look(writer, "content-history")
    _take_back(house, signed_in("content", name="Lan", java_script_enabled=False), approver)
    assert LEAD in (folder / f"articles/{ARTICLE}.md").read_text("utf-8")


def _take_back(house: ConsoleHouse, writer: Page, approver: Page) -> None:
    """Take a mistake back: the first text again, as a draft that somebody else approves.

    The writer's browser runs no scripts.
    """
    writer.goto(f"{house.url}{PLACE}/history")
    follow(writer, writer.get_by_role("button", name=re.compile("Lấy lại chữ")).last)
    expect(writer.get_by_label("Bài", exact=True)).to_have_value(re.compile(re.escape(LEAD)))
    writer.get_by_role("link", name="Xem lại và gửi duyệt").click()
    writer.get_by_label("Vì sao sửa").fill("Sửa nhầm")
    follow(writer, writer.get_by_role("button", name="Gửi duyệt đúng bản này"))
    approver.goto(f"{house.url}/console")
    follow(approver, approver.get_by_role("link", name=re.compile("Duyệt bản sửa")))
    follow(approver, approver.get_by_role("button", name=re.compile("Duyệt đúng bản này")))


def test_a_file_changed_by_hand_is_shown_beside(house: ConsoleHouse, signed_in: SignedIn) -> None:
    """Nothing is lost: both sides are read, then put together at one press; no script is needed."""
    article = "founding/so-thanh-vien"
    page = signed_in("content", name="Lan")
    page.goto(f"{house.url}/console/content/articles/{article}")
    follow(page, page.get_by_role("button", name="Sửa bài này"))
    page.get_by_label("Bước tiếp theo").fill("Hỏi xã.")
    follow(page, page.get_by_role("button", name="Lưu bản nháp"))
    file = house.web.log.parent / f"content/articles/{article}.md"
    file.write_text(file.read_text("utf-8").replace("Không còn là 7", "Không còn 7"), "utf-8")
    page.reload()
    follow(page, page.get_by_role("link", name="Xem hai bên"))
    house.look(page, "content-conflict")
    place, page = page.url, signed_in("content", name="Lan", java_script_enabled=False)
    page.goto(place)
    page.get_by_role("button", name="Gộp hai bên vào bản sửa").click()

    expect(page.get_by_role("status").first).to_contain_text("có cả chữ của tệp")
    expect(page.locator(".diff")).to_contain_text("Hỏi xã.")
    follow(page, page.get_by_role("button", name=re.compile("Bỏ bản sửa")))


def test_by_keyboard_alone(house: ConsoleHouse, signed_in: SignedIn) -> None:
    """An article is opened, changed, submitted and approved without a mouse."""
    page = signed_in("content", name="Mai")
    page.goto(f"{house.url}/console/content?q=Hạng+sao")
    press(page, "Hạng sao OCOP")
    press(page, "Sửa bài này")
    step_to(page, "next_step")
    page.keyboard.press("End")
    page.keyboard.type(" Rồi hỏi xã.")
    press(page, "Lưu bản nháp")

    expect(page.get_by_role("status").first).to_contain_text("Đã lưu")
    expect(page.get_by_label("Bước tiếp theo")).to_have_value(re.compile("Rồi hỏi xã.$"))
    press(page, "Xem lại và gửi duyệt")
    enter(page, "why", "Thiếu chỗ hỏi")
    press(page, "Gửi duyệt đúng bản này")
    approver = signed_in("approver", name="Hùng", java_script_enabled=False)
    press(approver, "Duyệt bản sửa “Hạng sao OCOP”: Thiếu chỗ hỏi")
    press(approver, "Duyệt đúng bản này và ghi vào tệp")
    expect(approver.get_by_role("status").first).to_contain_text("Đã duyệt")


def test_every_other_page_is_looked_at(house: ConsoleHouse, signed_in: SignedIn) -> None:
    """The form of a new article, a message tried out, the documents."""
    page = signed_in("content")
    for name, place in (
        ("content-new", "new"),
        ("content-try", "try?text=ho so ocop gom gi"),
        ("content-sources", "sources"),
        ("content-source", "sources/luat-17-2023"),
    ):
        answered = page.goto(f"{house.url}/console/content/{place}")
        assert answered is not None
        assert answered.ok
        house.look(page, name)


def test_without_scripts(house: ConsoleHouse, signed_in: SignedIn) -> None:
    """A message is tried, a draft is begun, shown on every channel, saved and dropped."""
    page = signed_in("content", name="Mai", java_script_enabled=False)
    page.goto(f"{house.url}/console/content/try")
    page.get_by_label("Tin nhắn").fill("ho so ocop gom gi")
    follow(page, page.get_by_role("button", name="Hỏi thử"))
    expect(page.get_by_role("heading", name="Máy trả lời")).to_be_visible()
    page.goto(f"{house.url}/console/content/articles/founding/ho-so")
    follow(page, page.get_by_role("button", name="Sửa bài này"))
    page.get_by_label("Bước tiếp theo").fill("Hỏi xã.")
    follow(page, page.get_by_role("button", name="Xem thử"))
    expect(page.locator("#faces")).to_contain_text("Hỏi xã.")
    follow(page, page.get_by_role("button", name="Lưu bản nháp"))
    expect(page.get_by_label("Bước tiếp theo")).to_have_value("Hỏi xã.")
    page.get_by_role("link", name="Xem lại và gửi duyệt").click()
    follow(page, page.get_by_role("button", name=re.compile("Bỏ bản sửa")))

    expect(page.get_by_role("heading", level=1)).to_have_text("Nội dung")
