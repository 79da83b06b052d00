"""A decline: what there is no text for, one office, the nearest things or the menu."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.bootstrap import Services
from services.conversation.composer import Composer
from services.conversation.policy import Decline, DeclineParticular
from services.knowledge.library import Library
from services.knowledge.place_names import Office
from services.settings import ROOT
from tests.doubles.citizen import Citizen
from tests.doubles.content import read_content
from tests.doubles.nlu import FakeNlu, reading

NAME = "ocop/hang-sao"
OFFICES: tuple[dict[str, Any], ...] = (
    {"id": "a", "name": "Liên minh", "subjects": ["policy", "ocop", "credit", "registration"]},
    {"id": "b", "name": "Sở", "subjects": ["ocop"], "words": "sâu bệnh | heo", "hours": "7–11 giờ"},
    {"id": "c", "name": "UBND xã", "subjects": ["ocop"], "leads": ["ocop"]},
    {
        "id": "d",
        "name": "Tổng đài",
        "subjects": ["policy", "ocop", "credit", "registration"],
        "phone": "1022",
    },
)


@pytest.fixture
def composer(library: Library) -> Composer:
    """Return a composer over four offices, of which one can be called."""
    offices = tuple(Office.model_validate(given | {"role": "hỏi"}) for given in OFFICES)
    return Composer(replace(library, offices=offices), date(2026, 11, 24))


def lead(composer: Composer, decision: Decline, asked: str = "") -> str:
    return composer.compose(decision, asked).lead


def test_office_that_leads_the_subject_is_named_alone(composer: Composer) -> None:
    """What is near tells the subject, and the content which office it leads to."""
    told = lead(composer, Decline(0.1, NAME, (NAME,)))

    assert [name for name in ("Liên minh", "Sở", "UBND xã", "Tổng đài") if name in told] == [
        "UBND xã"
    ]


def test_tax_office_stands_first_behind_an_article_on_taxes() -> None:
    """It is of no subject; behind another article it is not named at all."""
    composer = Composer(read_content(ROOT / "content"), date(2026, 11, 29))
    office = "**Cơ quan thuế quản lý hợp tác xã**"
    told = composer.handoff(article="tax/thue-tndn").lead

    assert office in told.split("\n- ")[1]
    assert office not in composer.handoff(article="ocop/hang-sao").lead


@pytest.mark.parametrize("article", [None, NAME])
def test_only_office_that_can_be_called_stands_first(
    composer: Composer, article: str | None
) -> None:
    """Where two can be, the one that leads the subject does again."""
    assert told_offices(composer, article)[0] == "Tổng đài"
    library = composer.library
    called = tuple(one.model_copy(update={"phone": "0236"}) for one in library.offices)
    both = Composer(replace(library, offices=called), composer.today)

    assert told_offices(both, NAME)[0] == "UBND xã"


def told_offices(composer: Composer, article: str | None) -> list[str]:
    """Return the offices of a list in the order in which they are told."""
    told = composer.handoff(article=article).lead
    return sorted(
        (str(one["name"]) for one in OFFICES if f"**{one['name']}**" in told), key=told.find
    )


def test_what_is_of_no_subject_goes_to_whom_one_can_call(composer: Composer) -> None:
    """The nearest article may be far away: it tells no office. The phone is told."""
    assert "**Tổng đài**, điện thoại **1022**" in lead(composer, Decline(0.01, NAME))


def test_words_of_an_office_send_there(composer: Composer) -> None:
    """Hours are told where they are known."""
    assert "**Sở**, giờ làm việc 7–11 giờ." in lead(composer, Decline(0.0), "thuốc cho heo")


def test_phone_that_is_not_known_is_said_so_when_asked_for(composer: Composer) -> None:
    """Only then: else nobody misses it."""
    asked, unasked = "xin số điện thoại chỗ coi sâu bệnh", "sâu bệnh"

    assert "(chưa có số điện thoại)" in lead(composer, Decline(0.0), asked)
    assert "chưa có số" not in lead(composer, Decline(0.0), unasked)


def test_short_question_is_named_by_its_words(composer: Composer) -> None:
    """Two lines: what there is no text for, and whom to ask; the asker's Markdown is not drawn."""
    told = lead(composer, Decline(0.0), "giá *heo* hôm nay?")

    assert r"“giá \*heo\* hôm nay”" in told
    assert len([line for line in told.splitlines() if line]) == 2


