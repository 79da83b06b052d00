"""Answers in parts: the lead first, then one part at a time, nothing twice running."""

from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from services.bootstrap import Services
from services.conversation.composer import Composer
from services.conversation.computed import Computed
from services.conversation.plain import plain_markdown
from services.conversation.policy import AnswerArticle, AnswerSeveral, OfferArticles
from services.conversation.reply import Reply
from services.edition import Edition
from services.knowledge.article import Article
from services.knowledge.library import Library
from services.knowledge.place_names import Office
from services.understanding.parts import LEAD as LEAD_ID
from services.understanding.parts import order
from tests.doubles.citizen import Citizen
from tests.doubles.content import dump, edit_head, read_content, write_content
from tests.doubles.nlu import FakeNlu, reading
from tests.doubles.parted import CONDITION, COUNT, LACK, LEAD, PARTED, write_parted


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """Return the small content with an article in parts."""
    root = write_content(tmp_path / "content")
    asked = ["tối thiểu", "tối thiểu là mấy", "ít nhất"]
    told = {"condition": CONDITION, "plain": "Phải đủ 05 người."}
    write_parted(root, COUNT, LACK, followups=asked, **told)
    choices = [
        {"label": "Mục 0", "article": PARTED, "also": "cả nhà"},
        {"label": "Mục 1", "article": "ocop/ho-so"},
    ]
    wish = {
        "id": "nha",
        "label": "Nhà",
        "words": "cả nhà",
        "choices": choices,
        "examples": ["a", "b"],
    }
    (root / "wishes.yml").write_text(dump({"wishes": [wish]}), encoding="utf-8")
    return root


@pytest.fixture
def nlu(nlu: FakeNlu) -> FakeNlu:
    """Return an NLU that takes all that is said here for a question of that article."""
    second = "tối thiểu rứa thiếu thì tìm thêm ở mô"
    asked = ("tối thiểu", second, "đếm răng hè", "hụt người", "thành viên", "tạo ra", "cả nhà")
    for text in asked:
        nlu.table[text] = reading(("founding.so-thanh-vien", 0.9))
    return nlu


@pytest.fixture
def wordy(content: Path) -> None:
    """Have its lead say much without a figure, too."""
    path = content / f"articles/{PARTED}.md"
    much = "Tối thiểu phải giữ lời theo Nghị định 92/2024/NĐ-CP, " + "giữ lời với người, " * 9
    path.write_text(path.read_text("utf-8").replace(LEAD, f"{LEAD} {much}vậy."), encoding="utf-8")


@pytest.fixture
def citizen(services: Services) -> Citizen:
    return Citizen(services)


def labels(reply: Reply) -> list[str]:
    return [button.label for button in reply.buttons]


async def test_lead_is_said_first_with_its_condition(citizen: Citizen) -> None:
    """What else the article says stands behind the buttons: its parts, all of it, what is near."""
    reply = await citizen.say("tối thiểu")

    assert (reply.lead, reply.detail) == (f"{LEAD}\n\n{CONDITION}", "")
    assert labels(reply)[:3] == ["Cách đếm", "Thiếu người thì sao", "Xem cả bài"]
    assert (reply.part, [c.clause for c in reply.citations]) == (None, ["Điều 4"])


async def test_part_that_is_asked_for_is_said_alone(citizen: Citizen) -> None:
    """Under the name of what it is about, with its own source."""
    await citizen.say("tối thiểu")
    reply = await citizen.say("hụt người")

    assert plain_markdown(reply.lead).startswith("Số thành viên · Thiếu người thì sao\n\n- Kết")
    assert reply.part == "thieu"
    assert [c.clause for c in reply.citations] == ["Điều 30 khoản 1, Điều 103"]
    assert labels(reply) == ["Cách đếm", "Xem cả bài", "Hồ sơ đăng ký hợp tác xã", "Gặp cán bộ"]


