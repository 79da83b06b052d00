"""A form in a Telegram chat: one question a message, pressed or typed, left and gone on with."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import select

from services.bootstrap import Services
from services.settings import ROOT
from services.storage.models import FormRun
from services.tools.forms.runs import UNTIL_ERASED
from tests.doubles.bot_api_chats import Sent
from tests.doubles.phone import ME, Phone
from tests.doubles.telegram import ASKED, Start

LOAN = "tính lãi vay 300 triệu 24 tháng"


@pytest.fixture
def content(content: Path) -> Path:
    """Return the small content, papers and deadlines."""
    for name in ("papers", "deadlines"):
        shutil.copytree(ROOT / "content" / name, content / name)
    return content


async def told(phone: Phone, count: int, text: str) -> list[Sent]:
    """Write, and return so many messages that come back."""
    before = len(phone.api.chats.sent.get(phone.chat, []))
    phone.api.say(phone.chat, text)
    return (await phone.api.replies(phone.chat, before + count))[before:]


async def pressed(phone: Phone, message: Sent, label: str, count: int = 1) -> list[Sent]:
    """Press a button, and return so many messages that come then."""
    before = len(phone.api.chats.sent.get(phone.chat, []))
    phone.api.press(phone.chat, message, message.buttons[label])
    return (await phone.api.replies(phone.chat, before + count))[before:]


@pytest.mark.usefixtures("bot")
async def test_a_loan_is_worked_out_from_a_sentence_on(phone: Phone) -> None:
    """What was told is filled in; the rest is asked, typed or pressed; a table comes as a file."""
    begins, rate = await told(phone, 2, LOAN)
    [way] = await told(phone, 1, "6,5%")
    noted = way.text
    [every] = await pressed(phone, way, "Gốc chia đều, lãi tính trên số còn nợ")
    [_grace] = await pressed(phone, every, "Mỗi tháng")
    [own] = await told(phone, 1, "0")
    [late] = await pressed(phone, own, "Bỏ qua")
    [review] = await pressed(phone, late, "Không")
    result, table = await pressed(phone, review, "Xem kết quả", 2)

    assert "300 triệu đồng" in begins.text
    assert "Lãi suất" in rate.text
    assert "Đã ghi: 6,5%" in noted
    assert "Cách trả: Gốc chia đều" in way.text
    assert "tổng lãi" in result.text
    assert table.file == "loan.csv"


@pytest.mark.usefixtures("bot")
async def test_what_is_no_answer_is_told_so(phone: Phone) -> None:
    """A wrong answer is named and asked again; back goes to the question before."""
    await told(phone, 2, LOAN)
    [wrong] = await told(phone, 1, "một ít")
    [back] = await pressed(phone, wrong, "↩ Quay lại")
    [again] = await told(phone, 1, "36 tháng")

    assert "Lãi suất" in wrong.text
    assert "đang ghi: 24 tháng" in back.text
    assert "Đã ghi: 36 tháng" in again.text


@pytest.mark.usefixtures("bot")
async def test_a_question_in_between_is_answered(phone: Phone) -> None:
    """Whatever is asked meanwhile is answered, and the form goes on behind it."""
    await told(phone, 2, LOAN)
    answer, goes_on = await told(phone, 2, ASKED)
    [next_one] = await told(phone, 1, "6")

    assert "05 thành viên" in answer.text
    assert "Ta làm tiếp" in goes_on.text
    assert "Đã ghi: 6%" in next_one.text


@pytest.mark.usefixtures("bot")
async def test_what_is_told_on_of_an_emergency_is_no_answer(phone: Phone) -> None:
    """Whatever a form waits for."""
    await told(phone, 2, LOAN)
    await told(phone, 1, "thằng em té xuống hầm biogas rồi")
    [care] = await told(phone, 1, "để tui xuống kéo lên")

    assert "Đừng xuống" in care.text


@pytest.mark.usefixtures("bot")
async def test_who_wants_a_person_is_heard(phone: Phone) -> None:
    """Whatever kind of answer is waited for."""
    await told(phone, 2, LOAN)
    [answer] = await told(phone, 1, "gặp cán bộ")

    assert "phiếu số 1" in answer.text


@pytest.mark.usefixtures("bot")
async def test_an_old_button_changes_nothing(phone: Phone) -> None:
    """A question that was answered says so when its button is pressed late."""
    await told(phone, 2, LOAN)
    [way] = await told(phone, 1, "6")
    await pressed(phone, way, "Gốc chia đều, lãi tính trên số còn nợ")
    phone.api.press(ME, way, way.buttons.get("Mỗi kỳ trả một số bằng nhau", "q:1.1.2"))
    late = await phone.api.replies(ME, 6)

    assert any("đã trả lời rồi" in message.text for message in late)


async def test_a_form_is_left_and_gone_on_with_after_a_restart(phone: Phone, start: Start) -> None:
    """What was answered is there for a week, whatever became of the process."""
    async with start():
        _, rate = await told(phone, 2, LOAN)
        [left] = await pressed(phone, rate, "Để sau")
        [other] = await told(phone, 1, ASKED)
    async with start():
        [goes_on] = await pressed(phone, left, "Làm tiếp")
        [way] = await told(phone, 1, "6")

    assert "Đã lưu" in left.text
    assert "05 thành viên" in other.text
    assert "Lãi suất" in goes_on.text
    assert "Đã ghi: 6%" in way.text


@pytest.mark.usefixtures("bot")
async def test_a_form_is_dropped_once_that_was_asked(phone: Phone, services: Services) -> None:
    """All answers go, and what is typed next is no answer."""
    _, rate = await told(phone, 2, LOAN)
    [asks] = await pressed(phone, rate, "Xóa")
    [dropped] = await pressed(phone, asks, "Xóa hết")
    await told(phone, 1, "6")
    async with services.sessions() as session:
        held = (await session.scalars(select(FormRun))).all()

    assert "2 câu" in asks.text
    assert "Đã xóa" in dropped.text
    assert not held


@pytest.mark.usefixtures("bot")
async def test_a_paper_comes_as_a_draft(phone: Phone) -> None:
    """Who wants one written gets the file, with dots where something is to be written."""
    wanted, draft = await told(phone, 2, "soạn giúp điều lệ hợp tác xã")

    assert "điều lệ" in wanted.text
    assert draft.file == "dieu-le.docx"


@pytest.mark.usefixtures("bot")
async def test_a_paper_is_filled_in_question_by_question(phone: Phone, services: Services) -> None:
    """People row by row; the file comes as soon as it is wanted, and says how far it is."""
    wanted, _ = await told(phone, 2, "soạn giúp danh sách thành viên")
    [name] = await pressed(phone, wanted, "Điền từng câu ở đây")
    [address] = await told(phone, 1, "Hợp tác xã Nông nghiệp Mẫu")
    [day] = await pressed(phone, address, "Bỏ qua")
    await pressed(phone, day, "Bỏ qua")
    [slip] = await told(phone, 1, "Nguyễn Văn Mẫu; hôm nào đó")
    [first] = await told(phone, 1, "Nguyễn Văn Mẫu; 1/2/1980; ; ; ; ; 300 triệu")
    [two] = await told(phone, 1, "Trần Thị Mẫu\nLê Văn Thừa")
    [dropped] = await pressed(phone, two, "Bỏ dòng cuối")
    [signer] = await told(phone, 1, "xong")
    result, draft, *_ = await pressed(phone, signer, "Làm bản Word", 2)
    async with services.sessions() as session:
        [run] = (await session.scalars(select(FormRun))).all()

    assert "Tên hợp tác xã" in name.text
    assert "Dòng 1" in slip.text
    assert "Ghi một ngày có thật" in slip.text
    assert "1. Nguyễn Văn Mẫu; 1/2/1980; ; ; ; ; 300.000.000" in first.text
    assert "3. Lê Văn Thừa" in two.text
    assert "Lê Văn Thừa" not in dropped.text
    assert run.answers["members"] == [
        "Nguyễn Văn Mẫu; 1/2/1980; ; ; ; ; 300.000.000",
        "Trần Thị Mẫu",
    ]
    assert "đã điền 2 trên 5 mục" in result.text
    assert draft.file == "danh-sach-thanh-vien.docx"


@pytest.mark.usefixtures("bot")
async def test_how_long_answers_are_kept_is_chosen_told_and_gone(
    phone: Phone, services: Services
) -> None:
    """From what was left for later; /dulieu tells it, /xoa ends it."""
    _, rate = await told(phone, 2, LOAN)
    [left] = await pressed(phone, rate, "Để sau")
    [asks] = await pressed(phone, left, "Giữ bao lâu?")
    await pressed(phone, asks, "đến khi tôi xóa", 0)
    held, file = await told(phone, 2, "/dulieu")
    async with services.sessions() as session:
        [run] = (await session.scalars(select(FormRun))).all()
    await told(phone, 1, "/xoa")
    async with services.sessions() as session:
        gone = (await session.scalars(select(FormRun))).all()

    read = phone.api.chats.read[file.message["document"]["file_id"]].decode()
    assert "đến khi bà con xóa" in asks.text
    assert "Công cụ, giấy tờ đã điền: 1" in held.text
    assert "Tính khoản vay, giữ đến khi bà con xóa" in read
    assert run.keep_days == UNTIL_ERASED
    assert gone == []


@pytest.mark.usefixtures("bot")
async def test_papers_begin_from_the_list_of_tools(phone: Phone) -> None:
    """Whoever knows no name of one picks it."""
    [listed] = await told(phone, 1, "/congcu")
    [papers] = await pressed(phone, listed, "Soạn giấy tờ")
    [asked] = await pressed(phone, papers, "Điều lệ hợp tác xã")

    assert "câu 1" in asked.text


@pytest.mark.usefixtures("bot")
async def test_deadlines_come_with_a_file_for_a_calendar(phone: Phone) -> None:
    """Of which day it is that was told is asked; what counts from others has no date."""
    _, which = await told(phone, 2, "xem các hạn giải thể hợp tác xã từ 30/11/2026")
    [review] = await told(phone, 1, "ngày thông qua nghị quyết")
    result, more, file = await pressed(phone, review, "Xem kết quả", 3)

    assert "Ngày đó là ngày gì?" in which.text
    assert "9/12/2026" in result.text
    assert "05 ngày làm việc kể từ ngày trả hết nợ" in result.text + more.text
    assert file.file == "due.ics"
