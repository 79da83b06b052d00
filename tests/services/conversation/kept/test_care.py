"""What is said to whoever may be in danger, what is not, and that nothing of it is kept."""

import itertools
import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
import structlog
from sqlalchemy import select, text

from services.bootstrap import Services
from services.conversation.care import Care, Helpers
from services.conversation.distress import hear, louder
from services.conversation.plain import plain_reply
from services.conversation.reply import Reply
from services.insight.gaps import find_gaps
from services.people.person import Identity
from services.people.record import record_of
from services.settings import ROOT
from services.storage.models import Base, Conversation, Turn
from services.understanding.interpretation import Danger, Distress, Interpretation
from tests.conftest import NOON
from tests.doubles.citizen import Citizen
from tests.doubles.content import read_content
from tests.doubles.nlu import FakeNlu, reading

CLEAR = "hợp tác xã phá sản rồi, tôi không muốn sống nữa"
DOUBT = "tôi tuyệt vọng quá, hồ sơ lập hợp tác xã gồm gì"
UNKNOWN = "tuyệt vọng quá, mai mưa không"
DANGERS: tuple[Danger, ...] = ("self", "other", "child", "violence", "emergency")
NUMBERS = {"self": "115", "other": "115", "child": "111", "violence": "113", "emergency": "112"}


@pytest.fixture
def citizen(services: Services, nlu: FakeNlu) -> Citizen:
    """Return somebody whose NLU knows what else is asked."""
    nlu.table[CLEAR] = nlu.table[DOUBT] = reading(("founding.ho-so", 0.95))
    nlu.table["hồ sơ gồm gì"] = reading(("founding.ho-so", 0.95))
    return Citizen(services)


async def test_clear_distress_gets_kind_words_alone(citizen: Citizen, nlu: FakeNlu) -> None:
    """No law, no source, nothing to press or to judge; the NLU is not even asked."""
    reply = await citizen.say(CLEAR)

    assert reply.outcome == "handoff"
    assert "**gọi 115 ngay**" in reply.lead
    assert (reply.articles, reply.citations, reply.notices, reply.detail) == ((), (), (), "")
    assert (reply.buttons, reply.verdicts, reply.next_step) == ((), (), "")
    assert nlu.asked == []


async def test_it_holds_by_words_alone(citizen: Citizen, nlu: FakeNlu) -> None:
    """While the NLU is down the same is said, and nothing about being less sure."""
    nlu.down = True

    reply = await citizen.say(CLEAR)

    assert "115" in reply.lead
    assert (reply.degraded, reply.notices) == (False, ())


async def test_second_message_gets_other_words(citizen: Citizen) -> None:
    """Whoever writes again is not told the same again, whatever came in between."""
    told = [(await citizen.say(CLEAR)).lead for _ in range(3)]
    await citizen.say("hồ sơ gồm gì")
    told.append((await citizen.say(CLEAR)).lead)

    assert all(one != other for one, other in itertools.pairwise(told))
    assert all("115" in one for one in told)


async def test_law_is_answered_when_asked_next(citizen: Citizen) -> None:
    """A question after it is answered as ever, and leans on what was open before."""
    await citizen.say(CLEAR)

    reply = await citizen.say("hồ sơ gồm gì")

    assert (reply.articles, "115" in reply.lead) == (("founding/ho-so",), False)


async def test_who_tells_on_gets_no_menu_and_no_small_talk(citizen: Citizen, nlu: FakeNlu) -> None:
    """Nor that nothing is known: kind words again, with a number, however often."""
    nlu.table["máu ra nhiều lắm"] = reading(("founding.ho-so", 0.4), ("ocop.ho-so", 0.3))
    nlu.table["có ai nghe không"] = reading(("smalltalk.greeting", 0.95))
    await citizen.say(CLEAR)

    written = ("tại nợ nhiều quá", "máu ra nhiều lắm", "vâng", "có ai nghe không", "cảm ơn")
    told = [await citizen.say(one) for one in written]

    assert all("115" in one.lead and not one.buttons for one in told)


async def test_what_is_asked_for_its_own_sake_behind_kind_words_keeps_its_reply(
    citizen: Citizen, nlu: FakeNlu
) -> None:
    """Who names a matter asks about that: it is asked back, or told that nothing is known."""
    asked, unknown = "thủ tục từ nhiệm giám đốc sao", "tố cáo gửi cơ quan nào"
    nlu.table[asked] = reading(("founding.ho-so", 0.4), ("ocop.ho-so", 0.3))
    nlu.table[unknown] = reading(("out_of_scope", 0.95))
    told = [await citizen.say(one) for one in (CLEAR, asked, CLEAR, unknown)]
    back, declined = told[1::2]

    assert ("115" in back.lead, back.outcome) == (True, "clarify")
    assert ("115" in declined.lead, "chưa có thông tin" in declined.lead) == (True, True)


