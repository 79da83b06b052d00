"""What people say about the talk itself, in the middle of it."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.commands.ask import lines_of
from bot.terminal import with_tables
from services.bootstrap import Services
from services.conversation.question import Question
from services.conversation.state import ConversationState, note_shown
from services.conversation.turn import turn
from services.storage.models import Conversation
from tests.conftest import NOON
from tests.doubles.citizen import Citizen, withdraw
from tests.doubles.nlu import FakeNlu, reading


@pytest.fixture
def citizen(services: Services) -> Citizen:
    return Citizen(services)


async def test_shorter_is_the_first_sentence_with_its_source(
    citizen: Citizen, nlu: FakeNlu
) -> None:
    """Who wants it shorter gets one sentence of the same article, its source, and the whole."""
    whole = await citizen.press("a:founding/so-thanh-vien")

    short = await citizen.say("nói ngắn thôi")

    assert short.lead == "Hợp tác xã cần ít nhất **05 thành viên** chính thức."
    assert (short.detail, short.source_lines) == ("", whole.source_lines)
    assert [button.payload for button in short.buttons] == ["f:founding/so-thanh-vien"]
    assert nlu.asked == []


async def test_shorter_before_anything_is_told_kindly(citizen: Citizen) -> None:
    """Where nothing was answered, that is told, with where to begin."""
    reply = await citizen.say("noi ngan gon thoi")

    assert "chưa trả lời điều gì" in reply.lead
    assert reply.buttons[0].payload == "s:policy"


@pytest.mark.parametrize("second", ["2", "số 2", "cái thứ hai", "so hai", "câu b", "cái cuối"])
async def test_number_chooses_after_a_menu_of_topics(citizen: Citizen, second: str) -> None:
    """A number, a place in words or a letter opens what the button of that place would."""
    await citizen.press("m:")
    topic = await citizen.say("cái thứ 2")

    chosen = await citizen.say(second)

    assert chosen.article == topic.buttons[1].payload.removeprefix("a:")


@pytest.mark.parametrize("text", ["2 triệu", "3 sao", "hai hộ"])
async def test_amount_chooses_nothing(citizen: Citizen, nlu: FakeNlu, text: str) -> None:
    """A number of something is asked about, whatever was shown."""
    await citizen.press("m:")

    await citizen.say(text)

    assert nlu.asked == [text]


@pytest.mark.parametrize("text", ["a ơi", "c ơi", "dạ b", "d ạ"])
async def test_short_form_of_address_chooses_nothing(
    citizen: Citizen, nlu: FakeNlu, text: str
) -> None:
    """`a` is `anh` to most who write it: a letter is a place only behind `câu`, `ý`."""
    await citizen.press("m:")

    await citizen.say(text)

    assert nlu.asked == [text]


async def test_number_beyond_the_list_is_told_how_long_it_is(citizen: Citizen) -> None:
    """Who counts past the end is told how many there are, and may count again."""
    await citizen.press("t:ocop")

    beyond = await citizen.say("số 9")

    assert "2 mục" in beyond.lead
    assert (await citizen.say("2")).article == "ocop/ho-so"


async def test_article_wins_over_a_number_beyond_the_list(citizen: Citizen, nlu: FakeNlu) -> None:
    """Without diacritics a numeral may be another word."""
    nlu.table["tam"] = reading(("ocop.hang-sao", 0.9))
    await citizen.press("m:")

    assert (await citizen.say("tam")).article == "ocop/hang-sao"


async def test_verdict_is_no_choice(citizen: Citizen, nlu: FakeNlu) -> None:
    """Numbers pass over what judges an answer, and over the whole of the same article."""
    nlu.table["hồ sơ ocop"] = reading(("ocop.ho-so", 0.9))
    answered = await citizen.say("hồ sơ ocop")
    await citizen.say("ngắn gọn")
    await citizen.press("n:ocop/ho-so")

    chosen = await citizen.say("1")

    assert f"a:{chosen.article}" == answered.buttons[0].payload


async def test_plainer_is_the_short_answer_alone(citizen: Citizen) -> None:
    """Who did not understand gets the short answer without its detail, and a person to ask."""
    await citizen.press("a:founding/so-thanh-vien")

    reply = await citizen.say("noi de hieu hon di")

    assert "05 thành viên" in reply.lead
    assert (reply.detail, reply.article) == ("", "founding/so-thanh-vien")
    assert [button.payload for button in reply.buttons] == ["f:founding/so-thanh-vien", "h:"]


async def test_more_is_the_whole_answer_at_once(citizen: Citizen) -> None:
    """Who wants all gets all of it: no button asks for the rest again."""
    await citizen.press("a:founding/so-thanh-vien")
    await citizen.say("nói ngắn thôi")

    whole = await citizen.say("nói kỹ hơn đi")

    assert "7 người" in whole.detail
    assert whole.again is None


@pytest.mark.parametrize(
    "text",
    ["rồi làm gì tiếp", "giờ làm gì", "rồi sao nữa", "bước tiếp theo là gì", "gio lam chi day em"],
)
async def test_what_to_do_next_is_the_next_step_of_what_is_open(
    citizen: Citizen, nlu: FakeNlu, text: str
) -> None:
    """It is told with what it is about, by itself, and the article stays open."""
    await citizen.press("a:founding/so-thanh-vien")

    reply = await citizen.say(text)

    assert (reply.outcome, reply.article) == ("answered", "founding/so-thanh-vien")
    assert reply.lead.endswith("Hỏi UBND xã.")
    assert (reply.detail, reply.next_step, nlu.asked) == ("", "", [])


@pytest.mark.parametrize("text", ["giấy thứ hai là gì", "giay to thu 2 la gi", "giấy số 2"])
async def test_paper_of_a_place_is_that_item_of_the_answer(citizen: Citizen, text: str) -> None:
    """The second paper is the second item of the last answer's list, with its source."""
    await citizen.press("a:founding/ho-so")

    reply = await citizen.say(text)

    assert reply.lead == "Mục 2: Điều lệ"
    assert (reply.detail, reply.article) == ("", "founding/ho-so")