async def test_first_question_may_ask_for_a_part(citizen: Citizen) -> None:
    """It is answered with that part at once, and with the lead that nobody has read yet."""
    first = await citizen.say("đếm răng hè")
    then = await citizen.say("hụt người")

    assert first.part == "dem"
    assert first.detail.startswith(f"{LEAD}\n\n{CONDITION}")
    assert {"Điều 30 khoản 1", "Điều 4"} <= {
        place for c in first.citations for place in c.clause.split(", ")
    }
    assert (then.part, LEAD in then.detail) == ("thieu", False)


async def test_same_words_are_not_sent_twice_running(citizen: Citizen) -> None:
    """It repeats the one sentence that is meant, and tells the part that is nearest then."""
    await citizen.say("hụt người")
    again = await citizen.say("hụt người")

    assert "vừa nói ở trên: Kết nạp thêm" in again.lead
    assert (again.outcome, again.part) == ("answered", "dem")
    assert {"Điều 30 khoản 1, Điều 103"} <= {c.clause for c in again.citations}


async def test_who_asks_how_long_hears_the_sentence_with_the_figure_once_more(
    content: Path, services: Services, citizen: Citizen, nlu: FakeNlu
) -> None:
    """Not the likest words, nor the words that only open a list."""
    lack = "## Thiếu người thì sao {#thieu}\n\nHụt người thì bao lâu cũng được:\n\n- Chờ 12 tháng."
    write_parted(content, COUNT, lack)
    services.current.edition = replace(services.current.edition, library=read_content(content))
    await citizen.say("hụt người")
    nlu.table["hụt người bao lâu"] = reading(("founding.so-thanh-vien", 0.9))
    again = await citizen.say("hụt người bao lâu")

    assert "vừa nói ở trên: Chờ 12 tháng" in again.lead


async def test_what_is_nearest_is_a_button_where_it_is_long(
    content: Path, services: Services, citizen: Citizen
) -> None:
    """Whoever asks once more reads the sentence that is meant, and may press for the rest."""
    more = "\n\n" + "Mời thêm người ở thôn bên cùng góp vốn. " * 10
    write_parted(content, COUNT + more, LACK)
    services.current.edition = replace(services.current.edition, library=read_content(content))
    await citizen.say("hụt người")
    again = await citizen.say("hụt người")

    assert "vừa nói ở trên: Kết nạp thêm" in again.lead
    assert ("thôn bên" in again.lead, labels(again)[0]) == (False, "Cách đếm")


@pytest.mark.parametrize("asked", ["tạo ra", "hụt người", "cả nhà", "bao lâu hè"])
async def test_no_text_is_sent_twice_running(citizen: Citizen, nlu: FakeNlu, asked: str) -> None:
    """However often the same is asked, in words or by a yes to several."""
    nlu.table["bao lâu hè"] = reading(("followup", 0.9))
    told = [(await citizen.say(asked)).lead for _ in range(4)]

    assert [one for one, other in pairwise(told) if one == other] == []


async def test_under_a_sentence_that_says_nothing_stand_no_sources(
    citizen: Citizen, nlu: FakeNlu
) -> None:
    """Nor is it asked whether that was of use."""
    nlu.table["mẫu mô rứa"] = reading(("ocop.ho-so", 0.9))
    for _ in range(2):
        told = await citizen.say("mẫu mô rứa")

    assert "đã nói hết" in told.lead
    assert (told.citations, told.source_lines, told.verdicts) == ((), (), ())


async def test_yes_to_several_is_not_told_the_same_twice(citizen: Citizen, nlu: FakeNlu) -> None:
    """The list stays; above it stands how to choose."""
    nlu.table["hồ sơ"] = reading(("founding.ho-so", 0.4), ("ocop.ho-so", 0.3))
    first, second = await citizen.say("hồ sơ"), await citizen.say("ừ")

    assert first.buttons == second.buttons[:2]
    assert first.lead != second.lead


@pytest.mark.parametrize("asked", ["ai có thẩm quyền đây", "", "x" * 3000])
async def test_what_is_no_answer_may_be_told_twice(
    citizen: Citizen, nlu: FakeNlu, asked: str
) -> None:
    """Whom to ask, and what a message lacks, hold each time."""
    nlu.table["ai có thẩm quyền đây"] = reading(("handoff", 0.9))
    told = [(await citizen.say(asked)).lead for _ in range(2)]

    assert told[0] == told[1]