EMERGENCIES = {
    "thằng em té xuống hầm biogas rồi": ("114", "xuống"),
    "cháu tôi bị nước cuốn xuống sông rồi": ("112", "nhảy"),
    "nhà tôi đang cháy lớn": ("114", "quay vào"),
    "anh Ba bị điện giật nằm im ngoài ruộng": ("115", "chạm"),
    "vợ tôi bị rắn cắn tím tái rồi": ("115", "tự chữa"),
    "ba tôi uống nhầm thuốc cỏ": ("115", "tự cho uống"),
    "xe tải lật đè trúng hai người": ("115", "kéo"),
}
TOLD_ON = (
    "ai cứu với",
    "để tui ra kéo lên",
    "giờ tui phải làm sao",
    "gọi rồi, trong lúc chờ làm chi",
    "xe chưa tới, lâu quá",
    "hắn hết thở rồi",
)


@pytest.mark.parametrize("told", EMERGENCIES)
async def test_what_is_told_on_of_an_emergency_keeps_its_matter(
    citizen: Citizen, nlu: FakeNlu, told: str
) -> None:
    """However it is read: who is about to follow into a pit is no one who wants to die."""
    number, care = EMERGENCIES[told]
    for asked in TOLD_ON:
        doubt = Distress(False, ("self",), likely=True)
        nlu.table[asked] = replace(reading(("founding.ho-so", 0.95)), distress=doubt)
    first = await citizen.say(told)
    replies = [first, *[await citizen.say(asked) for asked in TOLD_ON]]

    assert all(number in one.lead and "dao, dây" not in one.lead for one in replies)
    assert sum(f"đừng {care}" in one.lead.lower() for one in replies) >= len(replies) // 2
    assert all(one.outcome == "handoff" for one in replies)


@pytest.mark.parametrize("told", ["cây đổ đè chồng tôi rồi", "bà nội té cầu thang bất tỉnh"])
async def test_who_is_hit_or_fell_is_not_pulled_away(citizen: Citizen, told: str) -> None:
    """However often it is asked what now: 115 each time, no two alike, nothing of a flood."""
    asked = (told, "ổng nằm im không nói chi hết", "giờ làm chi nữa", "kéo ra được không")
    replies = [await citizen.say(one) for one in asked]

    assert all("115" in one.lead and "đừng kéo" in one.lead.lower() for one in replies)
    assert all(one.lead != other.lead for one, other in itertools.pairwise(replies))


async def test_what_to_do_now_behind_kind_words_is_no_menu(citizen: Citizen) -> None:
    """Nor the next step of a paper: a number again, in other words."""
    told = [
        await citizen.say(one)
        for one in ("hai ngày nay không có gì ăn", "giờ làm chi nữa", "rồi sao nữa")
    ]

    assert all("115" in one.lead and not one.buttons for one in told)
    assert all(one.lead != other.lead for one, other in itertools.pairwise(told))


async def test_another_emergency_takes_the_place_of_the_one_before(citizen: Citizen) -> None:
    """Who then tells of a fire is no longer told of the water."""
    await citizen.say("cháu tôi bị nước cuốn xuống sông rồi")

    told = [await citizen.say(one) for one in ("giờ kho cũng đang cháy lớn", "ai cứu với")]

    assert ["quay vào" in one.lead for one in told] == [True, True]


@pytest.mark.parametrize(
    ("text", "tells"),
    [("cho coi menu", "menu"), ("cảm ơn em", "thanks"), ("xóa dữ liệu của tôi", "erasure")],
)
async def test_emergency_ends_with_what_asks_for_something_else_of_the_talk(
    citizen: Citizen, services: Services, text: str, tells: str
) -> None:
    """A menu comes where it is asked for, and who thanks is not told to keep out of the fire."""
    await citizen.say("nhà tôi đang cháy lớn")

    reply = await citizen.say(text)
    async with services.sessions() as session:
        kept = (await session.scalars(select(Conversation))).one().danger

    assert ("quay vào" in reply.lead, kept) == (False, ""), tells