async def test_number_of_papers_is_no_place(citizen: Citizen, nlu: FakeNlu) -> None:
    """“2 giấy” counts, and what the list does not have is asked about."""
    await citizen.press("a:founding/ho-so")
    for text in ("2 giấy gì", "bước thứ 9"):
        await citizen.say(text)

    assert len(nlu.asked) == 2


async def test_yes_answers_the_one_thing_asked_back(citizen: Citizen, nlu: FakeNlu) -> None:
    """“Đúng rồi” after “có phải …?” opens it; with several it is asked again which one."""
    nlu.table["sao"] = reading(("ocop.hang-sao", 0.3))
    nlu.table["hồ sơ"] = reading(("founding.ho-so", 0.4), ("ocop.ho-so", 0.3))
    await citizen.say("sao")
    one = await citizen.say("dung roi")
    await citizen.say("hồ sơ")
    several = await citizen.say("vâng ạ")

    assert one.article == "ocop/hang-sao"
    assert several.offered == ("founding/ho-so", "ocop/ho-so")


async def test_no_asks_for_other_words(citizen: Citizen, nlu: FakeNlu) -> None:
    """“Không phải” after “có phải …?” gets the menu, and nothing stays asked."""
    nlu.table["sao"] = reading(("ocop.hang-sao", 0.3))
    await citizen.say("sao")

    reply = await citizen.say("khong phai")

    assert (reply.outcome, reply.offered) == ("clarify", ())
    assert reply.buttons[0].payload == "s:policy"


async def test_wrong_is_a_no_to_what_was_asked_back(citizen: Citizen, nlu: FakeNlu) -> None:
    """“Sai rồi” after “có phải …?” is no verdict on the answer before."""
    nlu.table["sao"] = reading(("ocop.hang-sao", 0.3))
    await citizen.press("a:founding/ho-so")
    await citizen.say("sao")

    assert "rõ hơn" in (await citizen.say("không phải câu đó, trật rồi")).lead


@pytest.mark.parametrize("text", ["vâng", "không"])
async def test_yes_and_no_are_read_where_nothing_was_asked(
    citizen: Citizen, nlu: FakeNlu, text: str
) -> None:
    """Without a question of the bot they are messages like any other."""
    await citizen.press("a:ocop/hang-sao")

    await citizen.say(text)

    assert len(nlu.asked) == 1


