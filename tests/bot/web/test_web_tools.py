"""The tools on the page: one question a page, without scripts."""

import os
import random
import re
from datetime import datetime, timedelta

import httpx
import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from bot.runner import Runner
from bot.web.app import make_app
from services.bootstrap import Services, bootstrap
from services.knowledge.library import Library
from services.storage.models import FormRun
from services.tools.forms import runs
from services.tools.forms.catalogue import forms_of
from tests.conftest import BARS, NOON
from tests.doubles.nlu import FakeNlu
from tests.doubles.web import Probe, Visit, words

LOAN = {
    "amount": "300 triệu",
    "months": "2 năm",
    "rate": "6,5",
    "method": "annuity",
    "every": "quarter",
    "grace": "không",
    "own": "",
    "late": "m3",
    "overdue_rate": "9,75",
}

WALKS = int(os.environ.get("TOOL_CASES", "1000")) // 200
STEPS = 30
PLACES = {
    "loan": [f"/{name}" for name in LOAN],
    "ocop": ["/product", "/sheet", "/s09.gate", "/s09.1.1", "/s26.1.1", "/keep", "/erase"],
}
TYPED = [*LOAN.values(), "09", "co", "khong", "n3", "size", "rác", "9" * 30, "-5", "\0", "1e9"]


async def post(client: httpx.AsyncClient, address: str, **fields: str) -> httpx.Response:
    """Post an answer with the version that the page shows, and follow."""
    page = (await client.get(address)).text
    found = re.search(r'name="version" value="(\d+)"', page)
    version = found.group(1) if found else "0"
    return await client.post(address, data={"version": version, **fields}, follow_redirects=True)


async def fill(client: httpx.AsyncClient, answers: dict[str, str], name: str = "loan") -> str:
    """Begin a form and answer what is asked; return where it ends."""
    at = (await client.post(f"/tools/{name}", follow_redirects=True)).url.path
    while (question := at.rpartition("/")[2]) in answers:
        at = (await post(client, at, answer=answers[question])).url.path
    return at


async def test_a_loan_is_asked_looked_over_and_worked_out(client: httpx.AsyncClient) -> None:
    """To the end: answers in words, the instalments, a picture, a table as a file."""
    listed = (await client.get("/tools")).text
    at = await fill(client, LOAN)
    review = words((await client.get(at)).text)
    page = await client.post("/tools/loan/result", follow_redirects=True)
    table = (await client.get("/tools/loan/result.csv")).text

    assert 'href="/tools/loan"' in listed
    assert at == "/tools/loan/review"
    assert "Số tiền vay 300 triệu đồng" in review
    assert "Thời hạn 24 tháng" in review
    assert "Vay 300 triệu đồng trong 24 tháng, lãi 6,5% một năm" in words(page.text)
    assert "trả trễ 3 tháng thì thêm" in words(page.text)
    assert '<svg class="chart"' in page.text
    assert table.splitlines()[0].endswith("Kỳ,Gốc,Lãi,Phải trả,Còn nợ")
    assert len(table.splitlines()) == 9


async def test_what_is_no_answer_is_asked_again(client: httpx.AsyncClient) -> None:
    """With what is wrong on top and beside the field, and what was typed still there."""
    await client.post("/tools/loan")
    asked = await post(client, "/tools/loan/amount", answer="300")

    assert asked.status_code == 422
    assert "<title>Lỗi:" in asked.text
    assert asked.text.count("Ghi rõ 300 nghìn, 300 triệu hay 300 tỷ đồng.") == 2
    assert 'value="300"' in asked.text


async def test_of_what_time_a_low_rate_is_is_asked(client: httpx.AsyncClient) -> None:
    """Beside the field, with what was typed still there."""
    await fill(client, {"amount": "300 triệu", "months": "2 năm"})
    asked = await post(client, "/tools/loan/rate", answer="0,8")
    led = await post(client, "/tools/loan/rate", answer="0,8", time="month")

    assert asked.status_code == 422
    assert asked.text.count('name="time"') == 2
    assert 'value="0,8"' in asked.text
    assert led.url.path == "/tools/loan/method"
    assert 'value="9,6"' in (await client.get("/tools/loan/rate")).text


