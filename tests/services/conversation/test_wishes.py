"""A bare word or a plain want opens a small choice; what is not ours opens none."""

from pathlib import Path

import pytest

from services.bootstrap import Services
from services.conversation.wishes import choice_named, wish_in
from services.knowledge.library import Library
from services.knowledge.wishes import Wish, WishChoice
from services.settings import ROOT
from tests.doubles.citizen import Citizen, withdraw
from tests.doubles.content import dump, read_content, write_content
from tests.doubles.nlu import FakeNlu, reading

CHOICES = [
    {"label": "Hạng sao", "article": "ocop/hang-sao"},
    {"label": "Hồ sơ", "article": "ocop/ho-so", "also": "giấy tờ"},
    {"label": "Lập hợp tác xã", "article": "founding/ho-so"},
]
WISHES = {
    "fillers": "tôi | muốn | làm | dạ",
    "wishes": [
        {
            "id": "ocop",
            "label": "OCOP",
            "words": "ocop",
            "beside": "sản phẩm",
            "unless": "bóng đá",
            "choices": CHOICES,
            "examples": ["ocop", "muốn làm ocop"],
        },
        {
            "id": "vay",
            "label": "Vay",
            "words": "vay | vay vốn",
            "purpose": True,
            "unless": "cưới",
            "choices": CHOICES[:2],
            "examples": ["vay", "vay nuôi bò"],
        },
        {
            "id": "lai",
            "label": "Lãi",
            "words": "=lãi | đại hội",
            "choices": CHOICES[:2],
            "examples": ["lãi", "đại hội"],
        },
    ],
}
OFFERED = ["a:ocop/hang-sao", "a:ocop/ho-so", "a:founding/ho-so"]


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """Return the small content with a few wishes."""
    root = write_content(tmp_path / "content")
    (root / "wishes.yml").write_text(dump(WISHES), encoding="utf-8")
    return root


@pytest.fixture
def citizen(services: Services) -> Citizen:
    return Citizen(services)


@pytest.mark.parametrize(
    ("message", "wish"),
    [
        ("ocop", "ocop"),
        ("Dạ, tôi muốn làm OCOP.", "ocop"),
        ("san pham ocop", "ocop"),
        ("ocop 3", "ocop"),
        ("ocop là gì", None),
        ("ocop?", None),
        ("ocop nuôi bò", None),
        ("muốn vay 50 triệu", "vay"),
        ("vay nuoi bo", "vay"),
        ("nuôi bò cần vay vốn", "vay"),
        ("vay cưới vợ", None),
        ("tôi muốn vay được không", None),
        ("vậy nuôi bò", None),
        ("lãi", "lai"),
        ("lai", None),
        ("nói vay", None),
        ("giá vàng", None),
        ("vay " + "tiền " * 12, None),
        ("…", None),
    ],
)
def test_wish_is_told_by_all_its_words(library: Library, message: str, wish: str | None) -> None:
    """A question, another word, a thing that is not ours make it none; a purpose may not."""
    found = wish_in(library.wishes, library.cues, message)

    assert (found and found.id) == wish


def test_longest_name_tells_the_choice(library: Library) -> None:
    """A choice that has the wish's own word for a name gives way to the one that is named too."""
    stars = WishChoice(label="Hạng sao", article="ocop/hang-sao", also="ocop")
    papers = WishChoice(label="Hồ sơ", article="ocop/ho-so", also="ocop 3")
    ocop = Wish(
        id="ocop",
        label="OCOP",
        words="ocop",
        choices=(stars, papers),
        examples=("ocop", "làm ocop"),
    )

    assert choice_named(library.wishes, ocop, "ocop 3") == papers
    assert choice_named(library.wishes, ocop, "ocop") == stars


async def test_bare_word_opens_a_choice(citizen: Citizen) -> None:
    """Where no article leads, what may be meant is asked back about."""
    reply = await citizen.say("ocop")

    assert reply.outcome == "clarify"
    assert [button.payload for button in reply.buttons] == OFFERED
    assert reply.offered == tuple(payload.removeprefix("a:") for payload in OFFERED)


async def test_article_that_leads_by_its_bar_is_answered(citizen: Citizen, nlu: FakeNlu) -> None:
    """The word of a wish that names one of its choices, or more words, open no list."""
    for message in ("ocop giấy tờ", "muốn làm ocop"):
        nlu.table[message] = reading(("ocop.ho-so", 0.9))

        assert (await citizen.say(message)).articles == ("ocop/ho-so",)


async def test_name_of_no_choice_opens_the_choice_however_sure(
    citizen: Citizen, nlu: FakeNlu
) -> None:
    """One article may be far likelier: a word alone asks for none."""
    nlu.table["ocop"] = reading(("ocop.ho-so", 0.97))

    assert [button.payload for button in (await citizen.say("ocop")).buttons] == OFFERED


async def test_small_talk_gives_way_to_the_choice(citizen: Citizen, nlu: FakeNlu) -> None:
    """A single word of the field is no courtesy, whatever it reads like."""
    nlu.table["ocop"] = reading(("smalltalk.greeting", 0.9))

    assert (await citizen.say("ocop")).outcome == "clarify"


async def test_doubtful_articles_give_way_to_the_choice(citizen: Citizen, nlu: FakeNlu) -> None:
    """What the content puts together is plainer than what the reading finds likely."""
    nlu.table["ocop"] = reading(("ocop.hang-sao", 0.3), ("founding.ho-so", 0.2))

    assert [button.payload for button in (await citizen.say("ocop")).buttons] == OFFERED