async def test_what_is_asked_for_again_is_said_again(citizen: Citizen) -> None:
    """By its words, or by the same button."""
    first = await citizen.say("tối thiểu")
    again = await citizen.say("nói lại")
    pressed = [await citizen.press(f"a:{PARTED}") for _ in range(2)]

    assert {one.lead for one in (first, again, *pressed)} == {first.lead}


async def test_the_same_of_another_province_is_told_as_the_rule_of_the_country(
    citizen: Citizen, nlu: FakeNlu
) -> None:
    """That it holds there is new, though the words of the rule were said just now."""
    asked = "Tôi ở Gia Lai, lập hợp tác xã cần mấy người"
    nlu.table[asked] = nlu.table["tối thiểu"]
    await citizen.say("tối thiểu")
    there = await citizen.say(asked)

    assert ("Gia Lai" in there.lead, "vừa nói ở trên" in there.lead) == (True, False)


async def test_sentence_that_is_meant_is_repeated(citizen: Citizen) -> None:
    """Of a lead that answers twice running; where two sentences are short together, both."""
    await citizen.say("tối thiểu")
    again = plain_markdown((await citizen.say("tối thiểu rứa thiếu thì tìm thêm ở mô")).lead)

    assert "vừa nói ở trên: Cần ít nhất 05 thành viên chính thức. Thiếu thì tìm thêm." in again


@pytest.mark.usefixtures("wordy")
async def test_who_asks_how_many_again_is_told_the_figure(citizen: Citizen, nlu: FakeNlu) -> None:
    """Where the sentence with the figure is less like the question than another."""
    nlu.table["rứa tối thiểu mấy"] = nlu.table["tối thiểu"]
    await citizen.say("tối thiểu")
    again = plain_markdown((await citizen.say("rứa tối thiểu mấy")).lead)

    assert "vừa nói ở trên: Cần ít nhất 05 thành viên" in again


async def test_meaning_chooses_the_part_where_words_do_not(citizen: Citizen, nlu: FakeNlu) -> None:
    """What the NLU makes of a message counts beside its words, for its article alone."""
    nlu.table["cả nhà ba đứa con"] = reading(
        ("founding.so-thanh-vien", 0.9), parts={PARTED: {"thieu": 0.1, "dem": 0.8, "gone": 1.0}}
    )
    await citizen.say("tối thiểu")

    assert (await citizen.say("cả nhà ba đứa con")).part == "dem"


async def test_a_question_after_a_list_is_answered_by_its_own_words(
    citizen: Citizen, nlu: FakeNlu
) -> None:
    """What was asked before the list tells what a choice by its place is about, and no more."""
    nlu.table["đếm răng đây"] = reading(("founding.so-thanh-vien", 0.4), ("ocop.ho-so", 0.35))
    nlu.table["hụt người thì sao?"] = reading(("founding.so-thanh-vien", 0.9))
    offered = await citizen.say("đếm răng đây")
    reply = await citizen.say("hụt người thì sao?")

    assert (offered.outcome, reply.outcome, reply.part) == ("clarify", "answered", "thieu")


async def test_likeliest_that_may_be_meant_is_read_at_once(citizen: Citizen, nlu: FakeNlu) -> None:
    """It stays a question, its button answers, and what else may be meant has one too."""
    nlu.table["rứa hụt người"] = reading(("founding.so-thanh-vien", 0.5), ("ocop.ho-so", 0.4))
    asked = await citizen.say("rứa hụt người")

    assert (asked.outcome, "Kết nạp thêm" in asked.lead) == ("clarify", True)
    assert asked.lead.startswith("Có phải bà con muốn hỏi")
    assert [c.clause for c in asked.citations] == ["Điều 30 khoản 1, Điều 103"]
    assert [button.payload for button in asked.buttons[:2]] == [f"a:{PARTED}", "a:ocop/ho-so"]