@pytest.mark.parametrize(
    "text",
    [
        "dập được lửa rồi",
        "ổn rồi em",
        "cuu duoc het roi",
        "moi nguoi an toan ca roi a",
        "tôi muốn hỏi chuyện khác",
        "cho gặp cán bộ",
    ],
)
async def test_emergency_ends_where_it_is_over(
    citizen: Citizen, services: Services, text: str
) -> None:
    """Who is safe, or turns to something else, is told no more to keep out of the fire."""
    await citizen.say("nhà tôi đang cháy lớn")

    reply = await citizen.say(text)
    async with services.sessions() as session:
        kept = (await session.scalars(select(Conversation))).one().danger

    assert ("quay vào" in reply.lead, kept) == (False, "")


@pytest.mark.parametrize(
    "text",
    ["dập được rồi mà ba tôi còn kẹt", "cứu được rồi mà không thở", "chưa ổn", "lửa chưa tắt"],
)
async def test_emergency_does_not_end_with_half_of_it(citizen: Citizen, text: str) -> None:
    """What is over in part, or not yet, is still it."""
    await citizen.say("nhà tôi đang cháy lớn")

    reply = await citizen.say(text)

    assert (reply.outcome, "114" in reply.lead or "115" in reply.lead) == ("handoff", True)


async def test_matter_of_an_emergency_is_one_name_and_goes_with_the_talk(
    services: Services, citizen: Citizen
) -> None:
    """No word of it is kept; what is asked of ours is answered, and ends it."""

    async def kept() -> str:
        async with services.sessions() as session:
            return (await session.scalars(select(Conversation))).one().danger

    await citizen.say("thằng em té xuống hầm biogas rồi")
    told = await kept()
    answered = await citizen.say("hồ sơ gồm gì")

    assert (told, answered.article, await kept()) == ("gas", "founding/ho-so", "")


async def test_police_that_does_not_answer_is_told_113(citizen: Citizen) -> None:
    """Behind a threat, and by itself."""
    by_itself = await citizen.say("gọi công an xã không ai nghe")
    await citizen.say("xã hội đen đập cửa đòi giết cả nhà tôi")

    told = [await citizen.say(one) for one in ("công an xã không nghe máy", "tôi run quá")]

    assert all("113" in one.lead for one in (by_itself, *told))


async def test_unknown_question_of_ours_behind_kind_words_is_not_swallowed(
    citizen: Citizen, nlu: FakeNlu
) -> None:
    """It is told that nothing is known of it, and whom to ask, below a warm sentence."""
    asked = "kệ đi. cho hỏi htx mua máy cấp đông hiệu gì"
    nlu.table[asked] = nlu.table[asked.partition(". ")[2]] = reading(("out_of_scope", 0.95))
    await citizen.say(CLEAR)

    reply = await citizen.say(asked)

    assert ("115" in reply.lead, "chưa có thông tin" in reply.lead) == (True, True)


@pytest.mark.parametrize(
    ("text", "rest"),
    [("hôm nay nóng muốn chết luôn", "hôm nay"), ("chờ lâu muốn xỉu mà chưa tới", "chưa tới")],
)
async def test_meaning_of_what_only_sounds_so_is_heard_without_it(
    citizen: Citizen, nlu: FakeNlu, text: str, rest: str
) -> None:
    """By its meaning a message is like distress for an idiom alone: nobody is spoken to so."""
    doubt = Distress(clear=False, dangers=("self",), likely=True)
    nlu.table[text] = replace(reading(("out_of_scope", 0.95)), distress=doubt)

    reply = await citizen.say(text)

    assert ("115" in reply.lead, rest in nlu.asked[-1]) == (False, True)


async def test_idiom_hides_nothing_that_stands_beside_it(citizen: Citizen, nlu: FakeNlu) -> None:
    """What the rest tells by its meaning is heard."""
    text, rest = "hôm nay nóng muốn chết, cả nhà hết gạo mấy bữa", "hôm nay cả nhà hết gạo mấy bữa"
    doubt = Distress(clear=False, dangers=("emergency",), likely=True)
    told = replace(reading(("out_of_scope", 0.95)), distress=doubt)
    nlu.table[text] = nlu.table[rest] = told

    assert "115" in (await citizen.say(text)).lead


@pytest.mark.parametrize("meant", ["handoff", "out_of_scope"])
async def test_swindle_opens_no_ticket_and_is_told_whom_to_call(
    citizen: Citizen, nlu: FakeNlu, meant: str
) -> None:
    """Whatever else the message is like: don't pay, 113, the bank."""
    asked = "có người gọi xưng cán bộ quỹ đòi chuyển tiền trước"
    nlu.table[asked] = reading((meant, 0.95))

    reply = await citizen.say(asked)

    assert (reply.outcome, reply.person) == ("handoff", False)
    assert all(word in reply.lead for word in ("Khoan chuyển tiền", "113", "ngân hàng"))


