"""The content in the console: changed by one, checked, approved by another, in the file."""

import re
from html import unescape
from http import HTTPStatus
from pathlib import Path

import httpx
import pytest

from services.bootstrap import Services
from services.staff import audit
from services.storage.models import Feedback
from tests.bot.console.conftest import SignIn
from tests.doubles.console import fields_of, press
from tests.doubles.nlu import FakeNlu, reading
from tests.doubles.web import words

ARTICLE = "ocop/ho-so"
PAGE = f"/console/content/articles/{ARTICLE}"
FILE = f"articles/{ARTICLE}.md"
LEAD = "Hồ sơ OCOP gồm Mẫu 01 và Mẫu 02."
NEW = "Hồ sơ OCOP gồm Mẫu 01, Mẫu 02 và bản giới thiệu."


async def begin(client: httpx.AsyncClient) -> str:
    """Begin to change the article; return the draft's address."""
    return str((await press(client, f"{PAGE}/edit")).headers["location"])


async def change(client: httpx.AsyncClient, draft: str, **fields: str) -> httpx.Response:
    """Send the form of a draft with some fields typed anew."""
    held = fields_of((await client.get(draft)).text, "draft")
    data = {**held, **{name: [value] for name, value in fields.items()}}
    return await client.post(draft, data=data)


async def rewrite(client: httpx.AsyncClient, content: Path) -> str:
    """Put another first sentence into a draft of the article; return the draft's address."""
    draft = await begin(client)
    body = (content / FILE).read_text("utf-8").partition("\n---\n")[2].strip()
    await change(client, draft, body=body.replace(LEAD, NEW))
    return draft


async def seen(client: httpx.AsyncClient, draft: str) -> str:
    """Return the hash that the page of a draft shows."""
    found = re.search(
        r'name="seen" value="([0-9a-f]{64})"', (await client.get(f"{draft}/review")).text
    )
    assert found, "the page says what it shows"
    return found[1]


async def submit(client: httpx.AsyncClient, draft: str) -> None:
    """Ask for approval of what the draft says now."""
    sent = await press(
        client, f"{draft}/submit", seen=await seen(client, draft), why="Thiếu bản giới thiệu"
    )
    assert sent.status_code == HTTPStatus.SEE_OTHER, words(sent.text)


async def test_an_article_is_changed_by_two_people(
    services: Services, content: Path, signed_in: SignIn
) -> None:
    """Found, written by one, seen and approved by another, in the file letter for letter."""
    writer, approver = await signed_in("content", "Lan"), await signed_in("approver", "Hùng")
    before = (content / FILE).read_text("utf-8")
    assert "Hồ sơ OCOP" in (await writer.get("/console/content?q=Mẫu+02")).text

    draft = await rewrite(writer, content)
    await submit(writer, draft)
    waiting = (await approver.get("/console")).text
    review = words((await approver.get(f"{draft}/review")).text)
    assert (content / FILE).read_text("utf-8") == before
    done = await press(approver, f"{draft}/approve", seen=await seen(approver, draft))

    assert f"{draft}/review" in waiting
    assert "Thiếu bản giới thiệu" in review
    assert "bản giới thiệu" in review
    assert done.headers["location"] == PAGE
    assert (content / FILE).read_text("utf-8") == before.replace(LEAD, NEW)
    assert NEW in unescape((await writer.get(PAGE)).text)
    async with services.sessions() as session:
        did = [(row.who, row.did) for row in await audit.entries(session, f"article {ARTICLE}")]
    assert did == [
        ("Lan", "content.begin"),
        ("Lan", "content.save"),
        ("Lan", "content.submit"),
        ("Hùng", "content.approve"),
    ]


async def test_what_is_left_as_it_was_is_not_touched(signed_in: SignIn) -> None:
    """A form that is saved as it was opened changes no letter of the file."""
    client = await signed_in("content")
    draft = await begin(client)
    await change(client, draft)

    assert "khác tệp đang có" in words(
        (await press(client, f"{draft}/submit", seen=await seen(client, draft), why="Vì vậy")).text
    )


async def test_a_look_without_scripts_is_a_whole_page(signed_in: SignIn) -> None:
    """What is typed stands there as it will show; what another saved meanwhile stays unseen."""
    client, other = await signed_in("content", "Lan"), await signed_in("content", "Mai")
    draft = await begin(client)
    held = fields_of((await client.get(draft)).text, "draft")
    await change(other, draft, condition="Nộp sớm.")
    data = {**held, "next_step": ["Hỏi xã."]}
    page = (await client.post(f"{draft}/preview", data=data)).text
    typed = fields_of(page, "draft")

    assert "<h1" in page
    assert "Bước tiếp theo: Hỏi xã." in words(page)
    assert (typed["next_step"], typed["seen"]) == (["Hỏi xã."], held["seen"])