async def test_question_behind_a_return_is_asked_of_what_it_names(
    citizen: Citizen, nlu: FakeNlu
) -> None:
    """“Quay lại cái … lúc nãy, …?” is read beside that article; “cái đầu” names nothing of it."""
    await citizen.press("a:founding/so-thanh-vien")
    await citizen.press("a:ocop/ho-so")
    back = "à quay lại cái số thành viên hồi nãy, ai tính rứa?"
    for asked in (back, "ai tính rứa?"):
        beside = f"{asked} | founding/so-thanh-vien"
        nlu.table[beside] = reading(("founding.so-thanh-vien", 0.9))

    named = await citizen.say(back)
    await citizen.press("a:ocop/ho-so")
    first = await citizen.say("quay lại câu ban đầu, ai tính rứa?")

    assert {named.article, first.article} == {"founding/so-thanh-vien"}


async def test_question_behind_a_return_is_no_wish_to_see_that_again(
    citizen: Citizen, nlu: FakeNlu
) -> None:
    """It is read, though every word of it stands in the article that it goes back to."""
    back = "quay lại cái hồ sơ, gồm mấy loại giấy?"
    await citizen.press("a:founding/ho-so")
    await citizen.press("a:ocop/hang-sao")
    nlu.table[f"{back} | founding/ho-so"] = reading(("founding.ho-so", 0.9))

    reply = await citizen.say(back)

    assert (reply.article, reply.act) == ("founding/ho-so", None)


@pytest.mark.parametrize(
    "words",
    [
        "còn vụ số thành viên hồi nãy ai tính",
        "số thành viên lúc nãy, ai tính",
    ],
)
async def test_what_is_pointed_back_at_by_its_name_is_asked_on(
    citizen: Citizen, nlu: FakeNlu, words: str
) -> None:
    """“Còn vụ … hồi nãy” is read beside that article, with a comma or without."""
    await citizen.press("a:founding/so-thanh-vien")
    await citizen.press("a:ocop/ho-so")
    nlu.table[f"{words} | founding/so-thanh-vien"] = reading(("founding.so-thanh-vien", 0.9))

    assert (await citizen.say(words)).article == "founding/so-thanh-vien"


async def test_back_goes_step_by_step(citizen: Citizen) -> None:
    """Each “quay lại” shows what was shown before that; the first stays where nothing is before."""
    for payload in ("m:", "t:ocop", "a:ocop/hang-sao", "a:ocop/ho-so"):
        await citizen.press(payload)

    shown = [str((await citizen.say("thôi quay lại")).again) for _ in range(3)]
    first = await citizen.say("quay lại")

    assert [*shown, str(first.again)] == ["a:ocop/hang-sao", "t:ocop", "m:", "m:"]


async def test_back_after_a_decline_is_what_was_shown_last(citizen: Citizen) -> None:
    """A reply that showed nothing is no step."""
    await citizen.press("a:ocop/ho-so")
    await citizen.say("mai mưa không")

    assert (await citizen.say("quay lại câu trước")).article == "ocop/ho-so"


async def test_back_after_a_courtesy_is_what_was_shown_last(citizen: Citizen) -> None:
    """A thank-you between shows nothing either; the step before that is one further back."""
    for payload in ("t:ocop", "a:ocop/ho-so"):
        await citizen.press(payload)
    await citizen.say("cảm ơn nhé")

    shown = [str((await citizen.say("quay lại")).again) for _ in range(2)]

    assert shown == ["a:ocop/ho-so", "t:ocop"]


async def test_back_to_the_list_and_to_the_beginning(citizen: Citizen, nlu: FakeNlu) -> None:
    """The last list, asked back or pressed, and what the talk began with."""
    nlu.table["hồ sơ"] = reading(("founding.ho-so", 0.4), ("ocop.ho-so", 0.3))
    await citizen.press("a:ocop/hang-sao")
    await citizen.say("hồ sơ")
    await citizen.say("2")

    listed = await citizen.say("quay lai danh sach luc nay")
    first = await citizen.say("quay lại câu đầu")

    assert listed.offered == ("founding/ho-so", "ocop/ho-so")
    assert first.article == "ocop/hang-sao"


async def test_again_repeats_what_was_shown_last(citizen: Citizen, nlu: FakeNlu) -> None:
    """Several answers at once are said again all."""
    nlu.table["mấy người? mấy sao?"] = reading(("ocop.hang-sao", 0.9))
    nlu.table["mấy người?"] = reading(("founding.so-thanh-vien", 0.9))
    nlu.table["mấy sao?"] = reading(("ocop.hang-sao", 0.9))
    nlu.table["mấy sao? | founding/so-thanh-vien"] = reading(("ocop.hang-sao", 0.9))
    both = await citizen.say("mấy người? mấy sao?")

    again = await citizen.say("nói lại lần nữa coi")
    second = await citizen.say("2")

    assert again.articles == both.articles == ("founding/so-thanh-vien", "ocop/hang-sao")
    assert second.article == "ocop/hang-sao"


