"""A ticket on the page: opened by a word, awaited, and in the talk that is opened again."""

import httpx
from sqlalchemy import select

from bot.web.guests import COOKIE
from bot.web.pages import AWAITS
from services.bootstrap import Services
from services.clock import utc_now
from services.staff import account
from services.storage.models import TicketMessage
from services.tickets import files
from services.tickets.counter import Counter, Written, find
from tests.doubles.web import Visit, words
from tests.services.tickets.test_ticket_files import picture

HEAR = {"X-Fragment": "1"}


async def _an_agent_takes_mine(client: httpx.AsyncClient, services: Services) -> None:
    """Ask for a person, who is there then."""
    await client.get("/")
    await client.post("/", data={"text": "gặp cán bộ"})
    async with services.sessions.begin() as session:
        lan = await account.add(session, "Lan", "agent", utc_now(), "system")
        await session.flush()
        await Counter(session, lan, services.now(), services.library.phrases).take(1)


async def test_an_answer_comes_to_the_page(client: httpx.AsyncClient, services: Services) -> None:
    """The page looks for it while the ticket is open; what was written to the agent stays above."""
    await client.get("/")
    opened = await client.post("/", data={"text": "gặp cán bộ"}, headers=HEAR)
    ticket = (
        await client.post(
            "/api/messages", json={"conversation": client.cookies[COOKIE], "text": "gặp cán bộ"}
        )
    ).json()["ticket"]
    phrases = services.library.phrases
    async with services.sessions.begin() as session:
        lan = await account.add(session, "Lan", "agent", utc_now(), "system")
        await session.flush()
        await Counter(session, lan, services.now(), phrases).take(1)
    passed = await client.post("/", data={"text": "tôi ở Trà My"}, headers=HEAR)
    async with services.sessions.begin() as session:
        counter = Counter(session, lan, services.now(), phrases)
        await counter.answer(1, Written("Chị cầm giấy hẹn tới nhé.", "a", seen=1))
    heard = await client.post("/tin", headers=HEAR)
    assert "đã có cán bộ nhận" in words((await client.get("/")).text)
    page = words((await client.get("/")).text)

    assert opened.headers[AWAITS] == "1"
    assert "phiếu số 1" in words(opened.text)
    assert ticket != 1  # a name that a program gives is no browser's
    assert "Đã chuyển lời này tới cán bộ" in words(passed.text)
    assert "Cán bộ trả lời" in words(heard.text)
    assert "giấy hẹn" in heard.text
    told = ["Bà con hỏi: gặp cán bộ", "Bà con hỏi: tôi ở Trà My", "Chị cầm giấy hẹn tới nhé"]
    places = [page.index(one) for one in told]
    assert places == sorted(places)


async def test_a_program_asks_for_what_came_later(
    client: httpx.AsyncClient, services: Services
) -> None:
    """An agent's answer, once more when asked once more, and by its id no more; no other's."""
    name = {"conversation": "một tên mà chương trình gọi đặt"}
    asked = {**name, "text": "gặp cán bộ"}
    number = (await client.post("/api/messages", json=asked)).json()["ticket"]
    before = (await client.get("/api/messages/later", params=name)).json()
    async with services.sessions.begin() as session:
        lan = await account.add(session, "Lan", "agent", utc_now(), "system")
        await session.flush()
        counter = Counter(session, lan, services.now(), services.library.phrases)
        await counter.take(number)
        await counter.answer(number, Written("Chị cầm **giấy hẹn** tới nhé.", "a", seen=0))
    first, again = [(await client.get("/api/messages/later", params=name)).json() for _ in range(2)]
    last = first["messages"][-1]["id"]
    none = (await client.get("/api/messages/later", params={**name, "after": last})).json()
    other = (
        await client.get("/api/messages/later", params={"conversation": "tên của người khác"})
    ).json()

    assert before == {"messages": [], "awaits": True}
    assert first == again
    assert "Cán bộ trả lời" in first["messages"][-1]["text"]
    assert "giấy hẹn" in first["messages"][-1]["text"]
    assert none == {"messages": [], "awaits": True}
    assert other == {"messages": [], "awaits": False}


async def test_words_of_distress_reach_no_agent(
    client: httpx.AsyncClient, services: Services
) -> None:
    """The bot answers them at once, whoever has the ticket, and they are kept nowhere."""
    await _an_agent_takes_mine(client, services)
    told = words((await client.post("/", data={"text": "tôi muốn tự tử"}, headers=HEAR)).text)

    assert "Đã chuyển lời này" not in told
    assert "115" in told
    assert "tự tử" not in words((await client.get("/")).text)


