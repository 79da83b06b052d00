"""What names its matter itself is not asked of what is open."""

import pytest

from services.bootstrap import Services
from services.conversation.wishes import asks_of_other
from services.knowledge.library import Library
from services.settings import ROOT
from tests.doubles.citizen import Citizen
from tests.doubles.content import read_content
from tests.doubles.nlu import FakeNlu, reading

DISSOLUTION, FOUNDING = "dissolution/ho-so", "founding/cac-buoc"


@pytest.fixture(scope="module")
def library() -> Library:
    """Return the content that is served."""
    return read_content(ROOT / "content")


@pytest.fixture
def citizen(services: Services) -> Citizen:
    return Citizen(services)


@pytest.mark.parametrize(
    ("opened", "text", "other"),
    [
        (DISSOLUTION, "lập htx mất bao lâu", True),
        (DISSOLUTION, "đổi tên htx mất bao lâu", True),
        (FOUNDING, "giải thể htx lệ phí bao nhiêu", True),
        (FOUNDING, "giai the htx nop o dau", True),
        (FOUNDING, "đăng ký ocop cần giấy tờ gì", True),
        (FOUNDING, "lập htx cần giấy tờ gì", False),
        (FOUNDING, "cụ thể mất bao lâu", False),
        (FOUNDING, "mất mấy ngày", False),
        (FOUNDING, "còn thuế thì sao", False),
        (DISSOLUTION, "có phải họp đại hội không", False),
        (DISSOLUTION, "giải thể nộp ở đâu", False),
        ("ocop/ho-so", "sản phẩm mẫu nộp mấy cái", False),
        (FOUNDING, "giấy chứng nhận mấy ngày có", False),
        ("founding/ho-so", "giám đốc ký hồ sơ được không", False),
        (DISSOLUTION, "nộp thuế xong mất bao lâu", False),
        ("fund/dieu-kien", "htx mới thành lập thì sao", False),
    ],
)
def test_matter_is_named_by_whoever_asks_a_step_of_it(
    library: Library, opened: str, text: str, other: bool
) -> None:
    """Of its own topic, and of what any matter has, nothing else is named."""
    assert asks_of_other(library, text, library.articles[opened]) is other


async def test_what_names_another_matter_is_read_as_with_nothing_open(
    citizen: Citizen, nlu: FakeNlu
) -> None:
    """It is told that it is another matter; beside what is open its own days would be told."""
    text = "lập htx mất bao lâu"
    nlu.table[text] = reading(("founding.thoi-han", 0.9))
    nlu.table[f"{text} | {DISSOLUTION}"] = reading((DISSOLUTION.replace("/", "."), 0.9))
    await citizen.press(f"a:{DISSOLUTION}")

    reply = await citizen.say(text)

    assert (reply.outcome, reply.article) == ("answered", "founding/thoi-han")
    assert reply.lead.startswith("Đây là việc khác: ")


async def test_a_meeting_that_lacks_people_is_no_step_of_what_is_open(
    citizen: Citizen, nlu: FakeNlu
) -> None:
    """Whether to meet is one; how many must come is asked of any meeting."""
    text = "họp đại hội không đủ người thì làm sao"
    nlu.table[f"{text} | {DISSOLUTION}"] = reading(("management.tuc-so", 0.8))
    await citizen.press(f"a:{DISSOLUTION}")

    assert (await citizen.say(text)).article == "management/tuc-so"
    await citizen.press(f"a:{DISSOLUTION}")
    assert (await citizen.say("có phải họp không")).article == DISSOLUTION
