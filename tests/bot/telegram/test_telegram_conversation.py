"""What a person sees in a private chat with the bot."""

from pathlib import Path
from typing import Any

import pytest

from services.bootstrap import Services
from tests.doubles.bot_api import BotApi
from tests.doubles.content import write_content
from tests.doubles.parted import PARTED, PARTS, write_parted
from tests.doubles.procedure import PROCEDURE, write_procedure
from tests.doubles.telegram import ASKED, ASKED_LONG, UNSURE, GatedNlu

pytestmark = pytest.mark.usefixtures("bot")
ME = 7


@pytest.mark.parametrize("written", ["/start", "/start tu-bai-bao", "/START"])
async def test_start_greets_with_the_notice_and_the_subjects(
    api: BotApi, services: Services, written: str
) -> None:
    """/start says what is kept and offers the four subjects, whatever link it came from."""
    api.say(ME, written)
    greeting, _ = await api.replies(ME, 2)

    assert services.library.phrases.say("notice", days=90) in greeting.text
    assert list(greeting.buttons.values()) == [
        *("s:policy", "s:ocop", "s:credit", "s:registration"),
        "q:",
    ]


async def test_help_says_how_to_ask(api: BotApi) -> None:
    """/help shows examples as a list."""
    api.say(ME, "/help")
    [told] = await api.replies(ME, 1)

    assert "• Thành lập hợp tác xã cần mấy người?" in told.text


async def test_answer_shows_its_source(api: BotApi) -> None:
    """An answer comes with the document and the clause it stands on, and the next step."""
    api.say(ME, ASKED)
    [answer] = await api.replies(ME, 1)

    assert "Hợp tác xã cần ít nhất <b>05 thành viên</b> chính thức." in answer.source
    assert "Luật Hợp tác xã 17/2023/QH15, Điều 4" in answer.text
    assert "Bước tiếp theo: Hỏi UBND xã." in answer.text


async def test_clarify_and_press(api: BotApi) -> None:
    """An unclear question gets buttons; pressing one answers in a new message."""
    api.say(ME, UNSURE)
    [offer] = await api.replies(ME, 1)
    api.press(ME, offer, offer.buttons["Hồ sơ OCOP"])
    _, answer = await api.replies(ME, 2)

    assert "Mẫu 01" in answer.text
    assert len(api.called("answerCallbackQuery")) == 1


async def test_numbers_choose_after_every_list(api: BotApi) -> None:
    """A number opens what the button of that place would: greeting, articles, an offer."""
    api.say(ME, "/start")
    await api.replies(ME, 2)
    for count, written in enumerate(("2", "cái thứ hai", UNSURE, "so 2"), start=3):
        api.say(ME, written)
        told = await api.replies(ME, count)

    articles, chosen, _, papers = told[2:]
    assert list(articles.buttons.values()) == ["a:ocop/hang-sao", "a:ocop/ho-so"]
    assert "Nộp một bộ giấy" in chosen.text
    assert "Mẫu 01" in papers.text


async def test_see_more_brings_exactly_the_rest(api: BotApi) -> None:
    """A long answer is short at first; its button brings what was left out, once, with sources."""
    api.say(ME, ASKED_LONG)
    [first] = await api.replies(ME, 1)
    api.press(ME, first, first.buttons["Xem thêm"])
    _, rest = await api.replies(ME, 2)
    steps = [n for n in range(1, 21) if f"Bước {n}:" in first.text]
    others = [n for n in range(1, 21) if f"Bước {n}:" in rest.text]

    assert len(first.text) <= 900
    assert list(range(1, 21)) == steps + others
    assert "Luật Hợp tác xã 17/2023/QH15" in first.text
    assert "Luật Hợp tác xã 17/2023/QH15" in rest.text
    assert "Xem thêm" not in rest.buttons


async def test_reader_gets_their_part_and_the_rest_of_it(api: BotApi) -> None:
    """A button brings what is for managers under the same short answer; more of it, on demand."""
    api.say(ME, ASKED_LONG)
    [first] = await api.replies(ME, 1)
    api.press(ME, first, first.buttons["Cho quản lý hợp tác xã"])
    _, part = await api.replies(ME, 2)
    api.press(ME, part, part.buttons["Xem thêm"])
    *_, rest = await api.replies(ME, 3)

    assert part.text.startswith("Lập hợp tác xã qua 20 bước.\n\nNguồn:\n• Luật Hợp tác xã 17/2023")
    assert "Quản lý lo việc 1." in part.text
    assert rest.text.startswith("Quản lý lo việc ")
    assert "Quản lý lo việc 40." in rest.text
    assert "Bước" not in part.text.replace("Bước tiếp theo", "")


async def test_checklist_is_ticked_not_bulleted(api: BotApi) -> None:
    """A button brings the papers of the procedure, each behind an empty box."""
    api.say(ME, ASKED_LONG)
    [first] = await api.replies(ME, 1)
    api.press(ME, first, first.buttons["Danh mục giấy tờ"])
    _, listed = await api.replies(ME, 2)

    assert "\n☐ Giấy đề nghị (Mẫu II-1)" in listed.text
    assert "Luật Hợp tác xã 17/2023/QH15, Điều 42" in listed.text