async def test_swindle_that_only_sounds_like_distress_gets_its_warning_alone(
    citizen: Citizen, nlu: FakeNlu
) -> None:
    """A code told to a stranger is no threat: the bank first, nothing about being beaten."""
    asked = "có ai gửi cái link của quỹ, tui nhập otp rồi"
    doubt = Distress(clear=False, dangers=("violence",))
    nlu.table[asked] = replace(reading(("out_of_scope", 0.9)), distress=doubt)

    reply = await citizen.say(asked)

    assert (reply.outcome, "ngân hàng" in reply.lead) == ("handoff", True)
    assert "bị đánh" not in reply.lead


async def test_what_follows_a_warning_of_swindlers_is_told_whom_to_call_in_other_words(
    citizen: Citizen, nlu: FakeNlu
) -> None:
    """However it is read, until another matter is surely asked; no ticket is opened."""
    await citizen.say("có người gọi xưng cán bộ quỹ đòi chuyển tiền trước")
    nlu.table["giấy có dấu đỏ"] = reading(("founding.ho-so", 0.4))
    nlu.table["gọi số mô"] = reading(("handoff", 0.4))
    told = [await citizen.say(one) for one in ("giấy có dấu đỏ", "gọi số mô")]
    nlu.table["tối thiểu"] = reading(("founding.so-thanh-vien", 0.9))

    assert all("113" in one.lead and not one.person for one in told)
    assert told[0].lead != told[1].lead
    assert (await citizen.say("tối thiểu")).article == "founding/so-thanh-vien"


async def test_who_sees_that_they_were_cheated_is_told_whom_to_call_and_nothing_of_despair(
    citizen: Citizen, nlu: FakeNlu
) -> None:
    """Behind a warning of swindlers a few words go on about that, however sad they sound."""
    doubt = Distress(clear=False, dangers=("self",))
    nlu.table["chắc nó gạt thiệt rồi"] = replace(reading(("founding.ho-so", 0.3)), distress=doubt)
    await citizen.say("có người gọi xưng cán bộ quỹ đòi chuyển tiền trước")

    reply = await citizen.say("chắc nó gạt thiệt rồi")

    assert ("ngân hàng" in reply.lead, "mệt mỏi" in reply.lead) == (True, False)


@pytest.mark.parametrize("meant", ["out_of_scope", "founding.ho-so"])
async def test_who_lost_savings_is_told_whom_to_call(
    citizen: Citizen, nlu: FakeNlu, meant: str
) -> None:
    """A cooperative that kept an old woman's money and is gone: the police, not a decline."""
    asked = "bà đưa 25 triệu cho hợp tác xã nọ giữ, chừ không ai bắt máy"
    nlu.table[asked] = reading((meant, 0.5))

    reply = await citizen.say(asked)

    assert (reply.outcome, "113" in reply.lead) == ("handoff", True)


async def test_what_was_read_for_sure_is_answered_below_a_warning(
    citizen: Citizen, nlu: FakeNlu
) -> None:
    """Who asks of papers in words of swindles is not sent to the police instead."""
    asked = "hồ sơ đã chuyển lên xã mà gọi không được"
    nlu.table[asked] = reading(("founding.ho-so", 0.9))

    reply = await citizen.say(asked)

    assert (reply.outcome, reply.article) == ("answered", "founding/ho-so")
    assert reply.lead.startswith("**Ai đòi tiền, mã OTP trước thì khoan đưa**")


async def test_stolen_name_is_told_whom_to_tell_and_erases_no_talk(
    citizen: Citizen, nlu: FakeNlu
) -> None:
    """Who wants the name out of a cooperative's papers is not told to delete this talk."""
    asked = "ai lấy căn cước của tôi lập hợp tác xã mà tôi không biết"
    nlu.table[asked] = reading(("founding.so-thanh-vien", 0.9))
    below = await citizen.say(asked)
    nlu.table["xóa tên tôi ra khỏi đó"] = reading(("out_of_scope", 0.4))

    assert below.lead.startswith("**Đừng ký thêm giấy nào**; báo ngay công an xã, phường")
    told = await citizen.say("xóa tên tôi ra khỏi đó")
    assert ("113" in told.lead, "/xoa" in told.lead) == (True, False)


