"""A figure that somebody says back, to hear whether they have it right."""

import pytest

from services.bootstrap import Services
from services.conversation.plain import plain_markdown
from services.knowledge.library import Library
from services.settings import ROOT
from tests.doubles.citizen import Citizen
from tests.doubles.content import read_content
from tests.doubles.nlu import FakeNlu, reading

REWARD = "ocop/tien-thuong"


@pytest.fixture(scope="module")
def library() -> Library:
    """Return the content that is served."""
    return read_content(ROOT / "content")


@pytest.fixture
def citizen(services: Services) -> Citizen:
    return Citizen(services)


@pytest.mark.parametrize(
    ("opened", "text", "lead"),
    [
        (f"a:{REWARD}", "8 triệu phải không", "Về 8 triệu, bài ghi: Thưởng OCOP: 5 sao 15 triệu"),
        (f"a:{REWARD}", "vay la 8tr ha", "Về 8tr, bài ghi: Thưởng OCOP: 5 sao 15 triệu"),
        (
            f"a:{REWARD}",
            "2 triệu đúng không ạ",
            "Về 2 triệu, phần “Lên hạng, làm lại” ghi: Mỗi sản phẩm nhận thưởng",
        ),
        (f"d:{REWARD}#lan", "vậy được thêm 5 triệu hả", "Về 5 triệu, bài ghi: Mỗi sản phẩm nhận"),
        (
            f"a:{REWARD}",
            "9 triệu phải không",
            "Chỗ vừa nói không ghi 9 triệu mà ghi: Thưởng OCOP: 5",
        ),
        ("a:capital/gop-toi-da", "tức là 30 phần trăm hả", "Về 30 phần trăm, bài ghi: Mỗi thành"),
        (
            "a:founding/so-thanh-vien",
            "rứa là 7 người à",
            "Về 7 người, bài ghi: Hợp tác xã cần ít nhất 05",
        ),
    ],
)
async def test_the_sentence_that_holds_the_figure_is_told(
    citizen: Citizen, nlu: FakeNlu, opened: str, text: str, lead: str
) -> None:
    """Of what was told first, then of the rest; where none does, the first with such a figure."""
    told = await citizen.press(opened)

    reply = await citizen.say(text)

    assert plain_markdown(reply.lead).startswith(lead)
    assert (reply.outcome, reply.article, nlu.asked) == ("answered", told.article, [])
    assert reply.source_lines


async def test_what_was_worked_out_is_confirmed(citizen: Citizen, nlu: FakeNlu) -> None:
    """Its rule is cited again."""
    asked = "OCOP từ 3 sao lên 5 sao thưởng thêm bao nhiêu"
    nlu.table[asked] = reading((REWARD.replace("/", "."), 0.95))
    await citizen.say(asked)

    reply = await citizen.say("7 triệu phải không em")

    told = plain_markdown(reply.lead)
    assert told.startswith("Về 7 triệu, bài ghi: ")
    assert "7 triệu" in told.removeprefix("Về 7 triệu, bài ghi: ")


@pytest.mark.parametrize(
    "text",
    [
        *("8 triệu phải không, còn 5 sao", "8 triệu là mức gì", "tôi có 8 triệu", "8 triệu"),
        *("8 triệu hả? Nộp hồ sơ ở đâu", "hôm nay hả", "qsum hả", "8 triệu đúng rồi"),
        *("được vay 8 triệu phải không", "3 sao 8 triệu hay 10 triệu hả", "bao nhiêu triệu hả"),
    ],
)
async def test_what_asks_more_than_that_is_read(citizen: Citizen, text: str) -> None:
    """So is a figure with nothing open."""
    await citizen.press(f"a:{REWARD}")

    reply = await citizen.say(text)

    assert not reply.lead.startswith(("Chỗ vừa nói ", "Về "))


async def test_a_figure_of_a_kind_that_the_article_has_not_is_read(
    citizen: Citizen, nlu: FakeNlu
) -> None:
    """There is no sentence to hold against it."""
    await citizen.press(f"a:{REWARD}")

    await citizen.say("12 phiếu hả")

    assert nlu.asked