async def test_wrong_offers_what_is_near(citizen: Citizen) -> None:
    """Who says that it is wrong is offered what is near the last answer, and a person."""
    await citizen.press("a:ocop/ho-so")

    reply = await citizen.say("sai rồi")

    assert [button.payload for button in reply.buttons] == ["a:ocop/hang-sao", "m:", "h:"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("gửi cho tôi cái hình", "chưa xem và chưa gửi ảnh"),
        ("cho xin file mau", "chưa gửi tệp"),
        ("nhắc tôi khi tới hạn nhé", "nhắc được việc có hạn theo luật"),
        ("đọc cho tôi nghe", "chưa đọc thành tiếng"),
        ("0905 123 456", "trợ lý ẩn đi, không giữ"),
        ("goi lai cho em so 0905123456", "Liên minh Hợp tác xã"),
        ("cho tui gặp cán bộ với hỉ", "Liên minh Hợp tác xã"),
        ("cam on nhieu nha", "không có gì"),
        ("tạm biệt", "nhắn lại"),
        ("đồ ngu", "Xin lỗi"),
        ("bạn là ai", "trợ lý tự động"),
        ("mi biết mần chi", "có dấu hay không"),
        ("xã muốn gửi thông báo tới các HTX trên bot này thì làm sao", "cán bộ được cấp quyền"),
        ("ai duyet thong bao", "một người khác duyệt"),
        ("???", "chưa rõ bà con muốn hỏi gì"),
        ("😀", "chưa rõ bà con muốn hỏi gì"),
    ],
)
async def test_every_other_act_has_its_answer_without_the_nlu(
    citizen: Citizen, nlu: FakeNlu, text: str, words: str
) -> None:
    """Courtesies, anger, and wishes for what it can't do are answered though the NLU is down."""
    nlu.down = True

    reply = await citizen.say(text)

    assert words in reply.lead
    assert reply.outcome in {"smalltalk", "handoff", "clarify"}


async def test_sure_article_wins_over_a_doubtful_act(citizen: Citizen, nlu: FakeNlu) -> None:
    """“Bắt đầu từ đâu?” asks of the open article where one answers, else of the bot."""
    of_the_bot = await citizen.say("bắt đầu từ đâu")
    nlu.table["bắt đầu từ đâu | founding/ho-so"] = reading(("founding.so-thanh-vien", 0.9))
    await citizen.press("a:founding/ho-so")

    of_the_article = await citizen.say("bắt đầu từ đâu")

    assert "có dấu hay không" in of_the_bot.lead
    assert of_the_article.article == "founding/so-thanh-vien"


async def test_declines_in_a_row_are_told_in_other_words(citizen: Citizen) -> None:
    """No decline repeats the one before; the third asks what is easy to answer."""
    told = [await citizen.say("mai mưa không") for _ in range(4)]

    assert len({reply.lead for reply in told[:3]}) == 3
    assert told[3].lead == told[0].lead
    assert [button.payload for button in told[2].buttons][:1] == ["s:policy"]
    assert {reply.outcome for reply in told} == {"declined"}


async def test_decline_of_one_case_is_told_in_other_words_too(citizen: Citizen) -> None:
    """What nobody may tell opens otherwise each time; the third shows the subjects too."""
    told = [await citizen.say("xin zalo giám đốc") for _ in range(4)]

    assert all(one.lead != other.lead for one, other in pairwise(told))
    assert [any(b.payload == "s:ocop" for b in one.buttons) for one in told] == [
        *(False, False),
        *(True, True),
    ]


async def test_talk_keeps_codes_and_no_words(citizen: Citizen, session: AsyncSession) -> None:
    """What a talk comes back to are at most twenty codes."""
    for number in range(30):
        await citizen.press(f"a:{('ocop/ho-so', 'ocop/hang-sao', 'founding/ho-so')[number % 3]}")
    await citizen.say("nói ngắn thôi")

    row = (await session.scalars(select(Conversation))).one()

    assert len(row.trail) == 20
    assert {code.partition(":")[0] for code in (*row.trail, *row.choices)} <= set("ahmst")