async def test_open_article_that_may_be_meant_is_told(citizen: Citizen, nlu: FakeNlu) -> None:
    """Where a part of it is what is asked, that is the answer; what else is meant has a button."""
    nlu.table["rứa hụt người"] = reading(("founding.so-thanh-vien", 0.5), ("ocop.ho-so", 0.2))
    await citizen.say("tối thiểu")
    told = await citizen.say("rứa hụt người")

    assert (told.outcome, told.part, told.lead[:12]) == ("answered", "thieu", "**Số thành v")
    assert (labels(told)[-2:], told.buttons[-2].payload) == (
        ["Ý khác: Hồ sơ OCOP", "Gặp cán bộ"],
        "a:ocop/ho-so",
    )


def test_what_else_may_be_meant_is_opened_at_its_part(content: Path) -> None:
    """Its button tells what was asked of it, and not what it says first."""
    edit_head(content, "ocop/ho-so", label="Hồ sơ OCOP", parts={"mau": {"followups": ["mẫu"]}})
    path = content / "articles/ocop/ho-so.md"
    path.write_text(f"{path.read_text('utf-8')}\n## Mẫu nào {{#mau}}\n\nMẫu 01.\n", "utf-8")
    composer = Composer(read_content(content), date(2026, 11, 24), goes_on=PARTED)
    parts = {PARTED: ("dem",), "ocop/ho-so": ("mau", LEAD_ID)}
    told = composer.compose(AnswerArticle(PARTED, 0.4, ("ocop/ho-so",)), "mẫu", parts)

    assert told.buttons[-2].payload == "d:ocop/ho-so#mau"


async def test_part_that_was_told_just_now_is_told_again_and_not_asked_back(
    citizen: Citizen, nlu: FakeNlu
) -> None:
    """What was said of it is repeated: to ask whether it is meant would say the same."""
    nlu.table["rứa đếm răng"] = reading(("founding.so-thanh-vien", 0.5), ("ocop.ho-so", 0.2))
    first = await citizen.say("đếm răng hè")
    told = await citizen.say("rứa đếm răng")

    assert (first.part, told.outcome, told.article) == ("dem", "answered", PARTED)
    assert told.lead.startswith("Trợ lý vừa nói ở trên: Một hộ tính là một thành viên")


@pytest.mark.parametrize(
    ("text", "sibling"), [("rứa hụt người", 0.45), ("rứa còn chi", 0.2)], ids=["near", "no part"]
)
async def test_open_article_is_asked_back_where_another_is_near_or_no_part_fits(
    citizen: Citizen, nlu: FakeNlu, text: str, sibling: float
) -> None:
    """Either may be meant; and the lead told again would be no answer."""
    nlu.table[text] = reading(("founding.so-thanh-vien", 0.5), ("ocop.ho-so", sibling))
    await citizen.say("tối thiểu")

    assert (await citizen.say(text)).outcome == "clarify"


@pytest.mark.parametrize("goes_on", [None, PARTED])
def test_who_asks_on_is_asked_of_one_thing_and_told_that_alone(
    content: Path, goes_on: str | None
) -> None:
    """What else may be meant is a button; who begins reads what it would answer too."""
    composer = Composer(read_content(content), date(2026, 11, 24), goes_on=goes_on)
    both = OfferArticles((PARTED, "ocop/ho-so"), 0.4)

    asked = composer.compose(both, "hồ sơ", {PARTED: ("dem",), "ocop/ho-so": ("",)})

    assert ("Còn nếu hỏi" in asked.lead) == (goes_on is None)
    assert [button.payload for button in asked.buttons[:2]] == [f"a:{PARTED}", "a:ocop/ho-so"]


async def test_nothing_is_guessed_of_another_place(citizen: Citizen, nlu: FakeNlu) -> None:
    """What is chosen then says whether it holds there."""
    asked = "ở Huế lập hợp tác xã mà hụt người"
    nlu.table[asked] = reading(("founding.so-thanh-vien", 0.5), ("ocop.ho-so", 0.4))
    offered = await citizen.say(asked)
    chosen = await citizen.say("1")

    assert (offered.outcome, "Kết nạp thêm" in offered.lead) == ("clarify", False)
    assert "Huế cũng theo" in chosen.lead