async def test_findings_stand_beside_their_field(signed_in: SignIn) -> None:
    """A draft with a fault is kept, says what and where, and can't be submitted."""
    client = await signed_in("content")
    draft = await begin(client)
    await change(client, draft, related="ocop/khong-co", title="x" * 61)
    page = (await client.get(draft)).text

    assert "Các dữ kiện này nói gì 2.1:" in words(page)
    assert "Dài quá 60 ký tự" in words(page).partition("Chữ trên nút")[0]
    assert "Không có bài ocop/khong-co" not in words(page)
    refused = await press(client, f"{draft}/submit", seen=await seen(client, draft), why="Vì vậy")
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "chỗ cần sửa" in words(refused.text)


async def test_who_wrote_a_word_of_it_does_not_approve(content: Path, signed_in: SignIn) -> None:
    """Neither the one who submits nor a colleague who only changed a letter."""
    writer, approver = await signed_in("content", "Lan"), await signed_in("approver", "Hùng")
    draft = await begin(approver)
    await change(approver, draft, next_step="Hỏi xã.")
    await rewrite(writer, content)
    await submit(writer, draft)
    before = (content / FILE).read_text("utf-8")

    refused = await press(approver, f"{draft}/approve", seen=await seen(approver, draft))

    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "không tự duyệt được" in words(refused.text)
    assert (content / FILE).read_text("utf-8") == before


async def test_what_was_not_seen_is_not_approved(content: Path, signed_in: SignIn) -> None:
    """A text that its writer changed after the approver opened the page needs another look."""
    writer, approver = await signed_in("content", "Lan"), await signed_in("approver", "Hùng")
    draft = await rewrite(writer, content)
    await submit(writer, draft)
    shown = await seen(approver, draft)
    await change(writer, draft, next_step="Hỏi xã.")
    await submit(writer, draft)

    refused = await press(approver, f"{draft}/approve", seen=shown)

    assert "vừa được người khác lưu" in words(refused.text)
    assert LEAD in (content / FILE).read_text("utf-8")


async def test_who_edits_by_hand_loses_nothing(content: Path, signed_in: SignIn) -> None:
    """A file that changed under a draft is shown beside it; nothing is written over it unseen."""
    writer, approver = await signed_in("content", "Lan"), await signed_in("approver", "Hùng")
    draft = await rewrite(writer, content)
    await submit(writer, draft)
    shown, path = await seen(approver, draft), content / FILE
    path.write_text(
        path.read_text("utf-8").replace("Nộp một bộ giấy.", "Nộp hai bộ giấy."), "utf-8"
    )
    by_hand = path.read_text("utf-8")

    refused = await press(approver, f"{draft}/approve", seen=shown)
    both = words((await writer.get(f"{draft}/conflict")).text)
    moved = await press(writer, f"{draft}/rebase", seen=shown)

    assert "đã được sửa từ khi bản này bắt đầu" in words(refused.text)
    assert path.read_text("utf-8") == by_hand
    assert "hai bộ giấy" in both.replace("thêm: ", "")
    assert "bản giới thiệu" in both
    assert moved.headers["location"] == f"{draft}/review"
    old = await press(approver, f"{draft}/approve", seen=shown)
    assert old.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


async def test_two_writers_at_once_lose_nothing(signed_in: SignIn) -> None:
    """Who saves second sees what the first saved, and keeps what they typed."""
    one, other = await signed_in("content", "Lan"), await signed_in("content", "Mai")
    draft = await begin(one)
    held = fields_of((await other.get(draft)).text, "draft")
    await change(one, draft, next_step="Hỏi xã.")

    refused = await other.post(draft, data={**held, "next_step": ["Hỏi huyện."]})

    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "vừa được người khác lưu" in words(refused.text)
    assert "Hỏi huyện." in fields_of(refused.text, "draft")["next_step"]
    assert "xã" in words(refused.text)


async def test_a_draft_given_back_waits_for_its_writer(content: Path, signed_in: SignIn) -> None:
    """With the reason; the approver's list is empty."""
    writer, approver = await signed_in("content", "Lan"), await signed_in("approver", "Hùng")
    draft = await rewrite(writer, content)
    await submit(writer, draft)
    await press(
        approver, f"{draft}/return", seen=await seen(approver, draft), comment="Thiếu căn cứ"
    )

    assert draft in (await writer.get("/console")).text
    assert "Thiếu căn cứ" in (await writer.get(f"{draft}/review")).text
    assert draft not in (await approver.get("/console")).text


