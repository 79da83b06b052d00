"""The chat page without JavaScript, and the fragments that its script asks for."""

from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select

from bot.web.guests import COOKIE
from services.bootstrap import Services
from services.edition import Edition
from services.knowledge.loader import load_library
from services.storage.models import Turn
from tests.doubles.nlu import FakeNlu, reading
from tests.doubles.procedure import VARIED, write_varied
from tests.doubles.web import ASKED, UNSURE, Visit, key_in, words


async def test_first_page_greets_and_offers(client: httpx.AsyncClient) -> None:
    """The first page greets, offers the four subjects and says how long words are kept."""
    page = (await client.get("/")).text

    assert "Chào bà con!" in page
    assert page.count('name="payload" value="s:') == 4
    assert "được giữ 90 ngày" in page
    assert "Xóa những gì tôi đã hỏi" in page


async def test_page_is_said_to_be_vietnamese_and_labelled(client: httpx.AsyncClient) -> None:
    """A screen reader is told the language, the log, the label and the status."""
    page = (await client.get("/")).text

    assert '<html lang="vi">' in page
    assert 'role="log" aria-live="polite" aria-label="Cuộc trò chuyện"' in page
    assert '<label for="text">' in page
    assert 'role="status"' in page


async def test_form_shows_the_exchange(client: httpx.AsyncClient) -> None:
    """A plain form post gives a page with question, answer, source, next step and buttons."""
    page = (await client.post("/", data={"text": ASKED})).text

    assert f"Bà con hỏi: {ASKED}" in words(page)
    assert "<strong>05 thành viên</strong>" in page
    assert "Luật Hợp tác xã 17/2023/QH15, Điều 4 (còn hiệu lực)" in words(page)
    assert "Bước tiếp theo: Hỏi UBND xã." in words(page)
    assert "rà soát ngày 24/11/2026" in page
    assert 'name="payload" value="a:founding/ho-so">' in page
    assert 'href="/bai/founding/so-thanh-vien"' in page


async def test_pressed_button_is_shown_by_its_label(client: httpx.AsyncClient) -> None:
    """A pressed button is echoed by what it says, and answered."""
    page = (await client.post("/", data={"payload": "a:ocop/ho-so"})).text

    assert "Bà con bấm: Hồ sơ OCOP" in words(page)
    assert "Mẫu 01" in page


@pytest.mark.parametrize(
    ("payload", "label"),
    [("s:ocop", "OCOP"), ("t:founding", "Đăng ký thành lập hợp tác xã"), ("h:", "Gặp cán bộ")],
)
async def test_menu_buttons_have_labels_too(
    client: httpx.AsyncClient, payload: str, label: str
) -> None:
    """Buttons of the menu are echoed by their labels."""
    page = (await client.post("/", data={"payload": payload})).text

    assert f"Bà con bấm: {label} " in words(page)


async def test_reader_presses_for_their_part(
    client: httpx.AsyncClient, content: Path, services: Services
) -> None:
    """A button brings the part for managers; it is echoed by its label and not offered again."""
    write_varied(content)
    varied = Edition(load_library(content), services.current.edition.interpreter)
    services.current.edition = varied
    first = (await client.post("/", data={"payload": f"a:{VARIED}"})).text
    page = (await client.post("/", data={"payload": f"v:{VARIED}"})).text

    assert f'value="v:{VARIED}">Cho quản lý hợp tác xã</button>' in first
    assert "Bà con bấm: Cho quản lý hợp tác xã · " in words(page)
    assert "Quản lý ký 01 bộ hồ sơ." in page
    assert f'value="v:{VARIED}"' not in page


async def test_numbers_choose_after_every_list(client: httpx.AsyncClient) -> None:
    """A number opens what the button of that place would: greeting, topics, related articles."""
    pages = [(await client.post("/", data={"text": text})).text for text in ("2", "1", "số 1")]

    articles, first, related = pages
    assert articles.count('name="payload" value="a:') == 2
    assert "ba hạng sao" in first
    assert "Mẫu 01" in related


