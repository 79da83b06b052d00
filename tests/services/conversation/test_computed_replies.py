"""What was worked out opens the answer of its article, with the rule's own source."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.bootstrap import Services
from services.conversation.composer import Composer
from services.conversation.computed import computed
from services.conversation.days import write_day
from services.conversation.history import past_turns, told_again
from services.knowledge.library import Library
from services.settings import ROOT
from tests.doubles.citizen import Citizen, withdraw
from tests.doubles.content import read_content
from tests.doubles.nlu import FakeNlu, reading

AGAIN, SHARE, VOTES = "ocop/cong-nhan-lai", "capital/gop-toi-da", "management/bieu-quyet-65"
OWN = "fund/von-tu-co"


@pytest.fixture(scope="module")
def library() -> Library:
    """Return the content that is served."""
    return read_content(ROOT / "content")


@pytest.fixture
def citizen(services: Services) -> Citizen:
    return Citizen(services)


def read_as(nlu: FakeNlu, text: str, article: str, confidence: float = 0.9) -> str:
    nlu.table[text] = reading((article.replace("/", "."), confidence))
    nlu.table[f"{text} | {article}"] = nlu.table[text]
    return text


async def leads_again(citizen: Citizen, later: timedelta = timedelta()) -> list[str]:
    """Return how what was told opens where it is told again now, or so much later."""
    app = citizen.services
    async with app.sessions() as session:
        turns = await past_turns(session, citizen.channel, citizen.conversation)
    parts = app.current.edition.parts
    day = app.composer().today + later
    composer = Composer(app.library.served(day), day)
    return [reply.lead for _, reply in told_again(turns, composer, parts)]


async def test_result_opens_the_answer_with_its_source(citizen: Citizen, nlu: FakeNlu) -> None:
    """The lead of the article stands behind it; the rule's clause is the first that is cited."""
    reply = await citizen.say(read_as(nlu, "giấy OCOP hết hạn ngày 31/12/2028", AGAIN))

    assert reply.lead.startswith("Giấy hết hạn ngày 31/12/2028 thì nộp hồ sơ công nhận lại")
    assert "\n\n" in reply.lead
    assert reply.citations[0].clause.startswith("Điều 4 khoản 3, Điều 7 khoản 6")


async def test_result_is_told_again_on_a_page_that_was_reloaded(
    citizen: Citizen, nlu: FakeNlu
) -> None:
    """It is worked out anew from the words that are kept."""
    told = await citizen.say(read_as(nlu, "giấy OCOP hết hạn ngày 31/12/2028", AGAIN))
    assert await leads_again(citizen) == [told.lead]


async def test_days_are_read_as_of_when_they_were_written(citizen: Citizen, nlu: FakeNlu) -> None:
    """“Hôm qua” stays the day that it was, on a page that is reloaded a week later."""
    text = read_as(nlu, "giấy OCOP hết hạn hôm qua", AGAIN)
    told = await citizen.say(text)
    later = [lead.split(" thì ")[0] for lead in await leads_again(citizen, timedelta(days=7))]

    assert later == [told.lead.split(" thì ")[0]]


async def test_result_stands_behind_the_sentence_on_a_belief(
    citizen: Citizen, nlu: FakeNlu
) -> None:
    """What people believe is settled first; their own figures come next."""
    asked = read_as(nlu, "nghe nói góp tối đa 20% vốn, vốn điều lệ 1 tỷ thì được mấy", SHARE)
    belief, result = (await citizen.say(asked)).lead.split("\n\n")[:2]

    assert "không phải 20%" in belief
    assert result.startswith("Vốn điều lệ 1 tỷ đồng")


async def test_new_figures_are_worked_out_beside_the_open_article(
    citizen: Citizen, nlu: FakeNlu
) -> None:
    """The lead was just told: the result is said alone, not that all was said before."""
    await citizen.say(read_as(nlu, "góp tối đa bao nhiêu vốn", SHARE))
    reply = await citizen.say(read_as(nlu, "vốn điều lệ 1 tỷ thì sao", SHARE))

    assert reply.outcome == "answered"
    assert reply.lead.startswith("Vốn điều lệ 1 tỷ đồng")


