"""A question without an answer, in Chromium, on both databases: asked, answered, told once."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.ext.asyncio import AsyncSession

from services.clock import utc_now
from services.insight.kept_gaps import GapKeeper
from services.knowledge.loader import load_library
from services.storage.session import make_sessions
from tests.browser.console.conftest import SignedIn
from tests.doubles.console_house import ConsoleHouse, enter, press, step_to

ASKED = "Nuôi chim yến thì xin phép ở đâu?"
DATABASE = "postgresql"
AWAIT = "Báo tôi khi có câu trả lời"
NOW = re.compile("Nay đã có câu trả lời")


def keep(house: ConsoleHouse) -> None:
    """Put what was asked into gaps, as the product does every minute."""
    library = load_library(house.web.log.parent / "content")

    async def change(session: AsyncSession) -> int:
        assert session.bind is not None
        return await GapKeeper(make_sessions(session.bind)).keep(library, utc_now())  # type: ignore[arg-type]  # because it is an engine

    house.keep(change)


def ask(browser: Browser, house: ConsoleHouse, text: str) -> Page:
    """Ask on the citizens' page, and want to hear; return the page."""
    citizen = browser.new_page(locale="vi-VN")
    citizen.goto(house.url)
    citizen.get_by_label("Câu hỏi của bà con").fill(text)
    citizen.get_by_role("button", name="Gửi").click()
    citizen.get_by_role("button", name=AWAIT).last.click()
    expect(citizen.get_by_text("báo bà con một lần")).to_be_visible()
    return citizen


def open_gap(house: ConsoleHouse, page: Page, text: str) -> None:
    """Open a gap from the list."""
    page.goto(f"{house.url}/console/gaps")
    page.get_by_role("link", name=text).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def test_a_question_is_answered_and_told_once(
    house: ConsoleHouse, signed_in: SignedIn, browser: Browser
) -> None:
    """Whoever asked and wants to hear reads it in the same talk, once."""
    citizen = ask(browser, house, ASKED)
    keep(house)
    page = signed_in("content", name="Lan")
    expect(page.get_by_role("link", name=re.compile("chim yến"))).to_be_visible()
    page.goto(f"{house.url}/console/gaps")
    house.look(page, "gaps-list")
    open_gap(house, page, ASKED)
    house.look(page, "gaps-open")
    gap = page.url
    page.get_by_label("Tìm bài theo tên").fill("hạng sao")
    page.get_by_role("button", name="Tìm").click()
    page.get_by_label("Hạng sao OCOP").check()
    page.get_by_role("button", name="Gắn bài này vào nhóm").click()
    expect(page.get_by_role("status").first).to_contain_text("thêm 1 câu mẫu vào bản nháp")
    page.goto(gap)
    house.look(page, "gaps-linked")
    page.get_by_role("button", name="báo 1 nơi ngay").click()
    expect(page.get_by_role("status").first).to_contain_text("Đang báo 1 cuộc trò chuyện")
    house.look(page, "gaps-told")
    for _ in range(2):
        citizen.reload()
        expect(citizen.get_by_text(NOW)).to_have_count(1)


def test_by_keyboard_without_scripts(
    house: ConsoleHouse, signed_in: SignedIn, browser: Browser
) -> None:
    """Put aside with a reason, taken up again, led to an article, told; no button is Enter's."""
    asked = "Giá vàng miếng hôm nay mấy tiền?"
    ask(browser, house, asked).close()
    keep(house)
    page = signed_in("content", name="Mai", java_script_enabled=False)
    press(page, "Câu chưa trả lời")
    press(page, asked)
    enter(page, "reason", "Không thuộc việc của hợp tác xã")
    press(page, "Bỏ qua nhóm này")
    expect(page.get_by_role("status").first).to_contain_text("Đã bỏ qua nhóm")
    press(page, "Đã bỏ qua: 1")
    press(page, asked)
    press(page, "Mở lại nhóm này")
    enter(page, "q", "hạng sao")
    press(page, "Tìm")
    step_to(page, "article")
    page.keyboard.press("Space")
    step_to(page, "Thêm câu của bà con làm câu mẫu của bài (1 câu)")
    page.keyboard.press("Enter")
    step_to(page, "example")
    page.keyboard.press("Space")
    press(page, "Gắn bài này vào nhóm")
    press(page, "Bài hiện nay trả lời được rồi: báo 1 nơi ngay")
    expect(page.get_by_role("status").first).to_contain_text("Đang báo 1 cuộc trò chuyện")


@pytest.mark.parametrize(
    ("role", "text"),
    [("agent", "Thuê máy gặt lúa mấy tiền?"), ("approver", "Học nghề trồng nấm rơm ở mô?")],
)
def test_who_only_reads_changes_nothing(
    house: ConsoleHouse, signed_in: SignedIn, browser: Browser, role: str, text: str
) -> None:
    """Scripts off, they see what was asked and no button that changes it."""
    ask(browser, house, text).close()
    keep(house)
    page = signed_in(role, java_script_enabled=False)
    open_gap(house, page, text)

    assert page.get_by_role("button").all_inner_texts() == ["Ra"]
    assert Path(page.url).name.isdecimal()