async def test_an_hour_later_somebody_else_may_write(services: Services, citizen: Citizen) -> None:
    """Who comes back to the same screen then is answered as ever."""
    await citizen.say(CLEAR)
    async with services.sessions.begin() as session:
        row = (await session.scalars(select(Conversation))).one()
        row.updated_at = NOON - timedelta(hours=2)

    assert "115" not in (await citizen.say("cảm ơn")).lead


async def test_doubt_opens_the_answer(citizen: Citizen) -> None:
    """One warm sentence stands before an answer that lacks nothing."""
    reply = await citizen.say(DOUBT)

    sentence, answer = reply.lead.split("\\\n")
    assert "115" in sentence
    assert answer.startswith("Hồ sơ gồm năm loại giấy.")
    assert (reply.outcome, reply.articles) == ("answered", ("founding/ho-so",))
    assert reply.citations
    assert reply.verdicts


async def test_what_is_asked_beside_a_doubt_is_read_by_itself(citizen: Citizen) -> None:
    """Where the whole message is not understood, the question in it still gets its answer."""
    reply = await citizen.say("tuyệt vọng quá, lũ cuốn sạch rồi, hồ sơ gồm gì")

    assert reply.article == "founding/ho-so"
    assert "115" in reply.lead.split("\n")[0]


async def test_behind_an_answer_below_a_doubt_the_talk_goes_on_as_ever(
    citizen: Citizen, nlu: FakeNlu
) -> None:
    """Thanks are thanks again, and a doubtful word in what the NLU finds calm is only a word."""
    calm = "tuyệt vọng với giấy tờ, nộp ở đâu"
    nlu.table[calm] = replace(reading(("founding.ho-so", 0.95)), near=False)
    told = [(await citizen.say(one)).lead for one in (DOUBT, "cảm ơn", DOUBT, calm)]

    assert ["115" in one for one in told] == [True, False, True, False]


async def test_doubt_without_an_answer_names_no_office(citizen: Citizen) -> None:
    """Instead of a decline there are kind words and the way to ask."""
    reply = await citizen.say(UNKNOWN)

    assert "115" in reply.lead
    assert "nhắn riêng câu đó" in reply.lead
    assert ("Liên minh" in reply.lead, reply.buttons) == (False, ())


async def test_long_message_is_heard_to_its_end(citizen: Citizen) -> None:
    """What is too long to be understood is not too long to be heard."""
    reply = await citizen.say("Chuyện dài lắm, kể hoài không hết. " * 100 + CLEAR)

    assert (reply.outcome, "115" in reply.lead) == ("handoff", True)


async def test_the_office_is_named_where_it_is_set(services: Services) -> None:
    """Whom the office gave and the line that it confirmed are said, as they were written."""
    without = await Citizen(services, "b").say(CLEAR)
    settings = services.settings.model_copy(
        update={"care_contact": "cán bộ trực, *0000*", "care_line": "Đường dây thử 0001"}
    )

    reply = await Citizen(replace(services, settings=settings)).say(CLEAR)
    shown = plain_reply(reply, sources="", next_step="")

    assert "Văn phòng có người để anh/chị gọi: cán bộ trực, *0000*." in shown
    assert "Đường dây tư vấn: Đường dây thử 0001." in shown
    assert "Văn phòng" not in without.lead


