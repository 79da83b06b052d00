"""The people's section in a real Chromium: a list taken in, names asked for, a poster."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.console.conftest import SignedIn
from tests.doubles.console_house import ConsoleHouse, press, step_to
from tests.doubles.workbook import workbook


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_a_list_is_looked_at_and_taken_in(
    house: ConsoleHouse, signed_in: SignedIn, tmp_path: Path, scripts: bool
) -> None:
    """Each line is shown with what it will do, then all are there; a list may be dropped."""
    page = signed_in("admin", name="Hạnh", java_script_enabled=scripts)
    first = 100 if scripts else 200
    rows: list[list[str | float]] = [
        ["Họ tên", "Mã chat", "Vai trò", "Xã"],
        ["=Bà Tư", first, "nông dân", "Hòa Tiến"],
    ]
    rows += [["Ông Năm", first + 1, "cán bộ", ""], ["Bà Sáu", "sai", "", ""]]
    file = tmp_path / "danh-sach.xlsx"
    file.write_bytes(workbook(rows))
    page.get_by_role("link", name="Bà con", exact=True).click()
    for button in ("Bỏ, không nhập", "Nhập 2 người"):
        page.get_by_label("Tệp").set_input_files(file)
        page.get_by_label("Thêm những người này vào nhóm").fill(f"tổ {first}")
        page.get_by_role("button", name="Xem thử từng dòng").click()
        expect(page.get_by_text("Chưa nhập gì.")).to_be_visible()
        if scripts and button.startswith("Nhập"):
            house.look(page, "people-import")
        page.get_by_role("button", name=button).click()
    expect(page.get_by_role("status").first).to_contain_text("Đã nhập 2 người (2 mới")
    expect(page.get_by_role("cell", name=f"tổ {first}", exact=True)).to_be_visible()
    if scripts:
        house.look(page, "people")
    page.get_by_role("link", name="Xem tên").click()
    page.get_by_label("Nhóm").select_option(f"tổ {first}")
    page.get_by_role("button", name="Xem").click()
    expect(page.get_by_role("cell", name="=Bà Tư")).to_be_visible()
    if scripts:
        house.look(page, "people-names")
    page.goto(f"{house.url}/console/people")
    with page.expect_download() as handed:
        page.get_by_role("button", name="Tải bảng CSV").click()
    assert '"\'=Bà Tư"' in handed.value.path().read_text(encoding="utf-8")


def test_by_keyboard_without_scripts(signed_in: SignedIn, tmp_path: Path) -> None:
    """A list is looked at and taken in, its names are read, a poster is drawn."""
    page = signed_in("admin", name="Hạnh", java_script_enabled=False)
    file = tmp_path / "danh-sach.csv"
    file.write_text("chat_id;họ tên;xã\n300;Bà Bảy;Hòa Tiến\n", encoding="utf-8")
    press(page, "Bà con")
    step_to(page, "file")
    page.locator("input:focus").set_input_files(file)  # the choosing is the machine's own window
    press(page, "Xem thử từng dòng")
    press(page, "Nhập 1 người")
    press(page, "Xem tên (có ghi sổ)")
    step_to(page, "word")
    page.keyboard.type("Bảy")
    press(page, "Xem")
    expect(page.get_by_role("cell", name="Bà Bảy")).to_be_visible()
    press(page, "Bà con")
    press(page, "Tờ mời có mã QR")
    step_to(page, "bot")
    page.keyboard.type("htx_bot")
    press(page, "Làm tờ mời")
    expect(page.get_by_text("https://t.me/htx_bot")).to_be_visible()


def test_a_poster(house: ConsoleHouse, signed_in: SignedIn) -> None:
    """For a place, a topic and an event, to be printed."""
    page = signed_in("admin", name="Hạnh")
    page.goto(f"{house.url}/console/people/poster")
    house.look(page, "people-poster-form")
    page.get_by_label("Xã, phường điền sẵn").select_option(label="Xã Hòa Tiến")
    page.get_by_label("Tên ngắn của buổi").fill("hop-xa")
    page.get_by_label("Tên bot").fill("htx_bot")
    page.get_by_role("button", name="Làm tờ mời").click()
    expect(page.get_by_text("https://t.me/htx_bot?start=")).to_be_visible()
    house.look(page, "people-poster")