async def test_members_alone_are_asked_how_many_attend(citizen: Citizen, nlu: FakeNlu) -> None:
    """What is told next is put into the question before."""
    asked = await citizen.say(read_as(nlu, "100 thành viên, sửa điều lệ cần mấy phiếu", VOTES))
    told = await citizen.say(read_as(nlu, "80 người dự", VOTES))

    assert "bao nhiêu người dự" in asked.lead
    assert "ít nhất 52 phiếu" in told.lead


async def test_chosen_article_works_out_the_figures_of_its_question(
    citizen: Citizen, nlu: FakeNlu
) -> None:
    """Whoever had to choose first need not tell his figures again."""
    await citizen.say(read_as(nlu, "vốn điều lệ 1 tỷ tôi góp 400 triệu", SHARE, 0.4))
    reply = await citizen.press(f"a:{SHARE}")

    assert reply.lead.startswith(
        "Góp 400 triệu đồng là **vượt mức** 100 triệu đồng: vốn điều lệ 1 tỷ"
    )


async def test_usage_of_another_article_decide_nothing(citizen: Citizen, nlu: FakeNlu) -> None:
    """A date is no reason to speak of certificates."""
    reply = await citizen.say(read_as(nlu, "vay Quỹ mà giấy hết hạn 31/12/2028", "fund/dieu-kien"))

    assert "31/12/2028" not in reply.lead


async def test_words_and_figures_of_a_rule_lead_where_the_reading_is_in_doubt(
    citizen: Citizen, nlu: FakeNlu
) -> None:
    """What can only be asked of one rule is answered by its article, not asked back."""
    asked = read_as(nlu, "40 người dự, sửa điều lệ cần mấy phiếu", "management/tuc-so", 0.4)
    reply = await citizen.say(asked)

    assert reply.article == VOTES
    assert reply.lead.startswith("Có 40 người dự và biểu quyết thì việc này cần **ít nhất 26")


async def test_sure_reading_is_not_led_away(citizen: Citizen, nlu: FakeNlu) -> None:
    """Figures decide nothing where another article answers for sure."""
    asked = read_as(
        nlu, "40 người dự, sửa điều lệ cần mấy phiếu, hồ sơ gì", "founding/dieu-le", 0.95
    )

    assert (await citizen.say(asked)).article == "founding/dieu-le"


@pytest.mark.parametrize("written", ["80", "80 ạ", "dạ có 80", "tám mươi người", "80 người thôi"])
async def test_number_that_a_rule_asked_for_is_its_own(
    citizen: Citizen, nlu: FakeNlu, written: str
) -> None:
    """It chooses nothing and needs no word beside it; thanks between change nothing."""
    await citizen.say(read_as(nlu, "100 thành viên, sửa điều lệ cần mấy phiếu", VOTES))
    await citizen.say("cảm ơn")

    assert "ít nhất 52 phiếu" in (await citizen.say(written)).lead


async def test_number_is_of_the_rule_that_asked_beside_another_answer(
    citizen: Citizen, nlu: FakeNlu
) -> None:
    """Though another article was told below it."""
    votes, share = (
        "HTX 60 thành viên sửa điều lệ cần mấy phiếu?",
        "Mỗi người góp vốn tối đa mấy phần?",
    )
    for text, article in ((votes, VOTES), (share, SHARE)):
        read_as(nlu, text, article)
    nlu.table[f"{share} | {VOTES}"] = nlu.table[share]
    both = (VOTES.replace("/", "."), 0.5), (SHARE.replace("/", "."), 0.4)
    nlu.table[f"{votes} {share}"] = reading(*both)
    await citizen.say(f"{votes} {share}")

    assert "ít nhất 26 phiếu" in (await citizen.say("40")).lead


async def test_figure_is_kept_with_the_question_that_it_belongs_to(
    citizen: Citizen, nlu: FakeNlu
) -> None:
    """“80” alone is nothing that the next message could lean on."""
    asked = read_as(nlu, "100 thành viên, sửa điều lệ cần mấy phiếu", VOTES)
    await citizen.say(asked)

    assert (await citizen.take("80")).state.question == f"{asked}. 80 người"