async def test_of_several_things_asked_at_once_none_is_guessed(
    citizen: Citizen, nlu: FakeNlu
) -> None:
    """The buttons lead to each."""
    for text in ("đếm răng vậy? giấy tờ mấy bộ?", "đếm răng vậy?", "giấy tờ mấy bộ?"):
        nlu.table[text] = reading(("founding.so-thanh-vien", 0.5), ("ocop.ho-so", 0.4))
    nlu.table["giấy tờ mấy bộ?"] = reading(("ocop.ho-so", 0.5))
    asked = await citizen.say("đếm răng vậy? giấy tờ mấy bộ?")

    assert asked.outcome == "clarify"
    assert "Kết nạp thêm" not in asked.lead


async def test_where_no_part_is_near_all_are_offered(citizen: Citizen) -> None:
    """And a person, under what was meant."""
    await citizen.say("tạo ra")
    again = await citizen.say("tạo ra")

    assert (again.outcome, again.detail) == ("answered", "")
    assert "Phần khác có nút bên dưới" in again.lead
    assert {"Cách đếm", "Thiếu người thì sao", "Gặp cán bộ"} <= set(labels(again))


async def test_whole_article_is_a_button_away(citizen: Citizen) -> None:
    """All parts under their names, and every source."""
    await citizen.say("tối thiểu")
    whole = await citizen.press(f"f:{PARTED}")

    assert "**Cách đếm**: Một hộ" in whole.detail
    assert "**Thiếu người thì sao**:\n\n- Kết nạp thêm." in whole.detail
    assert [c.clause for c in whole.citations] == ["Điều 4", "Điều 30 khoản 1, Điều 103"]


async def test_button_of_a_part_that_went_away_brings_the_lead(citizen: Citizen) -> None:
    """Yesterday's button still leads to its article."""
    assert (await citizen.press(f"d:{PARTED}#cu")).lead.startswith(LEAD)
    assert (await citizen.press("d:founding/khong-co#dem")).outcome == "declined"


@pytest.mark.parametrize(
    ("before", "act", "told"),
    [
        ("tối thiểu", "nói ngắn thôi", "Cần ít nhất **05 thành viên** chính thức."),
        ("đếm răng hè", "nói ngắn thôi", "Một hộ tính là một thành viên."),
        ("tối thiểu", "nói dễ hiểu hơn", "Phải đủ 05 người."),
    ],
)
async def test_shorter_and_plainer_act_on_what_was_said(
    citizen: Citizen, before: str, act: str, told: str
) -> None:
    """Of a part its first sentence, of a lead its plain version."""
    await citizen.say(before)
    assert told in (await citizen.say(act)).lead


async def test_item_of_a_list_is_that_of_the_part(citizen: Citizen) -> None:
    """“Cái thứ hai” after a part with a list means its second item."""
    await citizen.say("hụt người")
    assert "Sáp nhập" in (await citizen.say("bước thứ hai là gì")).lead


def test_two_parts_of_one_article_are_both_told(library: Library) -> None:
    """Each under its name, with the sources of both; the lead first where that was asked too."""
    composer, decision = Composer(library, date(2026, 11, 24)), AnswerArticle(PARTED, 0.9)

    both = composer.compose(decision, "", {PARTED: ("dem", "thieu")})
    beside = composer.compose(decision, "", {PARTED: ("", "thieu")})

    assert both.lead.startswith("**Số thành viên · Cách đếm**")
    assert both.detail.startswith("**Thiếu người thì sao**\n\n- Kết nạp")
    assert [c.clause for c in both.citations] == ["Điều 30 khoản 1, Điều 103"]
    assert beside.lead.startswith(LEAD)
    assert beside.detail == both.detail
    assert labels(beside)[0] == "Cách đếm"