class TestHeardByMeaning:
    """What no word tells and the NLU hears."""

    SILENT = "thân này coi như trả lại cho đất"
    ASKED = "hồ sơ gồm gì, dạo này nặng lòng"

    @pytest.fixture
    def nlu(self) -> FakeNlu:
        """Return an NLU that hears what the words do not."""
        known = reading(("founding.ho-so", 0.95))
        clear = Distress(False, ("self",), likely=True)
        doubt = Distress(False, ("self",))
        return FakeNlu(
            {
                self.SILENT: replace(reading(("out_of_scope", 0.9)), distress=clear),
                self.ASKED: replace(known, distress=doubt),
                "hồ sơ gồm gì": known,
            }
        )

    async def test_clear_gets_kind_words_alone(self, services: Services) -> None:
        """As if a word had told it, where nothing answers."""
        assert hear(services.library.distress, self.SILENT) is None
        reply = await Citizen(services).say(self.SILENT)

        assert (reply.outcome, "**gọi 115 ngay**" in reply.lead) == ("handoff", True)
        assert (reply.articles, reply.buttons, reply.verdicts) == ((), (), ())

    async def test_doubt_opens_the_answer(self, services: Services) -> None:
        """Nothing of the answer is lost."""
        reply = await Citizen(services).say(self.ASKED)

        sentence, answer = reply.lead.split("\\\n")
        assert ("115" in sentence, answer.startswith("Hồ sơ gồm năm")) == (True, True)
        assert (reply.outcome, reply.articles) == ("answered", ("founding/ho-so",))

    @pytest.mark.parametrize(
        ("told", "likely", "heard"),
        [
            ("ai làm thay tôi", False, False),
            ("ai làm thay tôi", True, True),
            (ASKED, False, True),
        ],
    )
    async def test_a_doubt_in_a_short_step_of_a_talk_is_none_where_that_is_answered(
        self, services: Services, nlu: FakeNlu, told: str, likely: bool, heard: bool
    ) -> None:
        """A few words are about what is open; what is clear, or told beside a question, stays."""
        doubt = Distress(False, ("self",), likely=likely)
        nlu.table[told] = replace(nlu.table["hồ sơ gồm gì"], distress=doubt)
        citizen = Citizen(services)
        await citizen.press("a:founding/ho-so")
        reply = await citizen.say(told)

        assert ("115" in reply.lead, reply.outcome) == (heard, "answered")

    @pytest.mark.parametrize(("told", "heard"), [("rủi vậy ai lo", False), ("rủi quá trời", True)])
    async def test_a_doubt_in_a_short_question_of_a_talk_is_none_where_it_is_asked_back(
        self, services: Services, nlu: FakeNlu, told: str, heard: bool
    ) -> None:
        """What asks is about what is open, and finds the way to its answer; what tells does not."""
        unsure = reading(("founding.ho-so", 0.4), ("founding.noi-nop", 0.35))
        nlu.table[told] = replace(unsure, distress=Distress(False, ("self",)))
        citizen = Citizen(services)
        await citizen.press("a:founding/ho-so")
        reply = await citizen.say(told)

        assert ("115" in reply.lead, reply.outcome) == (heard, "clarify")

    async def test_clear_keeps_its_answer(self, services: Services, nlu: FakeNlu) -> None:
        """Where there is one: a machine that guesses takes nothing away."""
        nlu.table[self.ASKED] = replace(
            nlu.table[self.ASKED], distress=nlu.table[self.SILENT].distress
        )
        answered = await Citizen(services).say(self.ASKED)

        assert (answered.outcome, answered.articles) == ("answered", ("founding/ho-so",))
        assert "115" in answered.lead

    async def test_clear_in_a_part_is_heard(self, services: Services, nlu: FakeNlu) -> None:
        """A long message says it in one of its sentences; a doubt in one is none of the whole.

        Nor is anything where the whole is calm.
        """
        doubt, told = Distress(False, ("self",)), f"Hồ sơ gồm gì? {self.SILENT}, ai lo?"
        nlu.table[f"{self.SILENT}, ai lo?"] = nlu.table[self.SILENT]
        citizen = Citizen(services)
        clear = await citizen.say(told)
        nlu.table[told] = replace(reading(("out_of_scope", 0.9)), near=False)
        calm = await Citizen(services, "c").say(told)
        del nlu.table[told]
        nlu.table[f"{self.SILENT}, ai lo?"] = replace(
            reading(("out_of_scope", 0.9)), distress=doubt
        )

        assert ["115" in one.lead for one in (clear, calm)] == [True, False]
        assert "115" not in (await Citizen(services, "b").say(told)).lead

    async def test_a_doubtful_word_in_calm_is_only_a_word(
        self, services: Services, nlu: FakeNlu
    ) -> None:
        """Where the NLU finds nothing like distress, a doubt by words is none; what is clear is."""
        nlu.table[DOUBT] = replace(reading(("founding.ho-so", 0.95)), near=False)
        citizen = Citizen(services)

        assert "115" not in (await citizen.say(DOUBT)).lead
        assert "115" in (await citizen.say(CLEAR)).lead

    @pytest.mark.parametrize(("near", "heard"), [(True, True), (False, False), (None, False)])
    async def test_a_faint_word_is_a_doubt_where_the_meaning_comes_near(
        self, services: Services, nlu: FakeNlu, near: bool | None, heard: bool
    ) -> None:
        """By itself it tells nothing, nor where nobody could say what the message means."""
        told = "anh Lợi nằm im re ngoài bờ ruộng"
        nlu.table[told] = replace(reading(("out_of_scope", 0.9)), near=near)

        assert ("115" in (await Citizen(services).say(told)).lead) is heard

    @pytest.mark.parametrize(
        ("told", "meant", "heard"),
        [
            ("mỗi sáng mở mắt là nặng trĩu", "out_of_scope", True),
            ("mở mắt là nặng trĩu, uống gì cho khỏe", "out_of_scope", False),
            ("htx nặng trĩu nợ cũ", "out_of_scope", False),
            ("nặng trĩu hồ sơ", "founding.ho-so", False),
        ],
    )
    async def test_a_faint_doubt_is_one_where_nothing_is_asked_or_answered(
        self, services: Services, nlu: FakeNlu, told: str, meant: str, heard: bool
    ) -> None:
        """Else “nothing is known of it” would be all that is said to whoever tells of grief."""
        faint = Distress(False, ("self",), faint=True)
        nlu.table[told] = replace(reading((meant, 0.95)), distress=faint)

        assert ("115" in (await Citizen(services).say(told)).lead) is heard

    async def test_calm_of_a_part_silences_no_other(self, services: Services, nlu: FakeNlu) -> None:
        """What goes back first is cut off before the rest is read: its words still count."""
        nlu.table["hồ sơ gồm gì?"] = replace(reading(("founding.ho-so", 0.95)), near=False)
        citizen = Citizen(services)
        await citizen.press("a:founding/ho-so")
        reply = await citizen.say("quay lại câu đầu tôi tuyệt vọng quá, hồ sơ gồm gì?")

        assert "115" in reply.lead

    async def test_only_what_was_waited_for_is_heard(
        self, services: Services, nlu: FakeNlu
    ) -> None:
        """Else it would depend on who is quicker."""
        part = f"{self.SILENT}, ai lo?"
        nlu.table[part] = nlu.table[self.SILENT]
        nlu.table[f"{part} | ocop/hang-sao"] = reading(("out_of_scope", 0.9))
        citizen = Citizen(services)
        await citizen.press("a:ocop/hang-sao")

        assert "115" not in (await citizen.say(f"Trời mưa mấy bữa nữa? {part}")).lead

    async def test_nothing_of_it_is_kept(self, services: Services) -> None:
        """Neither in a row nor in a log, and the next question leans on nothing of it."""
        citizen = Citizen(services)
        with structlog.testing.capture_logs() as logged:
            await citizen.say(self.SILENT)
            await citizen.say(self.ASKED)
        kept = await everything(services) + str(logged)

        assert [word for word in ("thân này", "nặng lòng") if word in kept] == []

    async def test_without_the_nlu_words_alone_are_heard(
        self, services: Services, nlu: FakeNlu
    ) -> None:
        """What only the NLU would hear is answered as ever, and what words tell is heard."""
        nlu.down = True
        citizen = Citizen(services)

        assert "115" not in (await citizen.say(self.ASKED)).lead
        assert "115" in (await citizen.say(CLEAR)).lead