async def test_small_number_that_a_rule_asked_for_chooses_no_button(
    citizen: Citizen, nlu: FakeNlu
) -> None:
    """Five attend; the fifth button is not meant. Asked for once, it counts once."""
    await citizen.say(read_as(nlu, "7 thành viên, sửa điều lệ cần mấy phiếu", VOTES))
    told = await citizen.say("5")

    assert "Có 5 người dự" in told.lead
    assert (await citizen.say("1")).act == "nth"


async def test_number_that_makes_no_sense_there_is_read(citizen: Citizen, nlu: FakeNlu) -> None:
    """More than there are members do not attend."""
    await citizen.say(read_as(nlu, "7 thành viên, sửa điều lệ cần mấy phiếu", VOTES))

    assert "người dự và biểu quyết" not in (await citizen.say("900")).lead


@pytest.mark.parametrize("written", ["họp 1 lần thôi hả", "2 năm họp 1 lần"])
async def test_number_of_something_else_is_not_what_a_rule_asked_for(
    citizen: Citizen, nlu: FakeNlu, written: str
) -> None:
    """Beside it stand small words alone, or what it counts."""
    await citizen.say(read_as(nlu, "7 thành viên, sửa điều lệ cần mấy phiếu", VOTES))

    assert "người dự và biểu quyết" not in (await citizen.say(written)).lead


async def test_number_for_a_rule_whose_article_went_away_is_read(
    citizen: Citizen, services: Services, nlu: FakeNlu
) -> None:
    """Between the question and the number it may have been taken out of service."""
    await citizen.say(read_as(nlu, "100 thành viên, sửa điều lệ cần mấy phiếu", VOTES))
    withdraw(services, VOTES)

    assert not (await citizen.take("80")).failed


async def test_asking_on_about_figures_of_an_article_that_went_away_is_read(
    citizen: Citizen, services: Services, nlu: FakeNlu
) -> None:
    """What was worked out from it is gone with it."""
    await citizen.say(read_as(nlu, "giấy OCOP hết hạn ngày 31/12/2028", AGAIN))
    withdraw(services, AGAIN)

    assert not (await citizen.take("vậy nộp lại khi nào")).failed


async def test_sum_that_a_rule_asked_for_is_the_total(citizen: Citizen, nlu: FakeNlu) -> None:
    """The bare sum behind “cho biết tổng vốn”."""
    asked = await citizen.say(read_as(nlu, "vay 300 triệu thì vốn tự có bao nhiêu", OWN))
    told = await citizen.say("500 triệu")

    assert "cho biết tổng vốn" in asked.lead
    assert told.lead.startswith("Phương án 500 triệu đồng")


async def test_usage_of_the_question_before_a_button_are_not_of_its_article(
    citizen: Citizen, nlu: FakeNlu
) -> None:
    """What was asked of another article is no part of what is asked of this one."""
    await citizen.say(read_as(nlu, "7 người dự, sửa điều lệ cần mấy phiếu", VOTES))
    await citizen.press("a:management/tuc-so")

    reply = await citizen.say(read_as(nlu, "9 thành viên thì họp được không", "management/tuc-so"))
    assert "7 người" not in reply.lead


async def test_usage_of_the_message_before_are_told_again(citizen: Citizen, nlu: FakeNlu) -> None:
    """What was filled in, and what was chosen, is worked out with the question that it answers."""
    told = [
        await citizen.say(read_as(nlu, "100 thành viên, sửa điều lệ cần mấy phiếu", VOTES)),
        await citizen.say("80"),
        await citizen.say(read_as(nlu, "vốn điều lệ 1 tỷ tôi góp 400 triệu", SHARE, 0.4)),
        await citizen.say("1"),
    ]

    assert await leads_again(citizen) == [reply.lead for reply in told]