def test_what_has_no_room_beside_what_was_asked_first_is_a_button(content: Path) -> None:
    """What does not stand on one screen with it is a press away, and is told alone there."""
    items = "\n".join(f"- Mời thêm người ở thôn thứ {n} cùng góp vốn." for n in range(20))
    write_parted(content, COUNT, f"{LACK}\n{items}")
    composer = Composer(read_content(content), date(2026, 11, 24))

    for asked in (("", "thieu"), ("thieu", "")):
        lead = composer.compose(AnswerArticle(PARTED, 0.9), "", {PARTED: asked})
        pressed = composer.pressed(lead.buttons[0].payload)

        assert (lead.lead, lead.detail, lead.part) == (LEAD, "", None)
        assert (pressed.part, items in pressed.lead) == ("thieu", True)


def test_who_asks_on_reads_a_few_lines(content: Path) -> None:
    """What would make them a screen is a button; a condition stays with its lead."""
    items = "\n".join(f"- Mời thêm người ở thôn thứ {n} cùng góp vốn." for n in range(7))
    write_parted(content, COUNT, f"{LACK}\n{items}", condition=CONDITION)
    asking_on = Composer(read_content(content), date(2026, 11, 24), goes_on="ocop/ho-so")

    part = asking_on.compose(AnswerArticle(PARTED, 0.9), "", {PARTED: ("dem", "thieu")})
    lead = asking_on.compose(AnswerArticle(PARTED, 0.9), "", {PARTED: ("",)})

    assert (part.part, part.detail, labels(part)[0]) == ("dem", "", "Thiếu người thì sao")
    assert (CONDITION in lead.lead, lead.next_step) == (True, "")


def test_who_asks_on_about_another_article_reads_the_part_and_its_condition(content: Path) -> None:
    """With the sources of both; the lead is a press away."""
    asking_on = Composer(read_content(content), date(2026, 11, 24), goes_on="ocop/ho-so")

    part = asking_on.compose(AnswerArticle(PARTED, 0.9), "", {PARTED: ("thieu", "", "dem")})

    assert part.detail.startswith(CONDITION)
    assert LEAD not in part.detail
    assert {"Điều 30 khoản 1", "Điều 4"} <= {
        place for c in part.citations for place in c.clause.split(", ")
    }


def test_who_asks_on_about_the_same_article_reads_the_part_alone(content: Path) -> None:
    """Its condition was told with what was read before."""
    asking_on = Composer(read_content(content), date(2026, 11, 24), goes_on=PARTED)

    part = asking_on.compose(AnswerArticle(PARTED, 0.9), "", {PARTED: ("thieu", "")})

    assert (part.part, part.detail) == ("thieu", "")


@pytest.mark.parametrize(
    "worked_out", [Computed("7 người là đủ."), Computed("Có mấy người?", asks="du-nguoi")]
)
def test_who_asks_on_reads_what_was_worked_out_in_the_place_of_the_lead(
    content: Path, worked_out: Computed
) -> None:
    """With its condition; where a rule asks for a figure that it lacks, the lead is told too."""
    asking_on = Composer(read_content(content), date(2026, 11, 24), worked_out, goes_on=PARTED)

    lead = asking_on.compose(AnswerArticle(PARTED, 0.9), "").lead

    assert lead.startswith(worked_out.told)
    assert (LEAD in lead, CONDITION in lead) == (bool(worked_out.asks), True)


def test_how_sure_an_article_is_was_said_before_one_asks_on(content: Path) -> None:
    """It is told anew only of another article."""
    write_parted(content, COUNT, LACK, verification="inferred")
    library = read_content(content)

    notices = {
        before: Composer(library, date(2026, 11, 24), goes_on=before).article(PARTED).notices
        for before in (None, PARTED, "ocop/ho-so")
    }

    assert notices[PARTED] == ()
    assert notices["ocop/ho-so"] == notices[None] != ()


def test_part_that_has_room_is_told_though_the_lead_has_none(content: Path) -> None:
    """It was asked before the lead."""
    items = "\n".join(f"- Mời thêm người ở thôn thứ {n} cùng góp vốn." for n in range(7))
    write_parted(content, COUNT, f"{LACK}\n{items}")
    composer = Composer(read_content(content), date(2026, 11, 24))

    part = composer.compose(AnswerArticle(PARTED, 0.9), "", {PARTED: ("thieu", "")})

    assert (part.part, part.detail) == ("thieu", "")