async def test_morning_after_nothing_is_remembered(services: Services) -> None:
    """After some hours there is nothing to come back to."""
    await Citizen(services).press("a:ocop/ho-so")
    tomorrow = Citizen(replace(services, now=lambda: NOON + timedelta(hours=12)))

    reply = await tomorrow.say("quay lại")

    assert "để quay lại" in reply.lead


async def test_back_to_what_is_named(citizen: Citizen, nlu: FakeNlu) -> None:
    """“Quay lại cái …” shows the one of those shown that speaks of it; else it is a question."""
    for payload in ("a:founding/ho-so", "a:ocop/hang-sao", "a:founding/so-thanh-vien"):
        await citizen.press(payload)

    found = await citizen.say("quay lai cai hang sao luc nay")
    await citizen.say("quay lại cái máy cày")

    assert found.article == "ocop/hang-sao"
    assert {*nlu.asked} == {"quay lại cái máy cày"}


async def test_opener_leaves_the_rest_in_its_place(citizen: Citizen, nlu: FakeNlu) -> None:
    """“Thôi còn …” asks the same of another thing, as “còn …” does."""
    nlu.table["hồ sơ lập htx"] = reading(("founding.ho-so", 0.9))
    nlu.table["hồ sơ lập htx OCOP"] = reading(("ocop.ho-so", 0.9))
    await citizen.say("hồ sơ lập htx")

    assert (await citizen.say("thôi, còn OCOP thì sao")).article == "ocop/ho-so"


@pytest.mark.parametrize(
    "text",
    ["khong phai rua, tui hoi mấy sao", "Không, tôi hỏi mấy sao", "nhầm rồi ý em mấy sao"],
)
async def test_correction_reads_what_was_meant(citizen: Citizen, nlu: FakeNlu, text: str) -> None:
    """Whatever small words it opens with, what stands behind them is read."""
    nlu.table["mấy sao"] = reading(("ocop.hang-sao", 0.9))
    await citizen.press("a:founding/ho-so")

    assert (await citizen.say(text)).article == "ocop/hang-sao"


async def test_number_as_the_first_message_chooses_from_the_greeting(citizen: Citizen) -> None:
    """Every face greets with the four subjects before anything was written."""
    assert str((await citizen.say("2")).again) == "t:ocop"


def test_terminal_draws_tables_in_columns() -> None:
    """A table stands in columns under its names, the words around it as ever."""
    drawn = with_tables("Trước **bảng**:\n\n| Loại | Mức |\n|---|---|\n| **Nhỏ** | 10 |\n\nSau.")
    lines = [line for line in drawn.splitlines() if "10" in line or "Loại" in line]

    assert drawn.startswith("Trước bảng:")
    assert drawn.endswith("Sau.")
    assert len({line.index("│", 2) for line in (lines[0].replace("┃", "│"), lines[1])}) == 1
    assert "**" not in drawn


async def test_terminal_numbers_what_can_be_chosen(citizen: Citizen) -> None:
    """A line with a number is opened by that number; the whole has none, verdicts no line."""
    topic = list(lines_of(await citizen.take(payload="t:ocop")))
    await citizen.press("a:ocop/ho-so")
    short = list(lines_of(await citizen.take("nói ngắn thôi")))

    assert topic[1:] == ["  1. Hạng sao OCOP", "  2. Hồ sơ OCOP"]
    assert short[0] == "── Hồ sơ OCOP ──"
    assert short[2:] == ["Nội dung rà soát ngày 24/11/2026.", "  › Xem cả bài"]


@pytest.mark.parametrize(
    "text", ["không biết hỏi gì", "khong biet hoi chi", "chưa biết nên hỏi gì"]
)
async def test_who_knows_nothing_to_ask_is_shown_what_there_is(
    citizen: Citizen, nlu: FakeNlu, text: str
) -> None:
    """It is no complaint: what can be asked is told, above the subjects."""
    nlu.table[text] = reading(("smalltalk.complaint", 0.98))
    reply = await citizen.say(text)

    assert (reply.act, len(reply.buttons)) == ("abilities", 5)


@pytest.mark.parametrize("text", ["b", "A.", "k"])
async def test_letter_that_chooses_nothing_asks_nothing(citizen: Citizen, text: str) -> None:
    """It is taken for a slip of the thumb: no office is named for it."""
    await citizen.press("a:ocop/hang-sao")

    assert (await citizen.say(text)).act == "sign"