class FragileNlu(FakeNlu):
    """An NLU with a fault that nobody foresaw."""

    async def parse(self, text: str, _opened: str | None = None) -> Interpretation:
        """Fail, with what was asked in the error."""
        raise ValueError(text)


class TestFault:
    """What fails while a doubtful message is answered."""

    @pytest.fixture
    def nlu(self) -> FakeNlu:
        """Return an NLU that fails."""
        return FragileNlu()

    async def test_takes_no_kind_word_away(self, services: Services) -> None:
        """The warm sentence is said, and what was written is not kept as what failed is."""
        with structlog.testing.capture_logs() as logged:
            reply = await Citizen(services).say(DOUBT)

        assert "115" in reply.lead
        assert "tuyệt vọng" not in str(logged)
        assert "tuyệt vọng" not in await everything(services)


@pytest.mark.parametrize("written", [CLEAR, DOUBT, UNKNOWN, f"gọi tôi 0905 123 456, {CLEAR}"])
async def test_nothing_of_it_is_kept(services: Services, citizen: Citizen, written: str) -> None:
    """Its words stand in no row and no log: not the turn, the state, a gap, nor what staff see."""
    await citizen.say("hồ sơ gồm gì")
    with structlog.testing.capture_logs() as logged:
        await citizen.say(written)

    async with services.sessions() as session:
        turns = list(await session.scalars(select(Turn.text).order_by(Turn.id)))
        state = (await session.scalars(select(Conversation))).one()
        gaps = await find_gaps(session, services.library, NOON - timedelta(days=1))
        record = await record_of(session, Identity("k"), "web", citizen.conversation)
    assert turns == ["hồ sơ gồm gì", ""]
    assert (state.question, state.cared) == ("hồ sơ gồm gì", 1)
    assert gaps == []
    kept = (
        await everything(services) + json.dumps(record.as_json() if record else None) + str(logged)
    )
    assert [word for word in ("sống nữa", "tuyệt", "0905", "phá sản") if word in kept] == []