async def test_answer_is_judged_without_scripts(client: httpx.AsyncClient) -> None:
    """Small buttons stand below the answer; why it was of no use is asked, then thanked for."""
    answer = (await client.post("/", data={"text": ASKED})).text
    why = (await client.post("/", data={"payload": "n:founding/so-thanh-vien"})).text
    thanks = (await client.post("/", data={"payload": "w:founding/so-thanh-vien:1"})).text

    assert answer.index('<form class="choices"') < answer.index('<form class="verdicts"')
    assert 'value="u:founding/so-thanh-vien">👍 Có ích</button>' in answer
    assert "Bà con bấm: 👎 Chưa được" in words(why)
    assert 'value="w:founding/so-thanh-vien:1">Khó hiểu</button>' in why
    assert "Bà con bấm: Khó hiểu" in words(thanks)
    assert "Cảm ơn bà con" in thanks


@pytest.mark.parametrize(
    "payload",
    ["z:x", "s:khong-co", "a:<b>", "v:ocop/ho-so", "c:ocop/ho-so", "w:ocop/ho-so:9", "\x00"],
)
async def test_unknown_button_is_stale(client: httpx.AsyncClient, payload: str) -> None:
    """A button that never was is called old, and nothing of it is echoed."""
    page = (await client.post("/", data={"payload": payload})).text

    assert "Nút này đã cũ" in page
    assert "Bà con hỏi:" not in page


async def test_decline_differs_from_an_answer(client: httpx.AsyncClient) -> None:
    """A decline has its own heading and look."""
    page = (await client.post("/", data={"text": "giá vàng"})).text

    assert 'class="reply declined"' in page
    assert "Chưa trả lời được" in page


async def test_degraded_differs_and_warns(client: httpx.AsyncClient, nlu: FakeNlu) -> None:
    """An answer found by words alone looks different and says that it is less sure."""
    nlu.down = True
    page = (await client.post("/", data={"text": "số thành viên để lập hợp tác xã"})).text

    assert "degraded" in page
    assert "Máy hiểu câu hỏi đang bận" in words(page)


async def test_html_is_shown_not_obeyed(client: httpx.AsyncClient) -> None:
    """HTML in a question is text on the page."""
    page = (await client.post("/", data={"text": '<img src=x onerror="alert(1)">'})).text

    assert "<img src=x" not in page
    assert "&lt;img src=x" in page


async def test_numbers_are_masked_on_the_page(client: httpx.AsyncClient) -> None:
    """A phone number is not echoed, and the writer is told not to send it."""
    page = (await client.post("/", data={"text": "gọi tôi 0905 123 456"})).text

    assert "123 456" not in page
    assert "Đừng gửi số điện thoại" in page


async def test_long_question_is_cut_in_the_echo(client: httpx.AsyncClient) -> None:
    """Ten thousand lines don't make the page ten thousand lines long."""
    page = (await client.post("/", data={"text": "dài\n" * 10_000})).text

    assert len(page) < 20_000
    assert "dài quá 2000 ký tự" in page


async def test_cookie_keeps_the_conversation(client: httpx.AsyncClient, services: Services) -> None:
    """The key stands in a cookie that scripts and other sites don't get, and is used again."""
    first = await client.get("/")
    await client.post("/", data={"text": ASKED})
    await client.post("/", data={"text": UNSURE})
    async with services.sessions() as session:
        keys = set(await session.scalars(select(Turn.key)))

    assert keys == {client.cookies[COOKIE]} == {key_in(first.text)}
    assert {"HttpOnly", "SameSite=lax"} <= set(first.headers["set-cookie"].split("; "))


