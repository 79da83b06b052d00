"""The figures in a real Chromium: looked at, read as tables, reported by month, on a phone too."""

import pytest
from playwright.sync_api import expect
from sqlalchemy.ext.asyncio import AsyncSession

from services.clock import utc_now
from tests.browser.console.conftest import SignedIn
from tests.doubles.console_house import ConsoleHouse, follow, press
from tests.doubles.log import turn


@pytest.fixture
def asked(house: ConsoleHouse) -> None:
    """Have some things been asked today, one of them in vain."""

    async def change(session: AsyncSession) -> None:
        told = [turn("…", article="founding/so-thanh-vien") for _ in range(3)]
        for one in [*told, turn("…", "declined")]:
            one.at = utc_now()
            session.add(one)

    house.keep(change)


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_from_the_figures_to_the_report(
    house: ConsoleHouse, signed_in: SignedIn, scripts: bool
) -> None:
    """By keyboard alone where scripts are on: charts with their tables, the month as a PDF."""
    page = signed_in("agent", java_script_enabled=scripts)
    go = press if scripts else lambda page, name: follow(page, page.get_by_text(name).first)
    go(page, "Số liệu")
    expect(page.locator("dl.figures")).to_contain_text("Trả lời được")
    if scripts:
        house.look(page, "insight")
    report = page.get_by_role("link", name="Báo cáo tháng").inner_text()
    go(page, report)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Báo cáo tháng")
    if scripts:
        house.look(page, "insight-report")
    with page.expect_download() as handed:
        page.get_by_role("link", name="Tải PDF để in, ký").press("Enter")
    assert handed.value.path().read_bytes().startswith(b"%PDF-")
