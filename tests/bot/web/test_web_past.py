"""What was asked before, on a page that was reloaded: out of today's edition, to its own key."""

import secrets
from dataclasses import replace
from pathlib import Path

import httpx

from bot.limits import PAST
from bot.runner import Runner
from bot.web.guests import COOKIE
from services.bootstrap import Services
from services.conversation.history import AT_ONCE, MOST
from services.conversation.question import Question
from services.edition import Edition
from services.knowledge.loader import load_library
from tests.doubles.web import ASKED, UNSURE, Visit, key_in, words

ANSWER = "05 thành viên"
ARTICLE = "articles/founding/so-thanh-vien.md"
EXCHANGE = '<article class="exchange"'
GONE = "Bài trả lời câu này nay không còn"
CHANGED = "Nội dung đã sửa từ khi bà con hỏi"


async def test_reload_tells_what_was_asked(client: httpx.AsyncClient) -> None:
    """Questions, buttons and declines stand there in their order, and beside them how to erase."""
    await client.get("/")
    for asked in ({"text": ASKED}, {"text": UNSURE}, {"payload": "a:ocop/ho-so"}, {"text": "vàng"}):
        await client.post("/", data=asked)
    page = words((await client.get("/")).text)
    told = [f"Bà con hỏi: {ASKED}", ANSWER, f"Bà con hỏi: {UNSURE}", "Bà con bấm: Hồ sơ OCOP"]
    places = [page.index(mark) for mark in (*told, "Mẫu 01", "Bà con hỏi: vàng")]

    assert places == sorted(places)
    assert "Máy dùng chung? Xóa" in page
    assert CHANGED not in page


async def test_first_visit_has_no_past(client: httpx.AsyncClient) -> None:
    """Whoever was never here is told of no past and asked to erase nothing."""
    assert "Máy dùng chung?" not in (await client.get("/")).text


async def test_answer_that_changed_says_so(
    client: httpx.AsyncClient, content: Path, services: Services
) -> None:
    """An answer is told as it stands today, and that it was another when it was asked."""
    await client.post("/", data={"text": ASKED})
    file = content / ARTICLE
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("05 thành viên", "06 thành viên"), encoding="utf-8")
    services.current.edition = Edition(load_library(content), services.current.edition.interpreter)
    page = (await client.get("/")).text

    assert CHANGED in page
    assert "06 thành viên" in page
    assert "05 thành viên" not in page


async def test_answer_that_is_gone_says_so(client: httpx.AsyncClient, services: Services) -> None:
    """An article that was taken away since is no old button: the page asks to ask again."""
    await client.post("/", data={"payload": "a:founding/so-thanh-vien"})
    held = services.library.articles
    without = {name: held[name] for name in held if name != "founding/so-thanh-vien"}
    library = replace(services.library, articles=without)
    services.current.edition = Edition(library, services.current.edition.interpreter)

    assert GONE in (await client.get("/")).text


async def test_only_the_latest_turns_are_told(
    client: httpx.AsyncClient, services: Services
) -> None:
    """A long talk begins with the tenth turn from its end; a link tells the last fifty."""
    await client.get("/")
    runner, key = Runner(services), client.cookies[COOKIE]
    for number in range(MOST + 2):
        await runner.ask(Question("web", key, f"câu {number:03}"))
    page, all_ = [(await client.get(address)).text for address in ("/", "/?past=all")]

    assert (page.count(EXCHANGE), all_.count(EXCHANGE)) == (AT_ONCE, MOST)
    assert ('href="/?past=all"' in page, 'href="/?past=all"' in all_) == (True, False)
    assert ("câu 001" in all_, "câu 002" in all_) == (False, True)


async def test_past_has_a_bound_of_its_own(visit: Visit) -> None:
    """Each is as much work as ten answers: beyond it the page greets and says why it is short."""
    client = visit("203.0.113.7")
    await client.post("/", data={"text": ASKED})
    pages = [(await client.get("/")).text for _ in range(PAST.each + 1)]

    assert [page.count(EXCHANGE) for page in pages[-2:]] == [1, 0]
    assert "chờ một phút" in pages[-1]
    assert "Máy dùng chung? Xóa" in words(pages[-1])


async def test_frame_tells_no_past(client: httpx.AsyncClient) -> None:
    """In a frame nothing of before is shown, whether it was asked for as one or not."""
    await client.post("/", data={"text": ASKED})
    asked = await client.get("/?embed=1")
    unasked = await client.get("/", headers={"Sec-Fetch-Dest": "iframe"})

    assert ANSWER not in asked.text + unasked.text


async def test_key_of_a_form_tells_no_past(visit: Visit) -> None:
    """Whoever gives a key by a form gets no cookie with it, and nobody's cookie opens its talk."""
    given = secrets.token_urlsafe(16)
    client = visit()
    answer = await client.post("/", data={"text": ASKED, "conversation": given})
    other = visit()
    other.cookies.set(COOKIE, given)

    assert ANSWER in answer.text
    assert COOKIE not in client.cookies
    assert ANSWER not in (await other.get("/")).text


async def test_key_of_a_program_tells_no_past(visit: Visit) -> None:
    """What a program asked under a key as a cookie holds it stands on nobody's page."""
    given = secrets.token_urlsafe(16)
    asked = await visit().post("/api/messages", json={"conversation": given, "text": ASKED})
    client = visit()
    client.cookies.set(COOKIE, given)

    assert ANSWER in asked.json()["text"]
    assert ANSWER not in (await client.get("/")).text


async def test_distress_is_told_nowhere(client: httpx.AsyncClient) -> None:
    """Words of distress, and what was said to them, are gone with the page."""
    await client.get("/")
    answer = await client.post("/", data={"text": "em không muốn sống nữa"})
    page = (await client.get("/")).text

    assert "115" in answer.text
    assert "không muốn sống" not in page
    assert 'class="exchange"' not in page


async def test_erased_past_is_gone(client: httpx.AsyncClient) -> None:
    """Erasing takes the past off the page, for good."""
    key = key_in((await client.get("/")).text)
    await client.post("/", data={"text": ASKED})
    await client.post("/xoa", data={"conversation": key})

    assert ANSWER not in (await client.get("/")).text
