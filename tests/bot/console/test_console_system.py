"""The system's section: both switches, accounts of staff, the audit."""

import ast
import re
from collections.abc import Callable

import httpx
import pytest
from sqlalchemy import select, update

from bot.console.audit_words import ACTS, ANNOUNCED, NUMBERS
from services.bootstrap import Services
from services.clock import write_moment
from services.settings import ROOT
from services.staff import account, audit, sign_in
from services.storage.models import Staff, StaffSession, Turn
from tests.bot.console.conftest import SITE, SignIn
from tests.doubles.console import press
from tests.doubles.nlu import FakeNlu, reading
from tests.doubles.web import words

Browser = Callable[[], httpx.AsyncClient]
ASKED = "Cần mấy người để lập hợp tác xã?"


@pytest.fixture
def nlu() -> FakeNlu:
    """Return an NLU that is sure of a question."""
    return FakeNlu({ASKED: reading(("founding.so-thanh-vien", 0.9))})


async def ask(client: httpx.AsyncClient, text: str) -> httpx.Response:
    """Ask as a citizen does, on the page."""
    return await client.post("/", data={"text": text}, headers={"origin": SITE})


async def test_automatic_answers_are_stopped(
    services: Services, signed_in: SignIn, browser_of: Browser
) -> None:
    """Everybody reads the sentence, signs in it shown as they are; then all is as before."""
    admin, citizen = await signed_in("admin", name="Lan"), browser_of()
    await press(admin, "/console/system/stop/answers", sentence="Đang **xem lại** <b>số liệu</b>.")

    stopped = await ask(citizen, ASKED)
    page = await admin.get("/console")
    await press(admin, "/console/system/resume/answers")
    answered = await ask(citizen, ASKED)

    assert "05 thành viên" not in words(stopped.text)
    assert "Đang **xem lại** <b>số liệu</b>." in words(stopped.text)
    assert "Gặp cán bộ" in words(stopped.text)
    assert "Trả lời tự động đang tắt: Lan tắt lúc" in words(page.text)
    assert "05 thành viên" in words(answered.text)
    async with services.sessions() as session:
        outcomes = list(await session.scalars(select(Turn.outcome).order_by(Turn.id)))
    assert outcomes == ["handoff", "answered"]


async def test_a_person_is_reached_while_answers_are_stopped(
    signed_in: SignIn, browser_of: Browser
) -> None:
    """Whoever asks for one gets a ticket; whoever is in distress is answered at once."""
    admin, citizen = await signed_in("admin"), browser_of()
    await press(admin, "/console/system/stop/answers", sentence="Đang xem lại.")

    ticket = await ask(citizen, "gặp cán bộ")
    distress = await ask(citizen, "tôi muốn tự tử")

    assert "phiếu số 1" in words(ticket.text)
    assert "115" in words(distress.text)


async def test_answers_are_not_stopped_without_a_word(signed_in: SignIn) -> None:
    """The form says what is lacking; a switch that is none is refused."""
    admin = await signed_in("admin")
    empty = await press(admin, "/console/system/stop/answers", sentence="")
    none = await press(admin, "/console/system/stop/everything", sentence="x")

    assert "Câu cho bà con cần có" in words(empty.text)
    assert "Không có công tắc" in words(none.text)


async def test_staff_are_added_changed_and_closed(
    services: Services, signed_in: SignIn, browser_of: Browser
) -> None:
    """A new account comes in by the link that is shown once; another role ends its session."""
    admin = await signed_in("admin", name="Lan")
    await press(admin, "/console/system/staff", name="<i>Minh</i>", role="author")
    number = await _number(services, "<i>Minh</i>")
    shown = await press(admin, f"/console/system/staff/{number}/link")
    link = re.search(r"/console/sign-in/[\w-]+", shown.text)
    assert link
    minh = browser_of()
    await minh.get(link[0])
    assert (await minh.get("/console")).status_code == 200

    changed = await press(admin, f"/console/system/staff/{number}/role", role="agent")
    assert changed.headers["location"] == "/console/system/staff"
    assert (await minh.get("/console")).status_code == 303
    page = (await admin.get("/console/system/staff")).text
    assert "<i>Minh" not in page
    await press(admin, f"/console/system/staff/{number}/close")

    assert "(đã khóa)" in (await admin.get("/console/system/staff")).text
    async with services.sessions() as session:
        rows = await audit.entries(session, "staff <i>Minh</i>")
    assert [(row.did, row.who) for row in rows] == [
        ("staff.add", "Lan"),
        ("staff.session", "Lan"),
        ("staff.sign-in", "<i>Minh</i>"),
        ("staff.role", "Lan"),
        ("staff.disable", "Lan"),
    ]


async def test_the_last_administrator_stays(services: Services, signed_in: SignIn) -> None:
    """Neither closed nor lowered, and the page says why."""
    admin = await signed_in("admin", name="Lan")
    number = await _number(services, "Lan")
    for act, fields in (("close", {}), ("role", {"role": "agent"})):
        refused = await press(admin, f"/console/system/staff/{number}/{act}", **fields)
        assert "quản trị cuối cùng" in words(refused.text)

    assert (await admin.get("/console/system")).status_code == 200


