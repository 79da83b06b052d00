"""Boxes of a list of papers, the past of a talk, and the box to write in, in a real browser."""

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

LIST = "c:founding/ho-so"
ARTICLE = "/bai/founding/ho-so"
ASKED = "Thành lập hợp tác xã cần mấy người?"
PRESS = """payload => {
    const form = document.querySelector(".greeting form").cloneNode(true);
    const button = form.querySelector("button");
    button.value = payload;
    document.body.append(form);
    button.click();
    form.remove();
}"""
WRITABLE = """() => {
    const box = document.getElementById("text").getBoundingClientRect();
    const send = document.querySelector(".send").getBoundingClientRect();
    const inside = one =>
        one.top >= 0 && one.bottom <= innerHeight + 1 && one.right <= innerWidth + 1;
    const bar = document.getElementById("ask").getBoundingClientRect();
    return {
        inside: inside(box) && inside(send), width: box.width, height: box.height,
        line: parseFloat(getComputedStyle(document.getElementById("text")).fontSize),
        bar: bar.height / innerHeight, sideways: document.documentElement.scrollWidth - innerWidth,
    };
}"""


def boxes(page: Page) -> Locator:
    """Return the boxes of the list that is shown."""
    return page.locator("[data-list] input")


@pytest.fixture
def listed(phone: Page) -> Page:
    """Return the chat with a list of papers in it."""
    phone.evaluate(PRESS, LIST)
    expect(boxes(phone).first).to_be_visible()
    return phone


def test_ticks_are_kept_in_the_browser(listed: Page, site: str) -> None:
    """What was ticked is ticked after a reload, and on the article's own page."""
    boxes(listed).nth(1).check()
    listed.reload()
    expect(boxes(listed).nth(1)).to_be_checked()
    expect(boxes(listed).nth(0)).not_to_be_checked()
    listed.goto(site + ARTICLE)

    expect(boxes(listed).nth(1)).to_be_checked()


def test_ticks_are_shared_in_the_address(listed: Page, browser: Browser) -> None:
    """Whoever opens the list's address elsewhere sees the same ticks, without the server's help."""
    boxes(listed).nth(0).check()
    boxes(listed).nth(2).check()
    address = listed.locator("[data-list-link]").get_attribute("href") or ""
    with browser.new_context() as context:
        other = context.new_page()
        asked: list[str] = []
        other.on("request", lambda request: asked.append(request.url))
        other.goto(address)
        expect(boxes(other).nth(0)).to_be_checked()
        expect(boxes(other).nth(2)).to_be_checked()
        expect(boxes(other).nth(1)).not_to_be_checked()
        expect(boxes(other).nth(0)).to_be_visible()

    assert "#da=" in address


def test_ticks_are_printed(listed: Page, site: str) -> None:
    """On paper the list stands open with its ticks, without the buttons around it."""
    boxes(listed).nth(0).check()
    listed.goto(site + ARTICLE)
    listed.emulate_media(media="print")

    expect(boxes(listed).nth(0)).to_be_checked()
    expect(listed.locator(".list-ways")).to_be_hidden()


def test_past_stands_there_after_a_reload(phone: Page) -> None:
    """The talk goes on where it stood; beside it stands how to erase it on a shared machine."""
    phone.get_by_label("Câu hỏi của bà con").fill(ASKED)
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("log")).to_contain_text("05 thành viên")
    phone.reload()
    expect(phone.get_by_role("log")).to_contain_text("05 thành viên")
    expect(phone.get_by_role("log")).to_contain_text("Máy dùng chung?")
    phone.get_by_role("button", name="Xóa", exact=True).click()

    expect(phone.get_by_role("log")).to_contain_text("Đã xóa 1 lượt hỏi")
    phone.reload()
    expect(phone.get_by_role("log")).not_to_contain_text("05 thành viên")


def test_typing_anywhere_writes_in_the_box(phone: Page) -> None:
    """Nobody has to find the box first."""
    phone.keyboard.type("vay")

    expect(phone.get_by_label("Câu hỏi của bà con")).to_have_value("vay")


@pytest.mark.parametrize(
    ("screen", "letters"),
    [
        ({"width": 320, "height": 568}, "18px"),
        ({"width": 320, "height": 568}, "36px"),
        ({"width": 390, "height": 844}, "36px"),
        ({"width": 195, "height": 422}, "18px"),
    ],
    ids=["320", "320 and twice the letters", "390 and twice the letters", "390 zoomed twice"],
)
def test_typing_is_possible_at_once(
    browser: Browser, site: str, screen: ViewportSize, letters: str
) -> None:
    """On a narrow phone, with letters twice as big too, the box and its button are whole."""
    with browser.new_context(viewport=screen, locale="vi-VN") as context:
        page = context.new_page()
        page.goto(site)
        page.evaluate("size => document.documentElement.style.fontSize = size", letters)
        seen = page.evaluate(WRITABLE)

    assert seen["inside"]
    assert seen["height"] >= seen["line"] * 1.2
    assert seen["width"] >= seen["line"] * 4
    assert seen["bar"] <= 0.6
    assert seen["sideways"] <= 1
