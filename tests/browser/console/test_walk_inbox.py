"""The inbox in a real Chromium: a ticket from the page, answered, closed, on both databases."""

import re

from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.browser.console.conftest import SignedIn
from tests.doubles.console_house import ConsoleHouse, follow, press, step_to

DATABASE = "postgresql"
PATIENCE = 40_000
"""Milliseconds in which a page that looks every quarter of a minute has looked."""

FORM: FilePayload = {
    "name": "Mẫu đơn.pdf",
    "mimeType": "application/pdf",
    "buffer": b"%PDF-1.7" + bytes(3_000_000),
}


def ask_for_a_person(page: Page, house: ConsoleHouse, before: str) -> str:
    """Ask something as a citizen, then for a person; return the number of the ticket."""
    page.goto(house.url)
    for text in (before, "gặp cán bộ"):
        page.locator("#text").fill(text)
        page.keyboard.press("Enter")
        expect(page.locator("#text")).to_have_value("")
    opened = page.locator(".exchange").last
    expect(opened).to_contain_text("phiếu số")
    found = re.search(r"phiếu số (\d+)", opened.inner_text())
    assert found
    return found[1]


def test_a_ticket_from_the_page(house: ConsoleHouse, signed_in: SignedIn, browser: Browser) -> None:
    """Taken, answered without the citizen's reloading, closed; the talk keeps all of it."""
    with browser.new_context(viewport={"width": 390, "height": 844}, locale="vi-VN") as context:
        citizen = context.new_page()
        number = ask_for_a_person(citizen, house, "xã tôi bị lũ, hồ sơ OCOP nộp trễ có sao không")
        agent = signed_in("agent", name="Lan")
        house.look(agent, "home-ticket")
        follow(agent, agent.get_by_role("link", name=re.compile("chưa ai nhận")))
        house.look(agent, "inbox-list")
        follow(agent, agent.get_by_role("link", name=f"Phiếu {number}", exact=True))
        house.look(agent, "inbox-free")
        follow(agent, agent.get_by_role("button", name=f"Nhận phiếu {number}"))
        citizen.locator("#text").fill("tôi ở Trà My, nộp hôm 3/11")
        citizen.keyboard.press("Enter")
        expect(citizen.locator(".exchange").last).to_contain_text("Đã chuyển lời này tới cán bộ")
        heard = agent.get_by_role("status").filter(has_text="vừa viết thêm")
        expect(heard).to_contain_text("tôi ở Trà My")
        follow(citizen, citizen.get_by_role("link", name="Gửi ảnh hay PDF cho cán bộ").last)
        house.look(citizen, "inbox-file-of-a-citizen")
        citizen.get_by_label("Chọn ảnh hay PDF").set_input_files({**FORM, "name": "giấy hẹn.pdf"})
        follow(citizen, citizen.get_by_role("button", name="Gửi cho cán bộ"))
        expect(citizen.locator("#log")).to_contain_text("giấy hẹn.pdf")
        agent.reload()
        with agent.expect_download() as given:
            agent.get_by_role("link", name="Tải giấy hẹn.pdf").click()
        assert given.value.path().read_bytes() == FORM["buffer"]
        agent.get_by_label("Trả lời bà con").fill("Nộp trễ vì lũ thì được nhận.\nChị cứ nộp nhé.")
        agent.get_by_label("Tìm bài").fill("hạng sao")
        with agent.expect_response(re.compile(r"\?q=")):
            agent.get_by_role("button", name="Tìm", exact=True).click()
        expect(agent.get_by_label("Trả lời bà con")).to_have_value(re.compile("Nộp trễ vì lũ"))
        house.look(agent, "inbox-ticket")
        agent.get_by_label("Kèm ảnh hay PDF").set_input_files(FORM)
        agent.get_by_role("button", name=f"Gửi bà con phiếu {number}").click()
        expect(agent.get_by_role("status").first).to_contain_text("Đã gửi bà con")
        expect(citizen.locator(".exchange.later")).to_contain_text(
            "Chị cứ nộp nhé", timeout=PATIENCE
        )
        with citizen.expect_download() as given:
            citizen.get_by_role("link", name="Mẫu đơn.pdf").click()
        assert given.value.path().read_bytes() == FORM["buffer"]
        follow(agent, agent.get_by_role("button", name=f"Khép phiếu {number}"))
        citizen.reload()
        expect(citizen.locator("#log")).to_contain_text("đã khép phiếu")
        expect(citizen.locator("#log")).to_contain_text("tôi ở Trà My")
    agent.goto(f"{house.url}/console/inbox?view=closed")
    house.look(agent, "inbox-closed")
    agent.get_by_role("link", name="Số liệu của phiếu").click()
    expect(agent.get_by_role("heading", level=1)).to_contain_text("30 ngày qua")
    house.look(agent, "inbox-figures")


def test_by_keyboard_without_scripts(
    house: ConsoleHouse, signed_in: SignedIn, browser: Browser
) -> None:
    """Scripts off, keys alone: from the list to the answer, and on to a colleague."""
    with browser.new_context(locale="vi-VN") as context:
        number = ask_for_a_person(context.new_page(), house, "tiền hỗ trợ bò sữa bao nhiêu")
    agent = signed_in("agent", name="Minh", java_script_enabled=False)
    signed_in("agent", name="Lan")
    agent.goto(f"{house.url}/console/inbox")
    press(agent, f"Nhận phiếu {number}")
    expect(agent.get_by_role("heading", level=1)).to_contain_text(f"Phiếu {number}")
    step_to(agent, "text")
    agent.keyboard.type("Chưa có mức cho bò sữa.")
    agent.get_by_label("Kèm ảnh hay PDF").set_input_files(FORM)
    press(agent, f"Gửi bà con phiếu {number}")
    expect(agent.locator(".talk .answer")).to_contain_text("Chưa có mức cho bò sữa.")
    expect(agent.locator(".talk .answer")).to_contain_text("Mẫu đơn.pdf")
    step_to(agent, "to")
    agent.keyboard.type("Lan")
    press(agent, f"Chuyển phiếu {number}")
    expect(agent.get_by_role("status").first).to_contain_text("Đã chuyển phiếu")