@pytest.mark.parametrize(("lead", "told"), [(0.2, ["thieu", LEAD_ID]), (0.3, [LEAD_ID, "thieu"])])
def test_lead_is_told_first_unless_a_part_is_clearly_asked(lead: float, told: list[str]) -> None:
    """Of an article that is new in the talk; of the open one the part alone is told."""
    alike = [{"thieu": 0.5, LEAD_ID: lead}]

    assert order(alike, new=True)[:2] == told
    assert order(alike, new=False)[:1] == ["thieu"]


def test_of_several_articles_each_tells_the_part_that_was_asked(library: Library) -> None:
    """Under its name; one of which nothing else was asked tells its short answer."""
    decision = AnswerSeveral((PARTED, "ocop/ho-so"), 0.9)

    reply = Composer(library, date(2026, 11, 24)).compose(decision, "", {PARTED: ("thieu",)})

    assert reply.lead.startswith("**Số thành viên · Thiếu người thì sao**\n\n- Kết nạp")
    assert reply.detail.startswith("**Hồ sơ OCOP**: ")


async def test_other_matter_is_named(citizen: Citizen, nlu: FakeNlu) -> None:
    """Who asks on shortly is told when the answer is another procedure's, or another topic's."""
    nlu.table["mấy sao"] = reading(("ocop.hang-sao", 0.9))
    await citizen.say("tối thiểu")

    other = await citizen.say("mấy sao")

    assert other.lead.startswith("Đây là việc khác: Hạng sao OCOP.\n\n")
    assert not (await citizen.say("mấy sao")).lead.startswith("Đây là việc khác")


async def test_bare_word_that_is_answered_asks_for_no_part(citizen: Citizen) -> None:
    """It gets the lead of what it names; behind that article it may name a part of it."""
    first, then = await citizen.say("cả nhà"), await citizen.say("cả nhà")

    assert (first.part, then.part) == (None, "dem")


async def test_article_without_a_procedure_is_no_other_matter(
    citizen: Citizen, services: Services, nlu: FakeNlu
) -> None:
    """Beside one with a procedure, in the same topic, it speaks of the same thing.

    It is named where the message does not name it: few words are asked of what is open.
    """
    served = services.current.edition
    papers = served.library.articles["founding/ho-so"]
    of_procedure = papers.head.model_copy(update={"procedure": "lap-htx"})
    articles = {**served.library.articles, papers.id: Article(papers.id, of_procedure, papers.body)}
    library = replace(served.library, articles=articles)
    services.current.edition = Edition(library, served.interpreter)
    nlu.table["giấy chi"] = reading(("founding.ho-so", 0.9))
    await citizen.say("tối thiểu")

    nlu.table["hồ sơ đăng ký răng"] = nlu.table["giấy chi"]
    bare, back = await citizen.say("giấy chi"), await citizen.say("hụt người")
    named = await citizen.say("hồ sơ đăng ký răng")

    assert bare.lead.startswith(f"Điều này ở bài khác: {papers.head.title}.\n\nHồ sơ gồm năm")
    assert named.lead.startswith("Hồ sơ gồm năm loại giấy.")
    assert "việc khác" not in f"{bare.lead}{back.lead}{named.lead}"


def test_contact_is_that_of_what_is_told(library: Library) -> None:
    """Under a part the office that the part names, and none that the lead alone names."""
    offices = [
        Office(id=name, name=name, named=(word,), subjects=(), role="hỏi", phone=phone)
        for name, word, phone in (("Sở", "05 thành viên", "111"), ("Xã", "Kết nạp", "222"))
    ]
    composer = Composer(replace(library, offices=tuple(offices)), date(2026, 11, 24))

    told = [composer.article(PARTED, parts=parts).next_step for parts in (("thieu",), ("dem",))]
    both = composer.article(PARTED, parts=("thieu", "")).next_step

    assert ["222" in told[0], "111" in told[0], told[1]] == [True, False, ""]
    assert "111" in both
    assert "222" in both