async def test_what_is_asked_next_of_the_same_figures_keeps_them(
    citizen: Citizen, nlu: FakeNlu
) -> None:
    """However often it is asked on; another question leaves them, a reloaded page not."""
    asked = ("giấy OCOP hết hạn ngày 31/12/2028", "rứa nộp lại khi nào", "nộp trễ có sao không")
    told = [await citizen.say(read_as(nlu, text, AGAIN)) for text in asked]
    other = await citizen.say(read_as(nlu, "công nhận lại cần hồ sơ gì", AGAIN))

    assert all("31/12/2028" in reply.lead for reply in told)
    assert "31/12/2028" not in other.lead
    assert await leads_again(citizen) == [reply.lead for reply in (*told, other)]


async def test_own_day_is_known_behind_what_else_is_asked(citizen: Citizen, nlu: FakeNlu) -> None:
    """Who told a day and then asks for papers need not tell it again; a reloaded page tells it."""
    papers = "công nhận lại cần hồ sơ gì"
    asked = ("giấy OCOP hết hạn ngày 31/12/2028", papers, "vậy hạn của tôi là ngày nào")
    told = [await citizen.say(read_as(nlu, text, AGAIN)) for text in asked]

    assert ["31/12/2028" in reply.lead for reply in told] == [True, False, True]
    assert await leads_again(citizen) == [reply.lead for reply in told]


async def test_who_is_late_is_not_told_to_be_in_time(citizen: Citizen, nlu: FakeNlu) -> None:
    """“Nộp ngay” and, below it, “nộp trong khoảng đó” would be two steps."""
    late = await citizen.say(read_as(nlu, "giấy OCOP hết hạn ngày 15/1/2027", AGAIN))
    other = replace(citizen, conversation="another")
    early = await other.say(read_as(nlu, "giấy OCOP hết hạn ngày 31/12/2028", AGAIN))

    assert "Khoảng này **đã qua**" in late.lead
    assert not late.next_step
    assert early.next_step


async def test_own_change_is_known_behind_what_else_is_asked(
    citizen: Citizen, nlu: FakeNlu
) -> None:
    """The day of a vote counts for the papers that follow; when they are answered does not."""
    change = "changes/doi-nguoi-dai-dien"
    day = citizen.services.composer().today - timedelta(3)
    asked = (f"đại hội bầu tôi lên thay ngày {day:%d/%m/%Y}", "hồ sơ gồm gì", "chậm nhất ngày nào")
    told = [await citizen.say(read_as(nlu, text, change)) for text in asked]
    later = await citizen.say(read_as(nlu, "khi nào có giấy mới", change))

    counted = f"chậm nhất ngày {write_day(day + timedelta(10))}"
    assert [counted in reply.lead for reply in (*told, later)] == [True, False, True, False]


@pytest.mark.parametrize(
    "text", ["Cụ thể là 15/3/2027 em", "ngày 15/3/2027 em ơi", "coi lại rồi, 15/3/2027 nha chị"]
)
async def test_day_told_next_is_of_the_certificate(
    citizen: Citizen, nlu: FakeNlu, text: str
) -> None:
    """Who told the month is asked for nothing more, and tells the day in words of courtesy."""
    await citizen.say(read_as(nlu, "giấy OCOP hết hạn tháng 3/2027, khi nào làm lại", AGAIN))

    assert "từ ngày 16/9/2026 đến ngày 15/11/2026" in (await citizen.say(text)).lead


@pytest.mark.parametrize(
    "text",
    [
        "còn của chị hàng xóm thì hạn nộp là ngày nào",
        "bên htx khác thì hạn là khi nào",
        "giấy của bà chị tui thì hạn là khi nào",
        "còn sản phẩm thứ hai thì hạn khi nào",
        "giấy của con gái tôi thì hạn khi nào",
        "vậy hạn góp vốn là ngày nào",
    ],
)
async def test_own_day_is_not_told_of_another_s(citizen: Citizen, nlu: FakeNlu, text: str) -> None:
    """Who asks for a neighbour, or of another matter, is not told one's own day."""
    for asked in ("giấy OCOP hết hạn ngày 31/12/2028", "công nhận lại cần hồ sơ gì"):
        await citizen.say(read_as(nlu, asked, AGAIN))

    assert "31/12/2028" not in (await citizen.say(read_as(nlu, text, AGAIN))).lead