@pytest.mark.parametrize("text", ["không", "ừ đúng rồi", "123"])
async def test_answer_to_nothing_asks_what_is_meant(citizen: Citizen, text: str) -> None:
    """A yes, a no, a number where nothing was asked: no office is named, the subjects are shown."""
    await citizen.press("a:ocop/hang-sao")
    reply = await citizen.say(text)

    assert reply.outcome != "declined"
    assert [button.payload[:2] for button in reply.buttons] == [*["s:"] * 4, "q:"]


@pytest.mark.parametrize("text", ["menu", "xem các mục", "cho xem mục lục", "danh muc"])
async def test_menu_is_had_by_its_name(citizen: Citizen, text: str) -> None:
    """Whatever list was shown last: these are the words of its button."""
    await citizen.press("t:ocop")

    assert str((await citizen.say(text)).again) == "m:"


@pytest.mark.parametrize("text", ["tôi ở UBND xã", "toi la nong dan", "em là kế toán htx"])
async def test_who_says_who_he_is_is_asked_what_he_wants(citizen: Citizen, text: str) -> None:
    """It is no question yet."""
    assert (await citizen.say(text)).act == "introduction"


async def test_thanks_leave_the_list(citizen: Citizen, nlu: FakeNlu) -> None:
    """Thanks, or small talk, between a list and the choice from it: the list still stands there."""
    nlu.table["hello bạn hiền"] = reading(("smalltalk.greeting", 0.9))
    await citizen.press("t:ocop")
    for courtesy in ("cảm ơn nhé", "hello bạn hiền"):
        await citizen.say(courtesy)

    assert (await citizen.say("2")).article == "ocop/ho-so"


async def test_thanks_leave_what_was_asked_back(citizen: Citizen, nlu: FakeNlu) -> None:
    """What is chosen then still holds for the place that was asked for."""
    nlu.table["ở Gia Lai lập hợp tác xã cần hồ sơ gì"] = reading(
        ("founding.ho-so", 0.4), ("ocop.ho-so", 0.3)
    )
    await citizen.say("ở Gia Lai lập hợp tác xã cần hồ sơ gì")
    await citizen.say("cảm ơn nhé")

    assert "Gia Lai" in (await citizen.say("1")).lead


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("xin chào ad, hồ sơ vay gồm những gì", "hồ sơ vay gồm những gì"),
        ("cam on em nhe, ho so vay gom nhung gi", "ho so vay gom nhung gi"),
        ("hello cho em hỏi hồ sơ vay gồm gì", "hồ sơ vay gồm gì"),
    ],
)
async def test_what_is_asked_behind_a_courtesy_is_read_by_itself(
    citizen: Citizen, nlu: FakeNlu, text: str, asked: str
) -> None:
    """A whole message that is read as a greeting or thanks still gets its answer."""
    nlu.table[text] = reading(("smalltalk.greeting", 0.9))
    nlu.table[asked] = reading(("ocop.ho-so", 0.9))

    assert (await citizen.say(text)).outcome == "answered"


async def test_courtesy_that_asks_nothing_behind_it_stays_one(
    citizen: Citizen, nlu: FakeNlu
) -> None:
    """What is told behind thanks is no question."""
    nlu.table["cảm ơn ad đã chỉ hồ sơ vay"] = reading(("smalltalk.greeting", 0.9))
    nlu.table["đã chỉ hồ sơ vay"] = reading(("ocop.ho-so", 0.9))

    assert (await citizen.say("cảm ơn ad đã chỉ hồ sơ vay")).outcome == "smalltalk"


async def test_return_to_what_was_never_shown_is_a_question_alone(
    citizen: Citizen, nlu: FakeNlu
) -> None:
    """One word in common names nothing: it is asked where the talk stands."""
    await citizen.press("a:founding/so-thanh-vien")
    await citizen.press("a:ocop/ho-so")
    asked = "xem lại cái thành tích, lãi bao nhiêu?"
    nlu.table[f"{asked} | ocop/ho-so"] = reading(("ocop.ho-so", 0.9))

    assert (await citizen.say(asked)).article == "ocop/ho-so"


async def test_yes_to_an_offer_without_a_trail_shows_the_menu(services: Services) -> None:
    """Of a talk that was kept before there were trails; with one offered it is opened."""
    several = ConversationState(offered=("ocop/ho-so", "ocop/hang-sao"))
    edition, question = services.current.edition, Question("web", "a", "đúng rồi")

    assert str((await turn(several, question, edition, NOON)).reply.again) == "m:"