async def test_rights_are_changed_by_who_proved_it(services: Services, signed_in: SignIn) -> None:
    """A session of twenty minutes is asked first; stopping is not held up by that."""
    admin = await signed_in("admin", name="Lan")
    async with services.sessions.begin() as session:
        old = services.now() - sign_in.PROVED_FOR
        await session.execute(update(StaffSession).values(proved_at=old))
        await account.add(session, "Minh", "agent", services.now(), "system")
    number = await _number(services, "Minh")

    for act in ("role", "close", "link", "reset"):
        asked = await press(admin, f"/console/system/staff/{number}/{act}", role="admin")
        assert "Xin xác nhận" in asked.text
    stopped = await press(admin, "/console/system/stop/sending")

    assert stopped.headers["location"] == "/console/system"
    async with services.sessions() as session:
        minh = await session.get_one(Staff, number)
    assert (minh.role, minh.disabled) == ("agent", False)


async def test_the_audit_is_read_by_pages(services: Services, signed_in: SignIn) -> None:
    """Some a page, the newest first; by who, by kind, by what; what was and what is."""
    admin = await signed_in("admin", name="Lan")
    async with services.sessions.begin() as session:
        for number in range(60):
            audit.note(session, services.now(), "Minh", "announce.send", f"announcement {number}")
        audit.note(
            session, services.now(), "Minh", "stop", "answers", before="", after="<b>Nghỉ</b>"
        )

    first = await admin.get("/console/system/audit?who=Minh")
    older = re.search(r'href="(/console/system/audit\?[^"]+)">Cũ hơn', first.text)
    assert older
    second = await admin.get(older[1].replace("&amp;", "&"))
    one = await admin.get("/console/system/audit?about=th%C3%B4ng+b%C3%A1o+7&did=announce")

    assert first.text.count("cho gửi</td>") == audit.PAGE - 1
    assert "trống → <b>Nghỉ</b>" in words(first.text)
    assert "<b>Nghỉ" not in first.text
    assert second.text.count("cho gửi</td>") == audit.PAGE
    assert "thông báo 7" in one.text
    assert "thông báo 8" not in one.text
    assert (await admin.get("/console/system/audit?before=x&who=%27")).status_code == 200


async def test_the_state_of_the_product(signed_in: SignIn) -> None:
    """What the doctor finds stands there, what is to be mended first."""
    admin = await signed_in("admin")
    page = words((await admin.get("/console/system/checks")).text)

    assert "Bộ phận gửi thông báo không chạy" in page
    assert "Ổ đĩa còn" in page
    assert "Chưa có bản sao lưu nào" in words((await admin.get("/console/system")).text)


async def _number(services: Services, name: str) -> int:
    async with services.sessions() as session:
        query = select(Staff.id).where(Staff.name == name)
        return (await session.scalars(query)).one()


def test_every_act_has_its_words() -> None:
    """What is noted anywhere is told in words in the audit: the act, and the numbers beside it."""
    noted = [
        call
        for room in ("services", "bot")
        for path in (ROOT / room).rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and ast.unparse(call.func) in _NOTING
    ]
    acts = {
        arg.value
        for call in noted
        for arg in call.args
        if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
    }
    numbers = {key.arg for call in noted for key in call.keywords if key.arg}
    announced = {f"announce.{did}" for did in ANNOUNCED}
    known = {*ACTS, *ANNOUNCED, *announced, *(act.split(".")[1] for act in ACTS if "." in act), ""}

    assert len(acts) > 60
    assert acts - known == set()
    assert numbers - {*NUMBERS, "before", "after"} == set()


_NOTING = ("audit.note", "self._note", "_note")


async def test_the_audit_is_read_without_knowing_its_names(
    services: Services, signed_in: SignIn
) -> None:
    """Deeds, things and values stand in words; what is empty is not told; words find them."""
    admin = await signed_in("admin", name="Lan")
    article = "founding/so-thanh-vien"
    title = services.library.articles[article].head.title
    now, about = services.now(), f"article {article}"
    async with services.sessions.begin() as session:
        audit.note(session, now, "Minh", "content.approve", about, proposal=7, hash="a1" * 32)
        audit.note(session, now, "system", "ticket.opened", "ticket 4")
        audit.note(session, now, "Minh", "ticket.hand_on", "ticket 4", to="")
        audit.note(session, now, "Minh", "people.names", shown=3, by=[])
        audit.note(session, now, "Minh", "announce.send", "announcement 4", count=2, at=str(now))

    page = (await admin.get("/console/system/audit")).text
    told = words(page)
    by_title = (await admin.get("/console/system/audit", params={"about": title.upper()})).text
    by_words = (await admin.get("/console/system/audit", params={"about": "PHIEU 4"})).text
    by_act = (await admin.get("/console/system/audit", params={"did": "people.names"})).text

    assert f"bài “{title}” ({article})" in told
    assert "bản sửa: 7; mã bản: a1a1a1a1a1a1…" in told
    assert "máy mở phiếu phiếu 4" in told
    assert f"số người: 2; lúc: {write_moment(now)}" in told
    assert "số dòng đã xem: 3" in told
    cells = "".join(re.findall(r"<td.*?</td>", page))
    assert not re.search(r"\b[a-z]+\.[a-z_]+\b|hash|\[\]|: *(;|<)|system", cells)
    assert [one.count("<tr>") - 1 for one in (by_title, by_words, by_act)] == [1, 2, 1]