async def test_wish_is_no_act_of_the_same_letters(citizen: Citizen) -> None:
    """Without diacritics a meeting is also “too long, asked”."""
    assert (await citizen.say("dai hoi")).offered == ("ocop/hang-sao", "ocop/ho-so")


@pytest.mark.parametrize(
    "written", ["2", "số 2", "cái thứ hai", "hồ sơ", "ho so", "tôi muốn làm giấy tờ"]
)
async def test_choice_is_made_by_number_or_by_name(citizen: Citizen, written: str) -> None:
    """The second is the second, however it is named."""
    await citizen.say("ocop")

    assert (await citizen.say(written)).articles == ("ocop/ho-so",)


async def test_same_wish_again_tells_how_to_choose(citizen: Citizen) -> None:
    """The same words are not sent twice running; the choices stay."""
    first, second = await citizen.say("ocop"), await citizen.say("muốn làm ocop")

    assert second.buttons == first.buttons
    assert first.lead != second.lead
    assert "1 đến 3" in second.lead


async def test_going_back_shows_the_choice_again(citizen: Citizen) -> None:
    """It is a list like any other."""
    first = await citizen.say("ocop")
    await citizen.say("1")

    assert (await citizen.say("quay lại danh sách")).buttons == first.buttons


async def test_one_unsure_question_may_follow_a_choice(citizen: Citizen, nlu: FakeNlu) -> None:
    """Whoever wished had asked nothing yet: he is asked back once more."""
    nlu.table["mấy người"] = reading(("founding.so-thanh-vien", 0.3))
    await citizen.say("ocop")

    assert (await citizen.say("mấy người")).offered == ("founding/so-thanh-vien",)


async def test_article_that_is_gone_is_no_choice(citizen: Citizen, services: Services) -> None:
    """One choice left opens it; none leaves the decline."""
    withdraw(services, "ocop/ho-so")
    assert (await citizen.say("vay")).articles == ("ocop/hang-sao",)

    withdraw(services, "ocop/hang-sao")
    assert (await citizen.say("vay")).outcome == "declined"


def test_examples_of_the_content_find_their_wish() -> None:
    """What the content says of how people wish is so; nothing of another field is a wish."""
    library = read_content(ROOT / "content")
    wished = [(wish, example) for wish in library.wishes.wishes for example in wish.examples]
    found = [wish_in(library.wishes, library.cues, example) for _, example in wished]
    foreign = [text for text in library.foreign if wish_in(library.wishes, library.cues, text)]

    assert found == [wish for wish, _ in wished]
    assert foreign == []


async def test_choice_is_no_other_matter(citizen: Citizen) -> None:
    """Whoever chose it moved there himself: nothing says that it is something else."""
    await citizen.press("a:ocop/hang-sao")
    await citizen.say("ocop")

    assert (await citizen.say("lập hợp tác xã")).lead == "Hồ sơ gồm năm loại giấy."


async def test_choice_keeps_its_name_while_its_list_is_gone_through(citizen: Citizen) -> None:
    """Who looked at one of them names the next; a question is none, nor what comes later."""
    await citizen.say("ocop")
    await citizen.say("1")

    assert (await citizen.say("lập hợp tác xã")).articles == ("founding/ho-so",)
    assert (await citizen.say("hồ sơ ở đâu")).outcome == "declined"
    await citizen.press("a:founding/so-thanh-vien")
    assert (await citizen.say("hạng sao")).outcome == "declined"


async def test_named_choice_gets_its_lead_and_is_no_other_matter(citizen: Citizen) -> None:
    """Whoever went on to the next of the list knows that it is another."""
    await citizen.say("ocop")
    await citizen.say("1")

    assert (await citizen.say("lập hợp tác xã")).lead.startswith("Hồ sơ gồm năm loại giấy.")


@pytest.mark.parametrize(
    ("message", "wish"),
    [
        ("bà con tui muốn lập tổ", "to-hop-tac"),
        ("muon ban rau cho sieu thi", "dau-ra"),
        ("tìm đầu ra", "dau-ra"),
    ],
)
def test_wish_of_the_content_is_heard(message: str, wish: str) -> None:
    """As people wrote it who were not understood."""
    library = read_content(ROOT / "content")

    found = wish_in(library.wishes, library.cues, message)

    assert (found and found.id) == wish


def test_no_wish_of_the_content_hides_another() -> None:
    """With any word that may stand beside it, a wish is still that wish, or a narrower one."""
    library = read_content(ROOT / "content")
    hidden = {
        message: found and found.id
        for wish in library.wishes.wishes
        for word in wish.words.split("|")
        for beside in (wish.beside or "").split("|")
        for message in [f"{word.strip().removeprefix('=')} {beside.strip()}"]
        for found in [wish_in(library.wishes, library.cues, message)]
        if found != wish
    }

    assert hidden == dict.fromkeys(["đăng ký hợp tác xã", "đăng ký htx"], "thanh-lap")


@pytest.mark.parametrize(
    ("message", "wish"), [("lãi suất vay vốn", "lai-suat"), ("giãn nợ vay vốn", "tra-no")]
)
def test_narrower_wish_comes_first(message: str, wish: str) -> None:
    """Interest and debts of a loan are no wish for one."""
    library = read_content(ROOT / "content")
    found = wish_in(library.wishes, library.cues, message)

    assert (found and found.id) == wish


@pytest.mark.parametrize("text", ["hồ sơ của tôi", "ho so cua tui"])
def test_ones_own_dossiers_are_no_wish_for_papers(whole: Library, text: str) -> None:
    """They have a reply of their own."""
    assert wish_in(whole.wishes, whole.cues, text) is None