@pytest.mark.parametrize("text", ["cái sau", "cai sau", "ý sau"])
async def test_the_latter_is_the_second_of_two(
    citizen: Citizen, services: Services, nlu: FakeNlu, text: str
) -> None:
    """Of three there is none; what went away since is told so, and the talk goes on."""
    nlu.table["hồ sơ"] = reading(("founding.ho-so", 0.4), ("ocop.ho-so", 0.3))
    await citizen.say("hồ sơ")
    latter = await citizen.say(text)
    await citizen.say("hồ sơ")
    withdraw(services, "ocop/ho-so")
    gone = await citizen.say(text)
    await citizen.press("m:")
    of_five = await citizen.say(text)

    assert latter.article == "ocop/ho-so"
    assert "không còn" in gone.lead
    assert "5 mục" in of_five.lead


async def test_sixth_of_two_is_none(citizen: Citizen, nlu: FakeNlu) -> None:
    """“Cái sáu” is not “cái sau”."""
    nlu.table["hồ sơ"] = reading(("founding.ho-so", 0.4), ("ocop.ho-so", 0.3))
    await citizen.say("hồ sơ")

    assert "2 mục" in (await citizen.say("cái sáu")).lead


@pytest.mark.parametrize("between", ["a:ocop/khong-co", "", "x" * 3000])
async def test_what_asks_for_another_message_is_no_decline(citizen: Citizen, between: str) -> None:
    """An old button, an empty or overlong message: what is declined next is the first."""
    fresh = await Citizen(citizen.services, "fresh").say("xin zalo giám đốc")
    await (citizen.press(between) if ":" in between else citizen.say(between))

    assert (await citizen.say("xin zalo giám đốc")).lead == fresh.lead


async def test_greeting_takes_back_what_was_asked(
    citizen: Citizen, session: AsyncSession, nlu: FakeNlu
) -> None:
    """What is shown unasked stands below the offer: a yes is no answer to that any more."""
    nlu.table["sao"] = reading(("ocop.hang-sao", 0.3))
    await citizen.say("sao")
    menu = citizen.services.composer().menu()
    await note_shown(session, citizen.channel, citizen.conversation, menu, NOON)
    await session.commit()

    assert (await citizen.say("đúng rồi")).article is None


@pytest.mark.parametrize(
    "text",
    [
        "nhắc tôi nộp báo cáo 15/12",
        "nhac tui nop bao cao cua htx",
        "đặt lịch nhắc đăng ký thay đổi",
    ],
)
async def test_who_wants_to_be_reminded_is_told_of_that(
    citizen: Citizen, nlu: FakeNlu, text: str
) -> None:
    """However likely an article is: nothing is asked of it."""
    nlu.table[text] = reading(("ocop.ho-so", 0.95))

    reply = await citizen.say(text)

    assert (reply.act, reply.article) == ("reminder", None)


async def test_what_asks_is_answered_though_it_speaks_of_reminding(
    citizen: Citizen, nlu: FakeNlu
) -> None:
    """A question is one, whoever reminded whom."""
    text = "xã nhắc tôi nộp hồ sơ OCOP mà cần giấy gì"
    nlu.table[text] = reading(("ocop.ho-so", 0.95))

    reply = await citizen.say(text)

    assert reply.article == "ocop/ho-so"


@pytest.mark.parametrize("asked", ["căn cứ điều nào", "theo luật nào vậy", "dieu may"])
async def test_who_asks_for_the_clause_is_told_what_stands_behind_the_answer(
    citizen: Citizen, asked: str
) -> None:
    """Of what was told last, in full."""
    answer = await citizen.press("a:founding/so-thanh-vien")
    told = await citizen.say(asked)

    assert (told.act, told.article) == ("source", answer.article)
    assert answer.source_lines[0] in told.lead


async def test_clause_of_what_was_declined_is_none(citizen: Citizen, nlu: FakeNlu) -> None:
    """What was told before a decline is not what was just told."""
    nlu.table["hát một bài"] = reading(("out_of_scope", 0.95))
    await citizen.press("a:founding/so-thanh-vien")
    declined = await citizen.say("hát một bài")

    assert declined.outcome == "declined"
    assert (await citizen.say("căn cứ điều nào")).act != "source"