async def test_verdict_after_it_is_of_no_question(services: Services, citizen: Citizen) -> None:
    """An answer behind a doubt that was of no use stands in the gaps under its title alone."""
    await citizen.say(DOUBT)
    await citizen.press("n:founding/ho-so")

    async with services.sessions() as session:
        [gap] = await find_gaps(session, services.library, NOON - timedelta(days=1))
    assert gap.texts == ("Hồ sơ đăng ký hợp tác xã",)


async def everything(services: Services) -> str:
    """Return every row of every table as text."""
    return "\n".join([row async for row in _rows(services)])


async def _rows(services: Services) -> AsyncIterator[str]:
    async with services.sessions() as session:
        for table in Base.metadata.sorted_tables:
            if table.name != "article_version":
                for row in await session.execute(text(f'SELECT * FROM "{table.name}"')):  # noqa: S608  # because the names are the tables' own
                    yield json.dumps(list(row), ensure_ascii=False, default=str)


@pytest.mark.parametrize("danger", DANGERS)
def test_words_of_each_danger(danger: Danger) -> None:
    """Each has three wordings, names its number in all of them, and calls nobody “bà con”."""
    phrases = read_content(ROOT / "content").phrases

    def told_at(turn: int, *, clear: bool) -> Reply:
        care = Care(phrases, Distress(clear, (danger,)), turn, Helpers("X", "Y"))
        return care.alone() if clear else care.before(None)

    for clear in (True, False):
        told = [told_at(turn, clear=clear).lead for turn in range(3)]
        assert len(set(told)) == 3
        assert all(NUMBERS[danger] in one and "115" in one for one in told)
        assert not any(re.search("bà con|luật|quy định", one, re.IGNORECASE) for one in told)


@pytest.mark.parametrize(
    ("danger", "number"), [("poison", "115"), ("fire", "114"), ("harassment", "113")]
)
def test_plain_words_of_poison_fire_and_harassment(danger: Danger, number: str) -> None:
    """Each has three wordings with its number, and none is of who wants to die or of a child."""
    phrases = read_content(ROOT / "content").phrases
    cares = [Care(phrases, Distress(True, (danger,)), turn) for turn in range(3)]
    told = [care.alone().lead for care in cares]

    assert len(set(told)) == 3
    assert all(number in one for one in told)
    assert not any(re.search("dao|nhẹ lòng|111|bà con", one) for one in told)


async def test_whom_to_call_behind_kind_words_is_told_by_danger(
    citizen: Citizen, nlu: FakeNlu
) -> None:
    """However many answers came in between; no office, and nobody is asked what is meant."""
    await citizen.say(CLEAR)
    await citizen.say("hồ sơ gồm gì")
    nlu.asked.clear()

    reply = await citizen.say("goi ai bay gio")

    assert all(number in reply.lead for number in ("111", "112", "113", "114", "115"))
    assert (reply.outcome, reply.buttons, nlu.asked) == ("handoff", (), [])


def test_two_doubts_are_one_of_both_dangers() -> None:
    """Words tell of one, meaning of another: both numbers are said, the surer reading decides."""
    words, meaning = Distress(False, ("self",)), Distress(False, ("violence", "self"))
    sure = replace(meaning, likely=True)

    assert louder(words, meaning) == Distress(False, ("self", "violence"))
    assert louder(words, sure) == sure
    assert louder(words, replace(meaning, faint=True)) == words


async def test_offer_after_care_hangs_on_no_question_before(citizen: Citizen, nlu: FakeNlu) -> None:
    """No word of a message of distress is kept, so what is chosen then holds for no place."""
    far = "Tôi ở Gia Lai, lập hợp tác xã cần mấy người"
    nlu.table[far] = reading(("founding.so-thanh-vien", 0.9))
    nlu.table[DOUBT] = reading(("founding.ho-so", 0.4), ("ocop.ho-so", 0.3))
    there = await citizen.say(far)
    await citizen.say(DOUBT)

    assert ("Gia Lai" in there.lead, "Gia Lai" in (await citizen.say("1")).lead) == (True, False)


def test_more_than_one_danger(services: Services) -> None:
    """Where somebody is beaten and wants to die, both numbers are said."""
    care = Care(services.library.phrases, Distress(clear=True, dangers=("self", "violence")), 0)

    assert "115" in care.alone().lead
    assert "**113**" in care.alone().lead
