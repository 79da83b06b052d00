"""A tool begins with a wish for it, filled in with what was told; nothing ordinary begins one."""

from datetime import date
from typing import Any

import pytest
import yaml

from services.bootstrap import Services
from services.conversation.beginnings import begun, begun_again
from services.knowledge.library import Library
from services.settings import ROOT
from tests.doubles.citizen import Citizen
from tests.doubles.content import read_content
from tests.doubles.nlu import FakeNlu, reading

SET = ROOT / "tests/understanding/beginnings.yml"
TODAY = date(2026, 11, 30)
LEAST, MOST = 0.9, 0.01


@pytest.fixture(scope="module")
def library() -> Library:
    """Return the content that is served."""
    return read_content(ROOT / "content")


@pytest.fixture(scope="module")
def measured() -> dict[str, Any]:
    """Return the messages that are measured."""
    read: dict[str, Any] = yaml.safe_load(SET.read_text("utf-8"))
    return read


def test_nine_of_ten_begin_the_right_tool_with_their_values(
    library: Library, measured: dict[str, Any]
) -> None:
    """What begins a tool does so with every value that was told, and no other."""
    rows = measured["begins"]
    missed = [row["text"] for row in rows if not _is_right(library, row)]

    assert len(missed) <= (1 - LEAST) * len(rows), "\n".join(missed)


def _is_right(library: Library, row: dict[str, Any]) -> bool:
    found = begun(library, row["text"], TODAY)
    wanted = {name: _written(value) for name, value in row.get("values", {}).items()}
    if found is None or found.tool != row["tool"]:
        return False
    return {name: value for name, value in found.values.items() if name != "product"} == wanted


def _written(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def test_hardly_anything_ordinary_begins_a_tool(library: Library, measured: dict[str, Any]) -> None:
    """At most one in a hundred of the questions that only sound so."""
    asked = measured["ordinary"]
    caught = [question for question in asked if begun(library, question, TODAY)]

    assert len(caught) <= MOST * len(asked), "\n".join(caught)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("tính lãi vay khoảng 300 triệu 24 tháng", {"months": 24}),
        ("tính lãi vay 300 triệu hay 400 triệu, 24 tháng", {"months": 24}),
        ("tính lãi vay 300 triệu 24 tháng 6% một năm", {"rate": 6}),
        ("tính lãi vay 300 triệu 24 tháng 0,5% một tháng", {"rate": 6}),
        ("vay 300 triệu 24 tháng 6% mỗi tháng trả bao nhiêu", {"rate": 6, "every": 1}),
        ("chấm thử OCOP cho nước mắm", {"sheet": 9, "product": "nước mắm"}),
    ],
)
def test_what_is_not_sure_is_left_to_be_asked(
    library: Library, text: str, values: dict[str, Any]
) -> None:
    """About so much, or either of two, fills in nothing; a rate is one of a year."""
    known = {"amount": 300_000_000, "months": 24}
    unsure = "khoảng" in text or "hay" in text
    wanted = values if unsure or "sheet" in values else known | values

    found = begun(library, text, TODAY)

    assert found is not None
    assert found.values == wanted


@pytest.mark.parametrize(
    "text",
    [
        "tính giúp hạn nộp hồ sơ ocop, giấy hết hạn 10/5/2027",
        "xem giup cac han, giay ocop toi sap het han 10/5/2027",
        "giay ocop het han 10/5/2027 nhac toi nop lai",
        "liệt kê các hạn, giấy của em hết hạn 10/5/2027, ocop 3 sao",
    ],
)
def test_certificate_that_ends_is_handed_in_again(library: Library, text: str) -> None:
    """Its day is none of the first round."""
    found = begun(library, text, TODAY)

    assert found is not None
    assert found.values == {"from": "2027-05-10", "procedure": "ocop-danh-gia-lai"}


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("vay 50 trieu lai 0.7%/thang tra 36 thang tinh giup", 8.4),
        ("vay 50 triệu lãi 0,7%/tháng trả 36 tháng tính giúp", 8.4),
        ("tính lãi vay 50 triệu 36 tháng lãi suất tháng 0,7%", 8.4),
        ("vay 50 triệu 36 tháng lãi 0,7% tháng thì trả bao nhiêu", None),
        ("tính lãi vay 50 triệu 36 tháng lãi 0,7% một năm", 0.7),
        ("tính lãi vay 50 triệu 36 tháng lãi 3%", 3),
        ("tính lãi vay 50 triệu 36 tháng lãi 0,7%", None),
    ],
)
def test_a_rate_of_a_month_is_none_of_a_year(
    library: Library, text: str, rate: float | None
) -> None:
    """It is twelve times that; one so low that it may be either is asked for."""
    found = begun(library, text, TODAY)

    assert found is not None
    assert found.values.get("rate") == rate


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("vay 30 triệu 1 phân 10 tháng tính giúp", (30_000_000, 10, 12)),
        ("tính lãi vay 50 triệu 36 tháng lãi 3 phân rưỡi", (50_000_000, 36, 42)),
        ("tinh lai vay 50 trieu 36 thang lai 1 phan 2", (50_000_000, 36, 14.4)),
        ("tính lãi vay 50 triệu phân rưỡi trong 2 năm", (50_000_000, 24, 18)),
        ("tính lãi vay 30 triệu 1 phân năm, 2 năm", (30_000_000, 24, None)),
    ],
)
def test_phan_behind_a_sum_is_a_rate_of_a_month(
    library: Library, text: str, values: tuple[int, int, float | None]
) -> None:
    """It is no part of the sum; of which time it is, is asked where that is not sure."""
    found = begun(library, text, TODAY)

    assert found is not None
    assert tuple(found.values.get(name) for name in ("amount", "months", "rate")) == values


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("nộp hồ sơ ở đâu, tôi ở Bình Lâm", "Bình Lâm"),
        ("nop ho so o xa que tho cu", "que tho"),
        ("chừ Tam Thăng nhập vô mô rồi", "Tam Thăng"),
        ("xã Bình Dương, huyện Thăng Bình giờ thuộc đâu", "Bình Dương, huyện Thăng Bình"),
    ],
)
def test_where_somebody_lives_tells_where_to_go(library: Library, text: str, place: str) -> None:
    """With what the place lay in, which tells it from others of that name."""
    found = begun(library, text, TODAY)

    assert found is not None
    assert (found.tool, found.values) == ("office", {"text": place})


