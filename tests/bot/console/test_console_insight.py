"""The figures: shown, given as CSV, reported by month."""

from http import HTTPStatus

from services.bootstrap import Services
from tests.bot.console.conftest import SignIn
from tests.doubles.log import turn
from tests.doubles.web import words


async def _ask(services: Services) -> None:
    async with services.sessions.begin() as session:
        session.add_all([turn("…", article="founding/so-thanh-vien"), turn("…", "declined")])


async def test_the_month_that_runs_is_shown(services: Services, signed_in: SignIn) -> None:
    """With how much of it was answered, and a table under each chart."""
    await _ask(services)
    page = (await (await signed_in("agent")).get("/console/insight")).text

    assert "Trả lời được 50,0 %" in words(page)
    assert page.count("<svg") <= page.count("<table>")


async def test_a_table_is_a_file_for_excel(services: Services, signed_in: SignIn) -> None:
    """Each row of the chart, its text one that no spreadsheet runs."""
    await _ask(services)
    file = await (await signed_in("author")).get("/console/insight/outcomes.csv")

    assert file.content.decode("utf-8-sig").splitlines()[0] == "trả lời được,1"
    assert "attachment" in file.headers["content-disposition"]


async def test_the_report_is_a_page_and_a_pdf(services: Services, signed_in: SignIn) -> None:
    """Of the month that is asked for."""
    await _ask(services)
    client = await signed_in("approver")
    month = services.now().strftime("%Y-%m")

    page = await client.get(f"/console/insight/report?month={month}")
    file = await client.get(f"/console/insight/report.pdf?month={month}")

    assert "Lượt hỏi của bà con 2 0" in words(page.text)
    assert file.content.startswith(b"%PDF-")


async def test_days_that_are_none_are_refused_in_words(signed_in: SignIn) -> None:
    """Neither a slip nor ten years is looked at."""
    client = await signed_in("admin")
    for asked in (
        "month=1",
        "first=2026-11-02&last=2026-11-01",
        "first=2010-01-01&last=2026-11-01",
    ):
        answered = await client.get(f"/console/insight?{asked}")
        assert answered.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert "chọn ngày đầu trước ngày cuối" in answered.text