@pytest.mark.parametrize("words", ["gọi [đã ẩn] giúp", "a b c d e f g h i j k"])
def test_masked_or_long_question_is_not_repeated(composer: Composer, words: str) -> None:
    """What was hidden stays so, and a story is no name."""
    assert "câu này" in lead(composer, Decline(0.0), words)


async def test_only_what_is_near_enough_has_a_button(services: Services, nlu: FakeNlu) -> None:
    """Below the bar there is the menu alone, and the wish to hear later."""
    nlu.table["gần"] = reading(("ocop.hang-sao", 0.2), in_scope=0.2)
    nlu.table["xa"] = reading(("ocop.hang-sao", 0.2), in_scope=0.1)

    near, far = [await Citizen(services, text).say(text) for text in ("gần", "xa")]

    assert [button.payload[:2] for button in near.buttons] == ["a:", "m:", "r:"]
    assert near.buttons[0].payload == f"a:{NAME}"
    assert [button.payload[:2] for button in far.buttons] == ["m:", "r:"]


async def test_third_decline_in_a_row_asks_what_is_easy(services: Services) -> None:
    """Three wordings in turn; the third asks for the subject; from the second on leads a person."""
    citizen = Citizen(services)
    told = [await citizen.say(f"mưa {n}") for n in range(4)]

    assert len({reply.lead.replace(f"mưa {n}", "") for n, reply in enumerate(told)}) == 3
    assert "thuộc mục nào" in told[2].lead
    assert "h:" not in [button.payload for button in told[0].buttons]
    assert [button.payload[:2] for button in told[1].buttons] == ["m:", "h:", "r:"]
    assert [button.payload[:2] for button in told[2].buttons][:5] == [*["s:"] * 4, "h:"]


async def test_words_of_doubtful_distress_are_not_repeated(services: Services) -> None:
    """They stand in no reply either."""
    reply = await Citizen(services).say("tôi chán sống quá không biết mần răng")

    assert "chán sống" not in reply.lead


async def test_person_is_sought_for_what_is_open(services: Services) -> None:
    """Beside an open article the offices of its subject are named, in words and by button."""
    citizen = Citizen(services)
    every = (await citizen.say("cho tôi gặp cán bộ")).lead
    await citizen.press("a:founding/ho-so")
    written, pressed = await citizen.say("cho tôi gặp cán bộ"), await citizen.press("h:")

    assert "Sở Nông nghiệp" in every
    assert "Sở Nông nghiệp" not in written.lead
    assert pressed.lead == written.lead


@pytest.mark.parametrize(
    "asked",
    ["thuốc trị đạo ôn lúa loại nào", "bò nhà tui bị lở mồm long móng", "lua bi ray nau pha"],
)
def test_illness_of_plants_and_cattle_goes_to_agriculture(asked: str) -> None:
    """As people wrote it who were sent to the city's switchboard."""
    composer = Composer(read_content(ROOT / "content"), date(2026, 11, 24))

    assert "Sở Nông nghiệp và Môi trường" in lead(composer, Decline(0.0), asked)


def test_who_speaks_of_the_alliance_is_sent_there() -> None:
    """Though another matter stands beside it."""
    composer = Composer(read_content(ROOT / "content"), date(2026, 11, 24))

    assert "**Liên minh" in lead(composer, Decline(0.0), "giám đốc liên minh htx là ai")


async def test_who_asks_for_a_number_is_told_offices_and_opens_no_ticket(
    services: Services, nlu: FakeNlu
) -> None:
    """Whoever wishes for a person does."""
    for text in ("gọi số mấy hỉ", "cho hỏi trực tiếp"):
        nlu.table[text] = reading(("handoff", 0.9))
    told = [await Citizen(services, text).say(text) for text in nlu.table]

    assert [(one.outcome, one.person) for one in told] == [("handoff", False), ("handoff", True)]


@pytest.mark.parametrize(
    ("asked", "sure", "near"),
    [
        ("nộp hồ sơ hôm 20/11 tới nay chưa có kết quả", 0.5, False),
        ("nộp hồ sơ OCOP hôm 20/11 tới nay chưa có kết quả", 0.5, True),
        ("nộp hồ sơ hôm 20/11 tới nay chưa có kết quả", 0.9, True),
    ],
)
def test_papers_that_nothing_names_are_asked_back(
    composer: Composer, asked: str, sure: float, *, near: bool
) -> None:
    """The rule that is nearest by chance is none of theirs; the subjects stand behind buttons."""
    reply = composer.compose(DeclineParticular("status", (NAME,), sure), asked)

    assert ("a:" in reply.buttons[0].payload) is near
    assert ("Đó là hồ sơ gì?" in reply.lead) is not near
