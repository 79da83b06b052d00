"""Pictures of a talk for the documentation: widths, day and night, letters twice as big."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, ViewportSize, expect

ASKED = "Thành lập hợp tác xã cần mấy người?"
TWICE = "36px"
SCREENS: dict[str, ViewportSize] = {
    "320": {"width": 320, "height": 720},
    "390": {"width": 390, "height": 844},
    "1280": {"width": 1280, "height": 900},
}


@pytest.mark.parametrize("look", ["light", "dark", "twice"])
@pytest.mark.parametrize("width", SCREENS)
def test_answer_is_pictured(
    browser: Browser, site: str, pictures: Path, width: str, look: str
) -> None:
    """The answer's beginning is in view, and nothing sticks out sideways."""
    with browser.new_context(viewport=SCREENS[width], locale="vi-VN") as context:
        page = context.new_page()
        page.emulate_media(color_scheme="dark" if look == "dark" else "light")
        page.goto(site)
        if look == "twice":
            page.evaluate("size => document.documentElement.style.fontSize = size", TWICE)
        page.get_by_label("Câu hỏi của bà con").fill(ASKED)
        page.keyboard.press("Enter")
        expect(page.get_by_role("log")).to_contain_text("05 thành viên")
        page.screenshot(path=pictures / f"talk-{width}-{look}.png")
        sideways = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        box = page.locator(".exchange .lead").bounding_box()

    assert sideways <= 1
    assert box is not None
    assert 0 <= box["y"] < SCREENS[width]["height"] / 2
