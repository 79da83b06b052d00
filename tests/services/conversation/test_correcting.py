"""A figure that somebody puts right: what was asked before is asked of the right one."""

from datetime import date

import pytest

from services.bootstrap import Services
from services.conversation.correcting import put_right
from services.knowledge.library import Library
from services.settings import ROOT
from tests.doubles.citizen import Citizen
from tests.doubles.content import read_content
from tests.doubles.nlu import FakeNlu, reading

TODAY = date(2026, 12, 3)
MEETING = "họp đại hội lần 1 ngày 1/12 không đủ người thì lần 2 chậm nhất ngày nào"
FUND = "htx bán phân ra ngoài lời 200 triệu thì trích quỹ không chia mấy"


@pytest.fixture(scope="module")
def library() -> Library:
    """Return the content that is served."""
    return read_content(ROOT / "content")


@pytest.mark.parametrize(
    ("question", "text", "asked"),
    [
        (MEETING, "sai rồi, lần 1 là 5/12 kìa", MEETING.replace("1/12", "5/12")),
        (MEETING, "dạ nhầm, ngày 5/12", MEETING.replace("1/12", "5/12")),
        (FUND, "lộn, 300 triệu", FUND.replace("200", "300")),
        (FUND, "xin lỗi em gõ nhầm, 300 triệu", FUND.replace("200", "300")),
        (FUND, "em nhầm, lời 300 triệu chứ không phải 200 triệu", FUND.replace("200", "300")),
        (FUND, "nhầm, 300", FUND.replace("200", "300")),
        (FUND, "nham 300tr moi dung", FUND.replace("200 triệu", "300tr")),
    ],
)
def test_figure_of_the_question_before_is_put_right(
    library: Library, question: str, text: str, asked: str
) -> None:
    """By a figure of its kind, beside words that say that something was wrong."""
    assert put_right(text, question, library.acts, TODAY) == asked


@pytest.mark.parametrize(
    ("question", "text"),
    [
        (MEETING, "còn họp ngày 5/12 thì sao"),
        (MEETING, "sai rồi"),
        (MEETING, "nhầm 5"),
        (MEETING, "à nhầm, chỉ có 1/12 số người thôi"),
        (FUND, "sai rồi, nợ thuế 300 triệu"),
        (FUND, "sai rồi, 200 triệu mà"),
        (FUND, "không phải 300 triệu à"),
        (f"{FUND}, còn 90 triệu thì sao", "nhầm, 300 triệu"),
        ("lập htx cần mấy người", "sai rồi, 7 người mới đúng"),
        ("", "nhầm, 300 triệu"),
    ],
)
def test_other_messages_are_read_as_they_are(library: Library, question: str, text: str) -> None:
    """Nothing wrong, no figure, a word of another matter, or not clear which figure is meant."""
    assert put_right(text, question, library.acts, TODAY) is None


async def test_what_was_asked_is_worked_out_of_the_right_figure(
    services: Services, nlu: FakeNlu
) -> None:
    """It stays so for whatever is asked next, and a third figure puts that right in turn."""
    citizen, fund = Citizen(services), "capital.quy-khong-chia"
    for million in (200, 300, 400):
        nlu.table[FUND.replace("200", str(million))] = reading((fund, 0.9))
    await citizen.say(FUND)

    for million, share in ((300, 15), (400, 20)):
        reply = await citizen.say(f"nhầm, {million} triệu")
        assert reply.lead.startswith(f"{million} triệu đồng thu nhập từ giao dịch bên ngoài")
        assert f"**ít nhất {share} triệu đồng**" in reply.lead