async def test_frame_without_cookies_keeps_the_conversation(
    visit: Visit, services: Services
) -> None:
    """Where a browser sends no cookie back, the form's own key goes on with the conversation."""
    key = key_in((await visit().get("/?embed=1")).text)
    await visit().post("/?embed=1", data={"text": ASKED, "conversation": key})
    await visit().post("/?embed=1", data={"text": UNSURE, "conversation": key})
    async with services.sessions() as session:
        keys = list(await session.scalars(select(Turn.key)))

    assert keys == [f"given:{key}"] * 2


@pytest.mark.parametrize("forged", ["c1", "x" * 23, "../" * 8])
async def test_forged_key_is_replaced(
    client: httpx.AsyncClient, services: Services, forged: str
) -> None:
    """A key that this page never made opens no conversation."""
    await client.post("/", data={"text": ASKED, "conversation": forged})
    async with services.sessions() as session:
        assert await session.scalar(select(Turn.key)) != forged


async def test_cookie_is_secure_over_https(visit: Visit) -> None:
    """Over HTTPS the cookie never travels in the clear."""
    response = await visit(base="https://htx.test").get("/")

    assert "Secure" in response.headers["set-cookie"]


async def test_script_gets_the_exchange_alone(client: httpx.AsyncClient) -> None:
    """The page's script gets one exchange, marked as such."""
    response = await client.post("/", data={"text": ASKED}, headers={"X-Fragment": "1"})

    assert response.headers["x-fragment"] == "1"
    assert response.text.lstrip().startswith("<article")
    assert "<html" not in response.text


async def test_embedded_page_trims_its_header_and_stays_embedded(client: httpx.AsyncClient) -> None:
    """In a frame the header is left out and forms keep it so."""
    page = (await client.get("/?embed=1")).text

    assert '<header class="top">' not in page
    assert page.count('action="/?embed=1"') == 2
    assert 'action="/xoa?embed=1"' in page
    assert 'formaction="/dulieu?embed=1"' in page


async def test_erase_leaves_nothing(client: httpx.AsyncClient, services: Services) -> None:
    """The erase button erases this conversation's turns, says how many, and no one else's."""
    await client.post(
        "/api/messages", json={"conversation": "một cuộc trò chuyện khác", "text": ASKED}
    )
    await client.post("/", data={"text": ASKED})
    page = (await client.post("/xoa")).text
    async with services.sessions() as session:
        left = list(await session.scalars(select(Turn.key)))

    assert "Đã xóa 1 lượt hỏi" in page
    assert left == ["một cuộc trò chuyện khác"]


@pytest.mark.parametrize("written", [" /xoa ", "/Xoa", "/XOA"])
async def test_erase_can_be_written(
    client: httpx.AsyncClient, services: Services, written: str
) -> None:
    """The notice says to write /xoa, so writing it erases too, and is no turn itself."""
    await client.post("/", data={"text": ASKED})
    page = (await client.post("/", data={"text": written})).text
    async with services.sessions() as session:
        left = await session.scalar(select(func.count()).select_from(Turn))

    assert "Đã xóa 1 lượt hỏi" in page
    assert left == 0


async def test_failed_page_keeps_the_question(visit: Visit) -> None:
    """A question refused for haste stays in the box, with a polite sentence and Retry-After."""
    client = visit("203.0.113.9")
    for _ in range(30):
        await client.post("/", data={"text": "giá vàng"})
    response = await client.post("/", data={"text": ASKED})

    assert (response.status_code, response.headers["retry-after"]) == (429, "60")
    assert f'autocomplete="off">{ASKED}</textarea>' in response.text
    assert "nhắn nhanh quá" in response.text


@pytest.mark.parametrize("fragment", [{}, {"X-Fragment": "1"}])
async def test_huge_form_is_refused_in_words(
    client: httpx.AsyncClient, fragment: dict[str, str]
) -> None:
    """A form over 200 KB gets a sentence, on a page or as an exchange."""
    response = await client.post("/", data={"text": "a" * 200_001}, headers=fragment)

    assert response.status_code == 413
    assert "viết ngắn lại" in response.text
    assert response.text.lstrip().startswith("<article") == bool(fragment)


