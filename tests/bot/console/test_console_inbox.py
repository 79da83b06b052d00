"""The inbox: a ticket from a talk, taken, answered, closed; what the citizen is told of it."""

import asyncio
import re
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus

import httpx
import pytest
from sqlalchemy import event, select, update

from bot.runner import Runner
from services.bootstrap import Services
from services.conversation.question import Question
from services.conversation.state import TurnResult
from services.staff import account, audit
from services.storage.models import Notice, Ticket
from tests.bot.console.conftest import SignIn
from tests.doubles.console import press, token_of
from tests.doubles.web import words

KEY = "nguoi-hoi-0001"
TALK = "web"


async def say(services: Services, text: str = "", payload: str = "") -> TurnResult:
    """Say something as a citizen."""
    return await Runner(services).ask(Question("web", KEY, text, payload))


async def told(services: Services) -> list[str]:
    """Return what the citizen was told beside answers, in its order."""
    async with services.sessions() as session:
        mine = select(Notice.text).where(Notice.channel == TALK).order_by(Notice.id)
        return list(await session.scalars(mine))


@pytest.fixture
async def number(services: Services) -> int:
    """Return a ticket that a citizen has opened."""
    await say(services, "hồ sơ của tôi nộp từ tháng 9 mà chưa thấy gì, số tôi 0905123456")
    opened = await say(services, "gặp cán bộ")
    assert opened.ticket is not None
    return opened.ticket


async def test_from_the_wish_to_the_end(services: Services, signed_in: SignIn, number: int) -> None:
    """An agent takes it, answers in the office's name, closes; the bot is silent meanwhile."""
    agent = await signed_in("agent", name="Lan")
    page = f"/console/inbox/{number}"
    queue = words((await agent.get("/console/inbox")).text)
    taken = await press(agent, f"{page}/take", page)
    meanwhile = await say(services, "dạ hồ sơ ở xã Trà My")
    shown = words((await agent.get(page)).text)
    seen = (await agent.get(page)).text.partition('name="seen" value="')[2].partition('"')[0]
    sent = await press(
        agent, f"{page}/answer", page, text="Hồ sơ đã <b>duyệt</b>.", once="a", seen=seen
    )
    closed = await press(agent, f"{page}/close", page)
    after = await say(services, "cảm ơn")

    assert f"Nhận phiếu {number}" in queue
    assert "nộp từ tháng 9" in queue
    assert "0905123456" not in queue
    assert taken.headers["location"] == page
    assert meanwhile.ticket == number
    assert "chuyển lời này tới cán bộ" in meanwhile.reply.lead
    assert "dạ hồ sơ ở xã Trà My" in shown
    assert sent.status_code == closed.status_code == HTTPStatus.SEE_OTHER
    answer, end = await told(services)
    assert "Cán bộ trả lời" in answer
    assert r"\<b\>duyệt" in answer
    assert "khép phiếu" in end
    assert after.ticket is None


async def test_what_is_done_is_in_the_audit(
    services: Services, signed_in: SignIn, number: int
) -> None:
    """Who read, took, answered and closed, and nothing of what was written."""
    agent = await signed_in("agent", name="Lan")
    page = f"/console/inbox/{number}"
    await agent.get(page)
    await press(agent, f"{page}/take")
    await press(agent, f"{page}/answer", text="Đã duyệt.", once="a")
    await press(agent, f"{page}/close")
    async with services.sessions() as session:
        rows = await audit.entries(session, f"ticket {number}")

    assert [(row.who, row.did) for row in rows] == [
        ("system", "ticket.opened"),
        ("Lan", "ticket.read"),
        ("Lan", "ticket.take"),
        ("Lan", "ticket.answer"),
        ("Lan", "ticket.close"),
    ]
    assert "duyệt" not in str([row.note for row in rows])