async def test_markup_in_a_title_is_shown_not_obeyed(signed_in: SignIn) -> None:
    """On every page that shows it."""
    client, evil = await signed_in("content"), "<script>alert(1)</script>"
    draft = await begin(client)
    await change(client, draft, title=evil, label=evil, questions=evil, body=f"{evil}\n\n{evil}")

    for page in (draft, f"{draft}?as=file", f"{draft}/review", f"{draft}/conflict"):
        assert evil not in (await client.get(page)).text, page


NEW_ARTICLE = {
    "topic": "ocop",
    "title": "Mất giấy chứng nhận OCOP thì làm sao",
    "answer": "Chưa có quy định nào nói việc này.",
    "source": "luat-17-2023",
    "clause": "Điều 4",
    "covers": "1a",
    "next_step": "Hỏi UBND xã.",
    "readers": "farmer",
}


async def test_a_new_article_is_begun_in_the_browser(signed_in: SignIn) -> None:
    """What is asked of it is what `htx content new` asks; what is proposed may be left empty."""
    client = await signed_in("content")
    page = (await client.get("/console/content/new")).text
    refused = await press(client, "/console/content/new", **{**NEW_ARTICLE, "source": "khong-co"})
    begun = await press(client, "/console/content/new", **NEW_ARTICLE, questions="Mất giấy OCOP?")

    assert "Tên bài, tối đa" in page
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Không thấy văn bản nào" in words(refused.text)
    assert NEW_ARTICLE["title"] in fields_of(refused.text, "new")["title"]
    draft = begun.headers["location"]
    held = fields_of((await client.get(draft)).text, "draft")
    assert held["title"] == [NEW_ARTICLE["title"]]
    assert held["questions"] == ["Mất giấy OCOP?"]
    taken = await press(client, "/console/content/new", **{**NEW_ARTICLE, "slug": "ho-so"})
    assert "Đã có bài ocop/ho-so" in words(taken.text)


async def test_another_page_hands_in_what_it_knows(signed_in: SignIn) -> None:
    """A gap its questions, a ticket its reply: the form is shown with them, nothing is begun."""
    client = await signed_in("content")
    shown = await press(
        client, "/console/content/new", show="1", answer="Nộp ở xã.", questions="Nộp mô rứa?"
    )

    held = fields_of(shown.text, "new")
    assert (held["answer"], held["questions"]) == (["Nộp ở xã."], ["Nộp mô rứa?"])
    assert "Bản sửa đang có" not in (await client.get("/console/content")).text


async def test_an_earlier_version_comes_back_by_the_same_way(
    content: Path, signed_in: SignIn
) -> None:
    """Its text is a new draft; the history says who wrote, who approved and why."""
    writer, approver = await signed_in("content", "Lan"), await signed_in("approver", "Hùng")
    before = (content / FILE).read_text("utf-8")
    draft = await rewrite(writer, content)
    await submit(writer, draft)
    await press(approver, f"{draft}/approve", seen=await seen(approver, draft))

    past = words((await writer.get(f"{PAGE}/history")).text)
    back = await press(writer, f"{PAGE}/bring-back", version="first")

    assert "Lan viết, Hùng duyệt. Vì: Thiếu bản giới thiệu" in past
    body = before.partition("\n---\n")[2].strip()
    page = (await writer.get(back.headers["location"])).text
    assert fields_of(page, "draft")["body"] == [body]
    assert (content / FILE).read_text("utf-8") != before


async def test_what_was_changed_by_hand_is_in_the_history(content: Path, signed_in: SignIn) -> None:
    """Between and after what the console wrote; nobody is named for it."""
    writer, approver = await signed_in("content", "Lan"), await signed_in("approver", "Hùng")
    draft = await rewrite(writer, content)
    await submit(writer, draft)
    await press(approver, f"{draft}/approve", seen=await seen(approver, draft))
    path = content / FILE
    path.write_text(path.read_text("utf-8").replace("một bộ", "hai bộ"), "utf-8")

    assert "Sửa tay trong thư mục" in words((await writer.get(f"{PAGE}/history")).text)


async def test_articles_are_found_by_what_is_to_be_done(
    services: Services, signed_in: SignIn
) -> None:
    """Long not looked over, disliked, never told, at work; by words without diacritics too."""
    client = await signed_in("agent")
    async with services.sessions.begin() as session:
        for number in range(4):
            article = services.library.articles[ARTICLE]
            session.add(
                Feedback(
                    channel="web",
                    key=str(number),
                    at=services.now(),
                    article=ARTICLE,
                    hash=article.hash,
                    useful=False,
                )
            )

    async def listed(query: str) -> str:
        return words((await client.get(f"/console/content?{query}")).text)

    assert "1 bài." in await listed("filter=disliked")
    assert "4 bài." in await listed("filter=unused")
    assert "0 bài." in await listed("filter=due")
    assert "0 bài." in await listed("filter=open")
    assert "Hồ sơ OCOP" in await listed("q=ho+so+ocop")
    assert "2 bài." in await listed("topic=founding")