@pytest.mark.parametrize(
    "text",
    [
        "nộp hồ sơ ở đâu",
        "trụ sở ở Cẩm Kim, ao ở Duy Vinh thì nộp hồ sơ ở đâu",
        "tôi ở Bình Lâm muốn vay Quỹ thì nộp hồ sơ ở đâu",
        "nộp hồ sơ OCOP ở Bình Lâm cần giấy gì",
    ],
)
def test_a_place_alone_begins_no_office_tool(library: Library, text: str) -> None:
    """Without one, with two, or for what another office takes, articles answer."""
    assert begun(library, text, TODAY) is None


@pytest.mark.parametrize(
    "text",
    [
        "tui nộp giấy lập htx bữa 12/11 ở xã Duy Nghĩa, hồ sơ giờ tới đâu rồi",
        "em nộp đơn vay quỹ htx tháng mười, xét giùm coi được duyệt chưa",
    ],
)
async def test_who_waits_for_an_answer_is_given_no_form(services: Services, text: str) -> None:
    """How far one's own papers have come no tool tells."""
    assert (await Citizen(services, "a").say(text)).particular


async def test_a_talk_goes_on_where_it_was(services: Services, nlu: FakeNlu) -> None:
    """A tool that begins takes no open article away: what leans is read beside it."""
    nlu.table["ocop mấy sao"] = reading(("ocop.hang-sao", 0.9))
    nlu.table["cần giấy gì"] = reading(("founding.ho-so", 0.3), ("ocop.ho-so", 0.2), in_scope=0.4)
    nlu.table["cần giấy gì | ocop/hang-sao"] = reading(("ocop.ho-so", 0.8))
    citizen = Citizen(services, "a")
    await citizen.say("ocop mấy sao")

    begins = await citizen.say("tính lãi vay 300 triệu 24 tháng")
    leans = await citizen.say("cần giấy gì")

    assert (begins.outcome, begins.tool) == ("form", "loan")
    assert begins.values == {"amount": 300_000_000, "months": 24}
    assert leans.article == "ocop/ho-so"


async def test_other_figures_behind_a_tool_are_of_that_tool(services: Services) -> None:
    """What is told anew takes its place; what only asks on begins it as it was."""
    citizen = Citizen(services, "a")
    await citizen.say("vay 500 triệu lãi 6% một năm trong 24 tháng mỗi tháng trả bao nhiêu")

    longer = await citizen.say("thế 36 tháng thì sao")
    total = await citizen.say("tong lai bao nhieu")

    wanted = {"amount": 500_000_000, "rate": 6, "months": 36, "every": 1}
    assert (longer.tool, dict(longer.values)) == ("loan", wanted)
    assert (total.tool, dict(total.values)) == ("loan", wanted)
    unsure = await citizen.say("nếu lãi 1% thì sao")
    assert (unsure.tool, "rate" in unsure.values) == ("loan", False), "of a month or of a year"


@pytest.mark.parametrize(
    ("asks_on", "changed"),
    [
        ("thế 1% một tháng thì sao", {"rate": 12}),
        ("con 0,8% mot thang thi rang", {"rate": 9.6}),
        ("vậy 12% một năm thì sao", {"rate": 12}),
        ("thế 40 củ thì sao", {"amount": 40_000_000}),
        ("thế 0,8% một tháng thì trả bao nhiêu", {"rate": None, "every": 1}),
    ],
)
def test_figures_are_asked_on_about_as_people_say_them(
    library: Library, asks_on: str, changed: dict[str, Any]
) -> None:
    """A rate of a month is told with its time; what may be a time of paying tells none."""
    before = "tính lãi vay 300 triệu 24 tháng 6% một năm"
    found = begun_again(library, (before, asks_on), TODAY)
    wanted = {"amount": 300_000_000, "months": 24, "rate": 6} | changed

    assert found is not None
    assert found.values == {name: one for name, one in wanted.items() if one is not None}


@pytest.mark.parametrize(
    "text",
    [
        "bán 40 củ sâm thì vay được không",
        "vay tiền trồng 500 củ giống",
        "vay mua 200 củ nưa",
        "mẫu 01 cu",
        "o quang nam cu vay duoc khong",
        "tram cu thi vay duoc khong",
    ],
)
def test_what_grows_is_no_money(library: Library, text: str) -> None:
    """Tubers that are tubers, and what is old."""
    found = begun(library, f"tính lãi vay 24 tháng, {text}", TODAY)

    assert found is None or "amount" not in found.values


async def test_a_paper_that_is_not_there_is_told_with_those_that_are(services: Services) -> None:
    """No other paper is given for it: a founding decision is none of a yearly meeting."""
    reply = await Citizen(services).say("soạn nghị quyết đại hội")

    assert not reply.values
    assert "chỉ có bản thảo của" in reply.lead
    assert "biên bản đại hội" in reply.lead