async def test_a_form_sent_twice_answers_once(
    services: Services, signed_in: SignIn, number: int
) -> None:
    """Pressed again after a lost connection; another text in the same form is refused."""
    agent = await signed_in("agent")
    page = f"/console/inbox/{number}"
    await press(agent, f"{page}/take")
    for _ in range(2):
        again = await press(agent, f"{page}/answer", text="Đã duyệt.", once="a")
        assert again.status_code == HTTPStatus.SEE_OTHER
    other = await press(agent, f"{page}/answer", text="Chưa duyệt.", once="a")

    assert len(await told(services)) == 1
    assert "đã gửi một lần với chữ khác" in words(other.text)


async def test_what_the_citizen_wrote_meanwhile_is_read_first(
    services: Services, signed_in: SignIn, number: int
) -> None:
    """An answer to a page that is older waits, and keeps its words."""
    agent = await signed_in("agent")
    page = f"/console/inbox/{number}"
    await press(agent, f"{page}/take")
    await say(services, "à thôi, tôi thấy rồi")
    refused = await press(agent, f"{page}/answer", text="Đã duyệt.", once="a", seen="0")

    assert "Bà con vừa viết thêm" in words(refused.text)
    assert "Đã duyệt.</textarea>" in refused.text
    assert "tôi thấy rồi" in words(refused.text)
    assert await told(services) == []


async def test_one_of_many_gets_it(services: Services, signed_in: SignIn, number: int) -> None:
    """Agents who press at once: one has it, the others read who."""
    agents = [await signed_in("agent", name=f"Cán bộ {place}") for place in range(5)]
    page = f"/console/inbox/{number}/take"
    answers = await asyncio.gather(*(press(agent, page) for agent in agents))
    codes = sorted(answer.status_code for answer in answers)
    async with services.sessions() as session:
        ticket = await session.get(Ticket, number)

    assert codes == [HTTPStatus.OK] * 4 + [HTTPStatus.SEE_OTHER]
    assert ticket is not None
    assert ticket.owner is not None
    late = [words(one.text) for one in answers if one.status_code == HTTPStatus.OK]
    assert all(f"đang do {ticket.owner.name} giữ" in one for one in late)


async def test_only_its_owner_answers(services: Services, signed_in: SignIn, number: int) -> None:
    """Another has to take it over first, and says why."""
    lan, minh = await signed_in("agent", name="Lan"), await signed_in("agent", name="Minh")
    page = f"/console/inbox/{number}"
    await press(lan, f"{page}/take")
    refused = await press(minh, f"{page}/answer", text="Chen vào", once="a")
    silent = await press(minh, f"{page}/take-over", owner=await owner(services, number), why="")
    taken = await press(
        minh, f"{page}/take-over", owner=await owner(services, number), why="Lan nghỉ ốm"
    )

    assert "đang do Lan giữ" in words(refused.text)
    assert "ghi lý do" in words(silent.text)
    assert taken.status_code == HTTPStatus.SEE_OTHER
    assert "Lan nghỉ ốm" in (await lan.get(page)).text
    assert await told(services) == []


async def test_it_is_handed_on(signed_in: SignIn, number: int) -> None:
    """To another agent, who finds it among their own; to nobody, and it waits again."""
    lan, minh = await signed_in("agent", name="Lan"), await signed_in("agent", name="Minh")
    page = f"/console/inbox/{number}"
    await press(lan, f"{page}/take")
    await press(lan, f"{page}/hand-on", to="Minh", why="việc vay vốn")
    mine = words((await minh.get("/console/inbox?view=mine")).text)
    await press(minh, f"{page}/hand-on", to="", why="")
    free = words((await lan.get("/console/inbox?view=free")).text)

    assert f"Phiếu {number}" in mine
    assert f"Nhận phiếu {number}" in free