async def test_nobody_gets_where_the_path_does_not_lead(client: httpx.AsyncClient) -> None:
    """Whoever asks for a later question, the review or the result is led to what is open."""
    assert (await client.get("/tools/loan/rate")).headers["location"] == "/tools/loan"
    await client.post("/tools/loan")
    for address in ("rate", "review", "no-such-question"):
        led = await client.get(f"/tools/loan/{address}")
        assert led.headers["location"] == "/tools/loan/amount"
    finished = await client.post("/tools/loan/result")
    assert finished.headers["location"] == "/tools/loan/amount"
    assert (await client.get("/tools/nothing")).status_code == 404


async def test_a_change_asks_only_what_it_opens(client: httpx.AsyncClient) -> None:
    """Of 24 months to 25 no quarter is left: the instalment is asked anew, all else stands."""
    await fill(client, LOAN)
    led = await post(client, "/tools/loan/months", answer="25 tháng")

    assert led.url.path == "/tools/loan/every"
    assert "Mỗi quý" not in led.text
    assert (await post(client, "/tools/loan/every", answer="month")).url.path.endswith("/review")


async def test_who_comes_back_goes_on_where_it_was_left(client: httpx.AsyncClient) -> None:
    """The tool's page tells when it was saved, and leads on."""
    await fill(client, {"amount": "300 triệu"})
    front = (await client.get("/tools/loan")).text

    assert "Anh/chị đang làm dở" in front
    assert 'action="/tools/loan/keep"' in front
    assert 'href="/tools/loan/months"' in front


async def test_two_at_a_time_mix_nothing(client: httpx.AsyncClient, services: Services) -> None:
    """The later of two is shown what stands; the same sent twice leads on."""
    await client.post("/tools/loan")
    first = {"version": "0", "answer": "300 triệu"}
    for _ in range(2):
        assert (await client.post("/tools/loan/amount", data=first)).status_code == 303
    late = await client.post("/tools/loan/amount", data={"version": "0", "answer": "5 tỷ"})

    assert late.status_code == 422
    assert "vừa được trả lời ở nơi khác" in words(late.text)
    assert 'value="300.000.000"' in late.text
    async with services.sessions() as session:
        run = (await session.scalars(select(FormRun))).one()
    assert (run.answers, run.version) == ({"amount": 300_000_000}, 1)


async def test_result_pressed_twice_is_one(client: httpx.AsyncClient, services: Services) -> None:
    """A form ends once; its answers may be changed in another."""
    at = await fill(client, LOAN)
    assert at.endswith("/review")
    for _ in range(2):
        await client.post("/tools/loan/result")
    again = await client.post("/tools/loan", data={"again": "1"})

    assert again.headers["location"] == "/tools/loan/review"
    async with services.sessions() as session:
        rows = (await session.scalars(select(FormRun).order_by(FormRun.id))).all()
    assert [row.ended_at is None for row in rows] == [False, True]


async def test_answers_are_nobody_elses_and_go_when_wanted(
    client: httpx.AsyncClient, visit: Visit, services: Services
) -> None:
    """Another browser sees nothing of them; erased, nothing is left."""
    await fill(client, LOAN)
    await client.post("/tools/loan/result")
    other = await visit().get("/tools/loan/result")
    erased = await client.post("/tools/loan/erase")

    assert "300 triệu" not in other.text
    assert erased.headers["location"] == "/tools"
    async with services.sessions() as session:
        assert (await session.scalars(select(FormRun))).all() == []


async def test_another_sites_form_is_refused(client: httpx.AsyncClient) -> None:
    """A form of a tool is sent by our own pages alone."""
    foreign = {"sec-fetch-site": "cross-site"}
    for address in ("/tools/loan", "/tools/loan/amount", "/tools/loan/result", "/tools/loan/erase"):
        assert (await client.post(address, headers=foreign)).status_code == 403