async def test_broken_form_is_refused_in_words(client: httpx.AsyncClient) -> None:
    """A form that can't be read gets a sentence."""
    headers = {"Content-Type": "multipart/form-data"}
    response = await client.post("/", content=b"broken", headers=headers)

    assert response.status_code == 422
    assert "chưa đọc được" in response.text


async def test_wrong_letters_in_a_form_get_a_reply(client: httpx.AsyncClient) -> None:
    """Bytes that are no UTF-8 are answered like any question."""
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    response = await client.post("/", content=b"text=%FF%FE%ED%A0%BD", headers=headers)

    assert response.status_code in {200, 422}
    assert "Trợ lý" in response.text


async def test_page_says_that_it_starts(client: httpx.AsyncClient, services: Services) -> None:
    """While the NLU server is started, whoever opens the page knows why it may be slow."""
    services.current.begin()
    starting = (await client.get("/")).text
    services.current.opened()

    assert services.current.say("page_starting") in starting
    assert services.current.say("page_starting") not in (await client.get("/")).text


async def test_distress_has_nothing_to_press(client: httpx.AsyncClient) -> None:
    """Below kind words, whose number a tap calls, stand no choices, verdicts, source or heading."""
    fragment = {"X-Fragment": "1"}
    page = (await client.post("/", data={"text": "tôi không muốn sống nữa"}, headers=fragment)).text

    assert '<strong>gọi <a href="tel:115">115</a> ngay</strong>' in page
    assert [mark for mark in ("<button", 'class="sources"', "Chưa trả lời") if mark in page] == []


async def test_doubt_stands_before_the_answer(client: httpx.AsyncClient, nlu: FakeNlu) -> None:
    """The warm sentence is the first line of the answer, and the answer is whole."""
    asked = "tuyệt vọng quá, hạng sao OCOP là gì"
    nlu.table[asked] = reading(("ocop.hang-sao", 0.95))
    page = (await client.post("/", data={"text": asked})).text

    assert page.index("115") < page.index("OCOP có ba hạng sao") < page.index('class="verdicts"')


async def test_what_is_kept_is_told_on_the_page(client: httpx.AsyncClient) -> None:
    """Every question of the conversation stands there in its words, and how long it is kept."""
    await client.post("/", data={"text": ASKED})
    await client.post("/", data={"text": "kho lạnh *ở* xã"})
    page = words((await client.post("/", data={"text": "/dulieu"})).text)

    assert "2 lượt hỏi" in page
    assert ASKED in page
    assert "kho lạnh *ở* xã" in page
    assert "90 ngày" in page


async def test_what_is_kept_is_given_as_a_file(visit: Visit) -> None:
    """Every row of the conversation and of no other: questions, verdicts, what is open."""
    client = visit()
    await client.post("/", data={"text": ASKED})
    await client.post("/", data={"payload": "u:founding/so-thanh-vien"})
    file, nobodys = await client.post("/dulieu"), await visit().post("/dulieu")

    assert file.headers["content-disposition"] == 'attachment; filename="du-lieu-cua-ba-con.txt"'
    assert file.headers["cache-control"] == "no-store"
    for row in (ASKED, "Chấm câu trả lời", "Câu hỏi gần nhất", "Nơi chịu trách nhiệm: chưa rõ"):
        assert row in file.text
    assert "Telegram" not in file.text
    assert ASKED not in nobodys.text
    assert "Chưa có, hoặc đã hết hạn giữ." in nobodys.text


async def test_file_is_given_to_no_other_site(client: httpx.AsyncClient) -> None:
    """Nor is there a page of it that one could show in a frame."""
    foreign = await client.post("/dulieu", headers={"Sec-Fetch-Site": "cross-site"})

    assert (foreign.status_code, (await client.get("/dulieu")).status_code) == (403, 405)