async def test_answer_is_judged_by_two_buttons_in_one_row(api: BotApi) -> None:
    """The last row judges; each press is acknowledged and answered by a short message."""
    api.say(ME, ASKED)
    [answer] = await api.replies(ME, 1)
    api.press(ME, answer, answer.buttons["👎 Chưa được"])
    _, why = await api.replies(ME, 2)
    api.press(ME, why, why.buttons["Thiếu chi tiết"])
    *_, thanks = await api.replies(ME, 3)
    *_, last = answer.message["reply_markup"]["inline_keyboard"]

    assert [button["text"] for button in last] == ["👍 Có ích", "👎 Chưa được"]
    assert thanks.text.startswith("Cảm ơn bà con")
    assert len(api.called("answerCallbackQuery")) == 2


@pytest.mark.parametrize("payload", ["x", "a:founding/khong-co", "a:khong-co:0:3", "🙂" * 16])
async def test_stale_button(api: BotApi, services: Services, payload: str) -> None:
    """A button that leads nowhere any more says so and shows the subjects."""
    api.say(ME, "/help")
    [helped] = await api.replies(ME, 1)
    api.press(ME, helped, payload)
    _, told = await api.replies(ME, 2)

    assert services.library.phrases.say("stale_button") == told.text
    assert "s:ocop" in told.buttons.values()


@pytest.mark.parametrize(
    "fields",
    [
        {"photo": [{"file_id": "a", "file_unique_id": "a", "width": 1, "height": 1}]},
        {"voice": {"file_id": "a", "file_unique_id": "a", "duration": 1}, "caption": ASKED},
        {"location": {"latitude": 15.5, "longitude": 108.2}},
    ],
)
async def test_not_text(api: BotApi, services: Services, fields: dict[str, Any]) -> None:
    """What is no text gets one sentence that says what to send."""
    api.say(ME, **fields)
    [told] = await api.replies(ME, 1)

    assert services.library.phrases.say("not_text") == told.text


async def test_album_is_spoken_to_once(api: BotApi) -> None:
    """An album of pictures gets one sentence, not one a picture."""
    picture = [{"file_id": "a", "file_unique_id": "a", "width": 1, "height": 1}]
    for _ in range(3):
        api.say(ME, photo=picture, media_group_id="album")
    api.say(ME, ASKED)
    _, answer = await api.replies(ME, 2)

    assert "05 thành viên" in answer.text


async def test_what_is_for_nobody_is_ignored(api: BotApi) -> None:
    """Edits, channel posts and service messages get no reply."""
    message = {"message_id": 1, "date": 1_700_000_000, "text": ASKED}
    person = {"id": ME, "is_bot": False, "first_name": "Bà con"}
    chat = api.chats.open(ME)
    channel = {"id": -100, "type": "channel", "title": "Tin"}
    api.put("edited_message", {**message, "chat": chat, "from": person, "edit_date": 1_700_000_001})
    api.put("channel_post", {**message, "chat": channel})
    api.put(
        "message",
        {"message_id": 2, "date": 1, "chat": chat, "from": person, "group_chat_created": True},
    )
    api.say(ME, "/help")
    await api.replies(ME, 1)

    assert len(api.called("sendMessage")) == 1


@pytest.mark.parametrize("typing_every", [0.01])
async def test_typing_is_shown_at_once_and_kept_alive(api: BotApi, nlu: GatedNlu) -> None:
    """While a person waits, the sign that the bot is writing is shown again and again."""
    gate = nlu.hold(ASKED)
    api.say(ME, ASKED)
    await api.until(lambda: len(api.called("sendChatAction")) > 2)
    gate.opened.set()
    await api.replies(ME, 1)

    assert {"typing"} == {call.parameters["action"] for call in api.called("sendChatAction")}


@pytest.mark.parametrize(
    "text",
    [
        "<b>đậm</b><script>alert(1)</script> & <a href='x'>",
        "\u202eđảo ngược\u202c \u200f\u2066",
        "🙂👨‍👩‍👧‍👦" * 200,
        "a" * 4096,
        "\n" * 4000 + "x",
        "'; DROP TABLE turn; --",
        "@htx_thu_bot",
        "/khongco",
        "\x07\x1b[31m",
    ],
)
async def test_hostile_text_gets_a_reply(api: BotApi, text: str) -> None:
    """Whatever is written, one message of words comes back."""
    api.say(ME, text)
    [reply] = await api.replies(ME, 1)

    assert reply.text.strip()


class TestLongAnswer:
    """An answer with more buttons than rows."""

    @pytest.fixture
    def content(self, tmp_path: Path) -> Path:
        """Return the small content with an article in four parts, one its procedure's papers."""
        root = write_content(tmp_path / "content")
        write_procedure(root)
        kinds = {"mot": "papers", "hai": None, "ba": None, "bon": None}
        cited = PARTS["dem"]["citations"]
        parts = {name: {"kind": kind, "citations": cited} for name, kind in kinds.items()}
        texts = [f"## Phần {name} {{#{name}}}\n\nNói về {name}." for name in kinds]
        write_parted(root, *texts, parts=parts, procedure=PROCEDURE)
        return root

    async def test_number_counts_what_is_seen(self, api: BotApi) -> None:
        """What gave way is no choice: behind three parts and the checklist comes the person."""
        api.say(ME, "/help")
        [helped] = await api.replies(ME, 1)
        api.press(ME, helped, f"d:{PARTED}#mot")
        *_, answer = await api.replies(ME, 2)
        api.say(ME, "5")
        *_, person = await api.replies(ME, 3)

        assert "a:founding/ho-so" not in answer.buttons.values()
        assert "Liên minh Hợp tác xã" in person.text