async def test_an_article_is_sent_by_one_press(services: Services, signed_in: SignIn) -> None:
    """Those near to what was asked stand beside it; what is sent bears who sent it."""
    await say(services, "hồ sơ OCOP gồm những gì vậy hở trợ lý")
    number = (await say(services, "gặp cán bộ")).ticket
    agent = await signed_in("agent")
    page = f"/console/inbox/{number}"
    await press(agent, f"{page}/take")
    shown = (await agent.get(page)).text
    await press(agent, f"{page}/article", article="ocop/ho-so", once="a")
    gone = await press(agent, f"{page}/article", article="ocop/khong-co", once="b")
    sent = (await told(services))[0]

    assert 'name="article" value="ocop/ho-so"' in shown
    assert "Cán bộ trả lời" in sent
    assert "Hồ sơ OCOP" in sent
    assert "không còn được dùng" in words(gone.text)


async def owner(services: Services, number: int) -> str:
    """Return the number of a ticket's owner, as a page's form carries it."""
    async with services.sessions() as session:
        ticket = await session.get(Ticket, number)
    return str(ticket.owner_id) if ticket else ""


async def test_without_a_ticket_there_is_no_page(signed_in: SignIn) -> None:
    """A number that is none says so."""
    agent = await signed_in("agent")
    missing = await agent.get("/console/inbox/77")

    assert missing.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Không có phiếu số 77" in missing.text


async def test_figures_tell_how_long_people_waited(
    services: Services, signed_in: SignIn, number: int
) -> None:
    """What was opened, answered and closed, in the office's own hours."""
    agent = await signed_in("agent", name="Lan")
    page = f"/console/inbox/{number}"
    await press(agent, f"{page}/take")
    await press(agent, f"{page}/answer", text="Đã duyệt.", once="a")
    opened = services.now() - timedelta(days=1)  # from a Monday's noon on
    async with services.sessions.begin() as session:
        await session.execute(update(Ticket).values(opened_at=opened))
    shown = words((await agent.get("/console/inbox/figures")).text)

    assert "Phiếu mở 1" in shown
    assert "Lời đầu của cán bộ 3 giờ 30 phút" in shown
    assert "Lan 1" in shown


async def test_after_an_hour_without_a_word_the_bot_answers(
    services: Services, signed_in: SignIn, number: int
) -> None:
    """The ticket stays its owner's; another word of theirs, and the bot is silent again."""
    agent = await signed_in("agent", name="Lan")
    page = f"/console/inbox/{number}"
    await press(agent, f"{page}/take")
    await hear_back(services, timedelta(hours=1))
    after = await say(services, "thế nào rồi")
    await press(agent, f"{page}/answer", text="Đang xem.", once="a", seen="0")
    again = await say(services, "dạ")

    assert after.ticket is None
    assert again.ticket == number


async def test_buttons_and_commands_are_the_bots(
    services: Services, signed_in: SignIn, number: int
) -> None:
    """Whoever has the ticket: an article opens, and what is kept can be asked and erased."""
    agent = await signed_in("agent")
    await press(agent, f"/console/inbox/{number}/take")
    pressed = await say(services, payload="a:ocop/ho-so")
    commanded = await say(services, "/help")

    assert pressed.reply.article == "ocop/ho-so"
    assert commanded.ticket is None


async def test_what_people_write_is_shown_not_obeyed(services: Services, signed_in: SignIn) -> None:
    """Of citizens, of agents, of a file's name."""
    evil = '<script>alert(1)</script> cho tôi gặp cán bộ phụ trách "onload=x" ngay đi nhé'
    number = (await say(services, evil)).ticket
    agent = await signed_in("agent")
    page = f"/console/inbox/{number}"
    await press(agent, f"{page}/take")
    await press(agent, f"{page}/note", note="<img src=x onerror=alert(1)>", once="n")
    await press(agent, f"{page}/answer", text="</textarea><script>1</script>", once="a")
    for place in (page, "/console/inbox?view=mine", f"{page}?q=%22%3E%3Cscript%3E"):
        shown = (await agent.get(place)).text
        assert "<script>" not in shown
        assert "<img" not in shown.partition("</header>")[2]