async def test_an_article_is_sought_by_words_in_any_order(signed_in: SignIn) -> None:
    """Typed without diacritics too, in the list of articles and before a gap."""
    client = await signed_in("content")

    assert "Hồ sơ OCOP" in words((await client.get("/console/content?q=ocop+ho+so")).text)


async def test_a_message_is_tried_out(signed_in: SignIn, nlu: FakeNlu) -> None:
    """On what is served, by the NLU and by words; on a draft by words alone. Nothing is kept."""
    client = await signed_in("content")
    nlu.table["hồ sơ ocop 36 tháng"] = reading(("ocop.ho-so", 0.9), ("ocop.hang-sao", 0.05))
    served = words((await client.get("/console/content/try?text=hồ+sơ+ocop+36+tháng")).text)
    draft = await begin(client)
    await change(client, draft, body="Bản nháp nói khác.")
    number = draft.rpartition("/")[2]
    page = f"/console/content/try?text=hồ+sơ+ocop&draft={number}"
    tried = words((await client.get(page)).text)

    assert "90,0 %" in served
    assert "36 tháng" in served
    assert "Bản nháp nói khác." in tried
    assert "máy chưa học" in tried


async def test_a_document_says_what_leans_on_it(signed_in: SignIn) -> None:
    """And how far each article is."""
    client = await signed_in("content")
    await begin(client)
    listed = words((await client.get("/console/content/sources?q=LUAT+hop+tac")).text)
    one = words((await client.get("/console/content/sources/luat-17-2023")).text)

    assert "Luật Hợp tác xã 17/2023/QH15" in listed
    assert "bản sửa đang viết" in one
    assert "chưa có bản sửa" in one


async def test_a_new_part_gets_its_fields(content: Path, signed_in: SignIn) -> None:
    """A heading is enough; what is said of the part stands in the file, the rest as it was."""
    client = await signed_in("content")
    draft = await begin(client)
    body = (content / FILE).read_text("utf-8").partition("\n---\n")[2].strip()
    await change(client, draft, body=f"{body}\n\n## Nộp ở đâu {{#noi-nop}}\n\nNộp ở xã.")
    page = (await client.get(draft)).text
    await change(
        client, draft, **{"part-noi-nop-kind": "place", "part-noi-nop-questions": "Nộp mô?"}
    )
    text = unescape((await client.get(f"{draft}?as=file")).text)

    assert "Nộp ở đâu (noi-nop)" in words(page)
    assert "parts:\n  noi-nop:\n    kind: place\n    questions:\n      - Nộp mô?\n---" in text
    await change(
        client, draft, body=body, **{"part-noi-nop-kind": "", "part-noi-nop-questions": ""}
    )
    assert "noi-nop" not in (await client.get(f"{draft}?as=file")).text


async def test_what_two_people_did_apart_is_put_together(content: Path, signed_in: SignIn) -> None:
    """The draft keeps its words and takes those of the file, at one press."""
    client, path = await signed_in("content", "Lan"), content / FILE
    draft = await begin(client)
    await change(client, draft, title="Hồ sơ OCOP gồm gì")
    path.write_text(path.read_text("utf-8").replace("một bộ", "hai bộ"), "utf-8")
    await press(client, f"{draft}/rebase", seen=await seen(client, draft), merge="1")

    held = fields_of((await client.get(draft)).text, "draft")
    assert held["title"] == ["Hồ sơ OCOP gồm gì"]
    assert "hai bộ giấy" in held["body"][0]
    assert "không đổi gì" in words((await client.get(f"{draft}/conflict")).text)


@pytest.mark.parametrize(
    "address",
    [
        "articles/%2e%2e/topics",
        "articles/ocop/ho-so%00",
        "articles/ocop/..",
        "articles/OCOP/ho-so",
        "articles/%2e%2e/topics/history",
        "drafts/99999999999999999999",
        "try?text=a&draft=99999999999999999999",
        "sources/%2e%2e",
    ],
)
async def test_what_is_no_name_is_not_there(signed_in: SignIn, address: str) -> None:
    """No file but an article's is read, no number but a proposal's is looked for."""
    client = await signed_in("content")
    answered = await client.get(f"/console/content/{address}")

    assert answered.status_code in {HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY}