async def test_what_is_told_on_of_an_emergency_reaches_no_agent(
    client: httpx.AsyncClient, services: Services
) -> None:
    """Who is about to follow into a pit is told not to, at once, though an agent is there."""
    await _an_agent_takes_mine(client, services)
    await client.post("/", data={"text": "thằng em té xuống hầm biogas rồi"}, headers=HEAR)
    told = await client.post("/", data={"text": "để tui xuống kéo lên"}, headers=HEAR)

    assert "Đừng xuống" in words(told.text)
    assert "kéo lên" not in words((await client.get("/")).text)


async def test_a_number_is_kept_for_the_ticket_alone(
    client: httpx.AsyncClient, services: Services
) -> None:
    """It is asked for apart, told what for; dropped by a button; gone when the ticket closes."""
    await client.get("/")
    opened = await client.post("/", data={"text": "gặp cán bộ"}, headers=HEAR)
    asked = await client.post("/", data={"payload": "g:phone"}, headers=HEAR)
    other = await client.post("/", data={"text": "à mà bao lâu"}, headers=HEAR)
    await client.post("/", data={"payload": "g:phone"}, headers=HEAR)
    kept = await client.post("/", data={"text": "số tui 0905 123.456 nhé"}, headers=HEAR)
    async with services.sessions() as session:
        first = (await find(session, 1)).phone
    await client.post("/", data={"payload": "g:nophone"}, headers=HEAR)
    async with services.sessions() as session:
        dropped = (await find(session, 1)).phone
    past = words((await client.get("/")).text)

    assert "Để lại số gọi lại" in opened.text
    assert "Viết số là đồng ý" in words(asked.text)
    assert "Đã ghi số" not in words(other.text)
    assert "Đã ghi số" in words(kept.text)
    assert (first, dropped) == ("0905123456", "")
    assert "0905" not in past


async def test_a_picture_goes_to_the_open_ticket(
    client: httpx.AsyncClient, services: Services
) -> None:
    """From a page of its own, without scripts; drawn anew; it stands in the talk afterwards."""
    await client.get("/")
    none = words((await client.get("/tep")).text)
    early = await client.post("/tep", files={"file": ("a.jpg", picture("JPEG"))})
    opened = await client.post("/", data={"text": "gặp cán bộ"}, headers=HEAR)
    page = await client.get("/tep")
    sent = await client.post("/tep", files={"file": ("giấy hẹn.jpg", picture("JPEG", exif=True))})
    wrong = await client.post("/tep", files={"file": ("a.jpg", b"GIF89a no picture")})
    home = words((await client.get("/")).text)
    async with services.sessions() as session:
        message = (await session.scalars(select(TicketMessage))).one()
        file = await files.find(session, 1, message.files[0].id)

    assert "Chưa có phiếu nào đang mở" in none
    assert (early.status_code, early.headers["location"]) == (303, "/tep?lai=1")
    assert 'href="/tep"' in opened.text
    assert "Gửi vào phiếu số 1" in words(page.text)
    assert (sent.status_code, sent.headers["location"]) == (303, "/")
    assert "không phải ảnh" in words(wrong.text)
    assert (message.kind, message.text, file.name) == ("citizen", "", "giấy hẹn.jpg")
    assert b"MAY-CUA-BA-AN" not in file.content
    assert "giấy hẹn.jpg" in home


async def test_files_are_read_of_nobody_without_a_ticket(visit: Visit) -> None:
    """Nor of another site's form, nor more than so many in a minute."""
    stranger, own = visit(), visit("198.51.100.7")
    for one in (stranger, own):
        await one.get("/")
    await own.post("/", data={"text": "gặp cán bộ"})
    await own.get("/tep")
    long = {"file": ("a.pdf", b"%PDF-" + bytes(300_000))}
    foreign = await own.post("/tep", files=long, headers={"sec-fetch-site": "cross-site"})
    refused = await stranger.post("/tep", files=long)
    statuses = [(await own.post("/tep", files=long)).status_code for _ in range(7)]

    assert foreign.status_code == 403
    assert refused.headers["location"] == "/tep?lai=1"
    assert statuses == [303] * 6 + [429]