async def test_neighbour_s_certificate_ends_what_is_known(citizen: Citizen, nlu: FakeNlu) -> None:
    """What is asked on is asked of hers."""
    asked = (
        "giấy OCOP hết hạn ngày 31/12/2028",
        "còn chị hàng xóm cũng có giấy",
        "vậy hạn khi nào",
    )
    told = [await citizen.say(read_as(nlu, text, AGAIN)) for text in asked]

    assert "31/12/2028" not in told[-1].lead


async def test_day_put_right_is_known_in_its_place(citizen: Citizen, nlu: FakeNlu) -> None:
    """“À nhầm 31/12/2027” is the day from then on."""
    papers = "công nhận lại cần hồ sơ gì"
    asked = ("giấy OCOP hết hạn ngày 31/12/2028", "à nhầm 31/12/2027", papers, "hạn là ngày nào")
    told = [await citizen.say(read_as(nlu, text, AGAIN)) for text in asked]

    assert "31/12/2027" in told[-1].lead


async def test_day_of_another_matter_is_not_known(citizen: Citizen, nlu: FakeNlu) -> None:
    """An article whose rules take no such day answered."""
    await citizen.say(read_as(nlu, "nhiệm kỳ hết hạn ngày 31/12/2028", "management/mot-phieu"))
    await citizen.say(read_as(nlu, "công nhận lại cần hồ sơ gì", AGAIN))

    assert "31/12/2028" not in (await citizen.say(read_as(nlu, "hạn là ngày nào", AGAIN))).lead


@pytest.mark.parametrize("text", ["nói ngắn thôi", "nói lại", "quay lại"])
async def test_acts_on_an_answer_to_figures_keep_them(
    citizen: Citizen, nlu: FakeNlu, text: str
) -> None:
    """What was worked out is what was said; shorter, it is all that is."""
    told = await citizen.say(read_as(nlu, "giấy OCOP hết hạn ngày 31/12/2028", AGAIN))
    reply = await citizen.say(text)

    assert reply.lead.startswith("Giấy hết hạn ngày 31/12/2028")
    assert len(reply.lead) <= len(told.lead)


def test_rule_is_silent_once_its_source_is_over(library: Library) -> None:
    """What no law in force says is not worked out."""
    asked, today = ("vốn điều lệ 1 tỷ",), date(2026, 11, 29)
    over = library.sources["luat-17-2023"].model_copy(update={"in_force_to": date(2026, 1, 1)})
    lapsed = replace(library, sources={**library.sources, "luat-17-2023": over})

    assert computed(library, (SHARE,), asked, today)
    assert not computed(lapsed, (SHARE,), asked, today)


TRADES, MEETING = "changes/doi-nganh-nghe", "management/dai-hoi-thuong-nien"


async def test_day_told_behind_an_answer_is_counted_by_its_rule(
    citizen: Citizen, nlu: FakeNlu
) -> None:
    """A meeting was where the change was decided; what was read for sure is another matter."""
    day = citizen.services.composer().today - timedelta(3)
    await citizen.say(read_as(nlu, "thêm ngành nghề thì báo trong mấy ngày", TRADES))
    counted = f"họp đại hội hôm {day:%d/%m/%Y} rồi, trễ nhất ngày nào"
    named = f"nghị quyết ngày {day:%d/%m/%Y} niêm yết chậm nhất ngày nào"
    for text, sureness in ((counted, 0.6), (named, 0.9)):
        read_as(nlu, text, MEETING, sureness)
        nlu.table[f"{text} | {TRADES}"] = nlu.table[text]

    reply = await citizen.say(counted)
    assert reply.article == TRADES
    assert f"chậm nhất ngày {write_day(day + timedelta(10))}" in reply.lead
    assert (await citizen.say(named)).article == MEETING