async def test_what_is_typed_stands_in_no_log(
    client: httpx.AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither answers nor what was no answer."""
    await client.post("/tools/ocop")
    await post(client, "/tools/ocop/product", answer="mắm dì Ẩn")
    await post(client, "/tools/ocop/sheet", answer="mắm dì Ẩn")

    assert "Ẩn" not in "".join(capsys.readouterr())


async def test_a_product_is_scored_and_compared(client: httpx.AsyncClient) -> None:
    """A criterion that is left out counts nought; the second time is compared with the first."""
    await client.post("/tools/ocop")
    await post(client, "/tools/ocop/product", answer="nước mắm")
    await post(client, "/tools/ocop/sheet", answer="09")
    at = (await post(client, "/tools/ocop/s09.gate", answer="khong")).url.path
    while not at.endswith("/review"):
        at = (await post(client, at, skip="1")).url.path
    page = words((await client.post("/tools/ocop/result", follow_redirects=True)).text)
    await client.post("/tools/ocop", data={"again": "1"})
    await post(client, "/tools/ocop/s09.1.1", answer="n3")
    second = words((await client.post("/tools/ocop/result", follow_redirects=True)).text)

    assert "Theo anh/chị khai cho nước mắm: 0 điểm, hạng 1 sao." in page
    assert "nếu đạt mức cao nhất thì tổng tới 100 điểm" in page
    assert "Cách gần nhất để lên 2 sao" in page
    assert "Lần trước 0 điểm, 1 sao; lần này +5 điểm." in second


async def test_a_file_that_is_rejected_is_not_scored(client: httpx.AsyncClient) -> None:
    """Whatever it would score."""
    answers = {"product": "", "sheet": "09", "s09.gate": "co"}
    assert (await fill(client, answers, "ocop")).endswith("/review")
    page = words((await client.post("/tools/ocop/result", follow_redirects=True)).text)

    assert "rơi vào trường hợp bị loại" in page


@pytest.mark.parametrize("typed", ["9" * 5000, "-1", "1e400", "\0", "٣٠٠", "<script>"])
@pytest.mark.parametrize("version", ["0", "9" * 40])
async def test_whatever_is_sent_fails_nothing(
    client: httpx.AsyncClient, typed: str, version: str
) -> None:
    """It is asked again, in words."""
    await client.post("/tools/loan")
    data = {"version": version, "answer": typed}
    for address in ("/tools/loan/amount", "/tools/ocop/sheet", "/tools/loan/late"):
        assert (await client.post(address, data=data)).status_code in {303, 422}


async def test_a_message_begins_a_tool_with_what_it_told(
    client: httpx.AsyncClient,
) -> None:
    """Its link leads to the first question that the message left open."""
    page = await client.post("/", data={"text": "tính lãi vay 300 triệu 24 tháng"})
    address = re.search(r'<a href="(/tools/[^"]+)"', page.text)
    assert address
    asked = await client.get(address[1], follow_redirects=True)

    assert "300 triệu đồng" in page.text
    assert asked.url.path == "/tools/loan/rate"


async def test_what_can_not_be_kept_leads_nowhere_once(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reply comes without the link that was never kept."""
    make_link = runs.make_link

    async def fails_to_commit(session: AsyncSession, run: FormRun, now: datetime) -> str:
        def fail(_session: Session) -> None:
            raise OperationalError("COMMIT", {}, Exception())

        event.listen(session.sync_session, "before_commit", fail)
        return await make_link(session, run, now)

    monkeypatch.setattr(runs, "make_link", fails_to_commit)
    page = await visit().post("/?embed=1", data={"text": "tính lãi vay 300 triệu 24 tháng"})

    assert "300 triệu đồng" in page.text
    assert "/tools/resume/" not in page.text


async def test_a_form_of_a_chat_is_gone_on_with_on_the_page(
    visit: Visit, services: Services
) -> None:
    """A link brings it once, to whoever presses; to look at it brings nothing."""
    async with services.sessions.begin() as session:
        form = forms_of(services.library)["loan"]
        known = {"amount": 300_000_000}
        run = await runs.begin(session, ("telegram", "7"), form, known, services.now())
        address = f"/tools/resume/{await runs.make_link(session, run, services.now())}"
    mine, other = visit(), visit()
    looked = await mine.get(address)
    brought = await mine.post(address, follow_redirects=True)
    again = await other.post(address)

    assert "Làm tiếp ở đây" in looked.text
    assert brought.url.path == "/tools/loan/months"
    assert again.status_code == 410


async def test_what_is_open_here_goes_for_a_link_once_that_was_told(
    client: httpx.AsyncClient, services: Services
) -> None:
    """Whoever comes by a link, out of a frame too, sees what would be lost, or goes on with it."""
    await fill(client, {"amount": "500 triệu", "months": "2 năm"})
    async with services.sessions.begin() as session:
        form, known = forms_of(services.library)["loan"], {"amount": 300_000_000}
        run = await runs.begin(session, ("web", "frame"), form, known, services.now())
        address = f"/tools/resume/{await runs.make_link(session, run, services.now())}"
    looked = await client.get(address)
    unasked = await client.post(address)
    held = (await client.get("/tools/loan/amount")).text
    instead = re.search(r'name="instead" value="(\d+)"', looked.text)
    taken = await client.post(address, data={"instead": instead[1] if instead else ""})

    assert "đã trả lời 2 câu" in words(looked.text)
    assert 'href="/tools/loan/rate"' in looked.text
    assert unasked.status_code == 409
    assert "500.000.000" in held
    assert taken.headers["location"] == "/tools/loan/months"


async def test_answers_are_kept_as_long_as_their_owner_says(
    client: httpx.AsyncClient, services: Services
) -> None:
    """From among some terms; no other is taken."""
    await fill(client, LOAN)
    await client.post("/tools/loan/result")
    for days, until in (("7", 7), ("9999", 7), ("365", 365)):
        await client.post("/tools/loan/keep", data={"days": days})
        async with services.sessions() as session:
            run = (await session.scalars(select(FormRun))).one()
        assert run.until == NOON + timedelta(days=until)


async def test_another_process_goes_on_where_one_was_killed(
    client: httpx.AsyncClient, services: Services, library: Library, nlu: FakeNlu
) -> None:
    """Each answer is kept before the next question is shown."""
    await fill(client, {"amount": "300 triệu", "months": "2 năm"})
    async with bootstrap(
        settings=services.settings, library=library, nlu=nlu, thresholds=BARS, now=lambda: NOON
    ) as again:
        transport = httpx.ASGITransport(make_app(Runner(again), nlu_ready=Probe()))
        async with httpx.AsyncClient(
            transport=transport, base_url="http://htx.test", cookies=client.cookies
        ) as other:
            led = await other.get("/tools/loan/review")

    assert led.headers["location"] == "/tools/loan/rate"


async def test_what_was_answered_is_told_in_words(client: httpx.AsyncClient) -> None:
    """In the file of all that is kept of the conversation, a score sheet's too."""
    await fill(client, {"amount": "300 triệu", "months": "2 năm"})
    answers = {"product": "nước mắm", "sheet": "09", "s09.gate": "khong", "s09.1.1": "n3"}
    await fill(client, answers, "ocop")
    told = (await client.post("/dulieu")).text

    assert (
        "Tính khoản vay, giữ đến 22/2/2027: Số tiền vay: 300 triệu đồng; Thời hạn: 24 tháng" in told
    )
    assert "Bị loại: Không; 1.1. Nguồn nguyên liệu: Sử dụng nguyên liệu" in told


async def test_wherever_people_wander_nothing_fails(client: httpx.AsyncClient) -> None:
    """Pages of the path and off it, answers and none, twice, back, at the end: always a page."""
    rng = random.Random(20261130)  # noqa: S311  # because it is no secret
    for _ in range(WALKS):
        for _ in range(STEPS):
            tool = rng.choice(("loan", "ocop"))
            place = rng.choice(("", "/review", "/result", "/result.csv", *PLACES[tool]))
            address, wants = f"/tools/{tool}{place}", rng.random()
            if wants < 0.3:
                answer = await client.get(address)
            elif wants < 0.4:
                answer = await client.post(f"/tools/{tool}", data={"again": rng.choice("01")})
            else:
                fields = {"version": str(rng.randrange(4)), "answer": rng.choice(TYPED)}
                skips = {"skip": "1"} if rng.random() < 0.2 else {}
                answer = await client.post(address, data={**fields, **skips})
            assert answer.status_code in {200, 303, 405, 422}, (address, answer.status_code)
        assert (await fill(client, LOAN)).endswith("/review")
