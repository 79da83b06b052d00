"""Acts of talk on an article in parts: a place in its lists, shorter, plainer, a choice."""

from pathlib import Path

import pytest

from services.bootstrap import Services
from tests.doubles.citizen import Citizen
from tests.doubles.content import edit_head, write_content
from tests.doubles.nlu import FakeNlu, reading
from tests.doubles.parted import LEAD, PARTED, PARTS, write_parted

STEPS = "## Các bước {#buoc}\n\n1. Họp bàn.\n2. Nộp đơn.\n3. Nhận giấy."
PAPERS = "## Giấy tờ {#giay}\n\n- Giấy đề nghị\n- Điều lệ\n- Danh sách"
NOTES = "## Lưu ý {#luu}\n\nChữ ký phải thật. Mang theo giấy tờ."
OTHER = "ocop/ho-so"
SEVEN = {
    "settles": "Không còn là 7 người.",
    "when": ["7 người"],
    "examples": ["phải 7 người", "phai 7 nguoi"],
}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Return one database: what is kept of a talk is proved on both elsewhere."""
    return sqlite_url


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """Return the small content with an article whose steps stand before its papers."""
    root = write_content(tmp_path / "content")
    cited = {"citations": PARTS["dem"]["citations"]}
    parts = {
        "buoc": {"kind": "steps", "followups": ["làm răng"], **cited},
        "giay": {"kind": "papers", "followups": ["giấy chi"], **cited},
        "luu": {"followups": ["để ý chi"], **cited},
    }
    edit_head(root, OTHER, beliefs=[SEVEN])
    write_parted(root, STEPS, PAPERS, NOTES, parts=parts, plain="Phải đủ 05 người.")
    return root


@pytest.fixture
def nlu(nlu: FakeNlu) -> FakeNlu:
    """Return an NLU that takes what is asked here for a question of that article."""
    for text in ("tối thiểu", "làm răng", "giấy chi", "để ý chi"):
        nlu.table[text] = reading(("founding.so-thanh-vien", 0.9))
    nlu.table["có giấy chi"] = reading(("founding.so-thanh-vien", 0.4), ("ocop.ho-so", 0.3))
    return nlu


@pytest.fixture
def citizen(services: Services) -> Citizen:
    return Citizen(services)


@pytest.mark.parametrize("before", ["tối thiểu", "làm răng", "giấy chi", "để ý chi"])
@pytest.mark.parametrize(
    ("asked", "told"), [("giấy thứ hai là gì", "Điều lệ"), ("bước thứ hai làm gì", "Nộp đơn.")]
)
async def test_paper_is_one_of_the_papers_and_step_of_the_steps(
    citizen: Citizen, before: str, asked: str, told: str
) -> None:
    """Whichever part was told last, and however often a place is asked for."""
    await citizen.say(before)

    for _ in range(2):
        reply = await citizen.say(asked)
        assert reply.lead == f"Mục 2: {told}"
    assert [cited.clause for cited in reply.citations] == ["Điều 30 khoản 1"]


async def test_place_in_a_list_without_a_name_is_in_what_was_told(citizen: Citizen) -> None:
    """“Gạch thứ hai” may stand in any list: that of the part, whatever kind it is."""
    await citizen.say("giấy chi")

    assert (await citizen.say("gạch thứ hai là gì")).lead == "Mục 2: Điều lệ"


async def test_number_within_the_name_of_a_list_counts_nothing(citizen: Citizen) -> None:
    """“Đầu” is one, and “gạch đầu dòng” is where the second stands."""
    await citizen.say("giấy chi")

    assert (await citizen.say("gạch đầu dòng thứ hai là gì")).lead == "Mục 2: Điều lệ"


async def test_place_in_a_list_that_there_is_not_is_read(citizen: Citizen, nlu: FakeNlu) -> None:
    """An article without conditions has no second one: it is a question."""
    await citizen.say("tối thiểu")
    before = len(nlu.asked)
    await citizen.say("điều kiện thứ hai là gì")

    assert len(nlu.asked) == before + 1


async def test_part_stays_told_through_the_acts_on_it(citizen: Citizen) -> None:
    """Shorter, then plainer: both of the part."""
    await citizen.say("để ý chi")
    short = await citizen.say("nói ngắn thôi")
    plain = await citizen.say("nói dễ hiểu hơn")

    assert (short.part, plain.part) == ("luu", "luu")
    assert "Chữ ký phải thật." in plain.lead


async def test_part_that_is_plain_already_says_so(citizen: Citizen) -> None:
    """A list stays a list: what stands around it are paragraphs of their own."""
    await citizen.say("giấy chi")
    plain = (await citizen.say("nói dễ hiểu hơn")).lead

    assert "Nói gọn lại" not in plain
    assert "\n\n- Giấy đề nghị\n- Điều lệ\n- Danh sách\n\n" in plain


@pytest.mark.parametrize("chosen", ["1", f"a:{PARTED}", "cái đầu tiên"])
async def test_choice_answers_what_was_asked_before_it(citizen: Citizen, chosen: str) -> None:
    """By its button or its place as by its name: the part, and the lead that nobody has read."""
    await citizen.say("có giấy chi")
    reply = await (citizen.press(chosen) if ":" in chosen else citizen.say(chosen))

    assert (reply.part, "" in reply.told) == ("giay", True)
    assert LEAD in reply.detail


async def test_yes_to_what_is_told_already_answers_with_that(citizen: Citizen) -> None:
    """“Có phải … không?” asks of the likeliest alone, though others may be chosen instead."""
    asked = await citizen.say("có giấy chi")
    again = await citizen.say("nói lại")
    reply = await citizen.say("đúng rồi")

    assert asked.offered == again.offered == (PARTED, OTHER)
    assert all(one.lead.startswith("Có phải bà con muốn hỏi") for one in (asked, again))
    assert (reply.outcome, reply.article, reply.part) == ("answered", PARTED, "giay")


async def test_yes_settles_the_belief_that_was_asked(citizen: Citizen, nlu: FakeNlu) -> None:
    """As the button of what was asked back about does."""
    nlu.table["nghe nói phải 7 người"] = reading(("ocop.ho-so", 0.4))
    await citizen.say("nghe nói phải 7 người")

    assert (await citizen.say("đúng rồi")).lead.startswith("**Không còn là 7 người.**")


async def test_whom_to_ask_is_told_of_what_is_open(citizen: Citizen, nlu: FakeNlu) -> None:
    """What it says to do next, and its office; nobody is sent for, unless an article answers.

    What is only offered does not.
    """
    nlu.table["hỏi ai"] = reading(("ocop.ho-so", 0.9))
    nlu.table[f"hỏi ai đây | {PARTED}"] = reading(("ocop.ho-so", 0.4))
    await citizen.say("tối thiểu")
    told, offered = await citizen.say("hỏi ai cho chắc"), await citizen.say("hỏi ai đây")

    assert (told.act, told.person, offered.act) == ("whom", False, "whom")
    assert told.outcome == "handoff"
    assert (await Citizen(citizen.services, "b").say("hỏi ai")).article == OTHER