async def test_what_is_late_is_told_in_words(
    services: Services, signed_in: SignIn, number: int
) -> None:
    """By how much of the office's hours, or just now; whoever was answered does not wait."""
    agent = await signed_in("agent", name="Lan")
    shown = list[str]()
    for due in (services.now() - timedelta(seconds=30), services.now() - timedelta(days=1), None):
        async with services.sessions.begin() as session:
            waits = {"due_at": due, "answered_at": None if due else services.now()}
            await session.execute(update(Ticket).where(Ticket.id == number).values(**waits))
        shown.append(words((await agent.get("/console/inbox?view=open")).text))

    assert "vừa quá hẹn (hẹn 11:59 24/11)" in shown[0]
    assert "quá hẹn 3 giờ 30 phút làm việc" in shown[1]
    assert "đã trả lời" in shown[2]


async def hear_back(services: Services, much: timedelta) -> None:
    """Have the last word of a ticket's owner be so long ago."""
    async with services.sessions.begin() as session:
        await session.execute(update(Ticket).values(heard_at=services.now() - much))


async def test_the_queue_asks_the_database_as_often_for_many(
    services: Services, signed_in: SignIn
) -> None:
    """However many tickets there are, and in pages of fifty."""
    agent = await signed_in("agent", name="Lan")
    asked = await statements(services, agent)
    made = [Ticket(channel="web", key=f"k{n}", opened_at=services.now()) for n in range(120)]
    async with services.sessions.begin() as session:
        lan = await account.require(session, "Lan", account.AGENTS)
        for ticket in made[:60]:
            ticket.owner_id = lan.id
        session.add_all(made)
    many = await statements(services, agent)
    first = (await agent.get("/console/inbox?view=open")).text
    second = (await agent.get("/console/inbox?view=open&after=50")).text

    assert many == asked
    assert first.count('<td data-label="Phiếu">') == second.count('<td data-label="Phiếu">') == 50
    assert "Phiếu 51<" in second
    assert len(first.encode()) < 150_000


async def statements(services: Services, agent: httpx.AsyncClient) -> int:
    """Count what a look at the queue asks the database."""
    asked: list[str] = []
    engine = services.sessions.kw["bind"].sync_engine

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    await agent.get("/console/inbox?view=open")
    event.remove(engine, "before_cursor_execute", note)
    return len(asked)


async def test_a_file_goes_to_the_citizen(
    services: Services,
    signed_in: SignIn,
    browser_of: Callable[[], httpx.AsyncClient],
    number: int,
) -> None:
    """Of more than a page's forms may hold; whoever was sent its address opens it, nobody else."""
    agent = await signed_in("agent")
    page = f"/console/inbox/{number}"
    await press(agent, f"{page}/take")
    large = b"%PDF-1.7" + bytes(400_000)
    fields = {"token": await token_of(agent), "text": "Mẫu đơn đây ạ.", "once": "a", "seen": "0"}
    sent = await agent.post(f"{page}/answer", data=fields, files={"file": ("Mẫu đơn.pdf", large)})
    wrong = await agent.post(
        f"{page}/answer", data=fields | {"once": "b"}, files={"file": ("a.pdf", b"<html>")}
    )
    (words_told,) = await told(services)
    found = re.search(r"/tep/\d+/[0-9a-f]+", words_told)
    citizen = browser_of()
    opened = await citizen.get(found[0] if found else "")
    guessed = await citizen.get(f"/tep/1/{'0' * 32}")
    odd = [await citizen.get(address) for address in ("/tep/1/é", f"/tep/{10**20}/0", "/tep/-1/0")]

    assert sent.status_code == HTTPStatus.SEE_OTHER
    assert "không phải ảnh" in words(wrong.text)
    assert {one.status_code for one in odd} == {HTTPStatus.NOT_FOUND}
    assert opened.content == large
    assert opened.headers["content-type"] == "application/pdf"
    assert opened.headers["content-disposition"].startswith("attachment")
    assert guessed.status_code == HTTPStatus.NOT_FOUND