async def test_figure_that_nothing_was_read_of_is_one_of_the_open_question(
    citizen: Citizen, nlu: FakeNlu
) -> None:
    """Who asked how many delegates there must be tells next how many members there are."""
    await citizen.say(read_as(nlu, "cần bao nhiêu đại biểu", "management/tuc-so"))
    reply = await citizen.say(read_as(nlu, "htx tui 120 xã viên", "members/cac-loai", 0.3))

    assert "ít nhất 36 đại biểu" in reply.lead


async def test_who_comes_to_a_meeting_is_judged_by_its_quorum(
    citizen: Citizen, nlu: FakeNlu
) -> None:
    """Though who may demand one was read for sure: these words and figures ask nothing else."""
    asked = read_as(
        nlu, "mời 45 thành viên mà 20 người tới, họp được k", "management/dai-hoi-bat-thuong", 0.95
    )
    reply = await citizen.say(asked)

    assert reply.article == "management/tuc-so"
    assert "ít nhất 23 người dự" in reply.lead


async def test_result_of_other_figures_is_not_repeated(citizen: Citizen, nlu: FakeNlu) -> None:
    """What was worked out of what was told before is not what a new figure comes to."""
    await citizen.say(read_as(nlu, "vốn điều lệ 1 tỷ, góp tối đa bao nhiêu", SHARE))
    reply = await citizen.say(read_as(nlu, "bán lúa được 400 triệu thì sao", SHARE))

    assert "300 triệu" not in reply.lead


async def test_figure_is_known_for_some_turns(citizen: Citizen, nlu: FakeNlu) -> None:
    """What another question came in between of is still what a new sum is judged by."""
    await citizen.say(read_as(nlu, "vốn điều lệ 2 tỷ, mỗi người góp tối đa bao nhiêu", SHARE))
    await citizen.say(read_as(nlu, "góp bằng máy móc được không", "capital/gop-bang-gi"))
    reply = await citizen.say(read_as(nlu, "anh Hùng góp 650 triệu có vượt không", SHARE))

    assert "**vượt mức** 50 triệu đồng" in reply.lead
    assert (await leads_again(citizen))[-1] == reply.lead


async def test_member_of_a_union_is_not_judged_as_one_of_a_cooperative(
    citizen: Citizen, nlu: FakeNlu
) -> None:
    """A talk about a union goes on about it, until somebody's own cooperative is named."""
    await citizen.say(read_as(nlu, "ba hợp tác xã muốn lập liên hiệp", "founding/lien-hiep"))
    union = await citizen.say(read_as(nlu, "vốn điều lệ 5 tỷ, mỗi bên góp tối đa mấy", SHARE))
    own = await citizen.say(read_as(nlu, "còn HTX tôi vốn điều lệ 1 tỷ thì góp tối đa mấy", SHARE))

    assert "**2 tỷ đồng** (40%" in union.lead
    assert "**300 triệu đồng** (30%" in own.lead


async def test_sum_that_is_put_beside_a_known_one_leads_to_the_article_of_its_rule(
    citizen: Citizen, nlu: FakeNlu
) -> None:
    """Whoever tells what he has for a plan that the talk knows asks of his own share."""
    await citizen.say(read_as(nlu, "phương án 900 triệu thì tự có bao nhiêu", OWN))
    await citizen.say(read_as(nlu, "vay được mấy năm", "fund/thoi-han"))
    reply = await citizen.say(read_as(nlu, "tụi tôi gom được 150 triệu thì đủ chưa", OWN, 0.4))

    assert "còn thiếu 30 triệu đồng" in reply.lead


async def test_result_that_is_asked_back_with_its_figure_is_told_again(
    citizen: Citizen, nlu: FakeNlu
) -> None:
    """“Tối đa 5 triệu thôi phải không” asks whether it was so: no other figure is judged."""
    await citizen.say(read_as(nlu, "htx nợ 300 triệu, tôi góp 5 triệu thì sao", "members/chiu-no"))
    again = await citizen.say(read_as(nlu, "vậy tối đa 5 triệu phải không", "members/chiu-no"))
    other = await citizen.say(read_as(nlu, "vậy tối đa 9 triệu phải không", "members/chiu-no"))

    assert "nhiều nhất 5 triệu đồng" in again.lead
    assert "nhiều nhất 5 triệu đồng" not in other.lead
