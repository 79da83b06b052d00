"""What is written in Telegram for an announcement, what is not taken for it, and who is told."""

from typing import Any

import pytest
from sqlalchemy import func, select

from services.bootstrap import Services
from services.storage.models import Announcement, Authoring, Delivery, Press, Turn
from tests.conftest import NOON
from tests.doubles.bot_api import BotApi
from tests.doubles.broadcast import AUTHOR, Broadcast
from tests.doubles.scene import PDF, PNG
from tests.doubles.staff_phone import LAN, MINH, TEXT, TOPIC, StaffPhone, hire, linked
from tests.doubles.telegram import ASKED

pytestmark = pytest.mark.usefixtures("bot")
PEOPLE = 60


class TestWriting:
    """What is written, and what is not taken for it."""

    async def test_text_is_no_question(self, services: Services, lan: StaffPhone) -> None:
        """It is no turn, and the NLU never reads it."""
        await lan.begin()
        await lan.write(ASKED, "Tiêu đề")
        await lan.press("Hủy", "Đã bỏ")
        async with services.sessions() as session:
            turns = await session.scalar(select(func.count()).select_from(Turn))

        assert turns == 0
        assert "05 thành viên" in (await lan.write(ASKED, "thành viên")).text

    async def test_commands_still_work(self, lan: StaffPhone) -> None:
        """Whoever writes may ask for help meanwhile, and goes on."""
        await lan.begin()
        await lan.write("/help", "Bà con viết câu hỏi")

        assert "Bước 2/7" in (await lan.write(TEXT, "Tiêu đề")).text

    async def test_marks_are_kept(self, services: Services, lan: StaffPhone) -> None:
        """Bold and links of a forwarded text are those of the letter."""
        await lan.begin()
        bold = {"type": "bold", "offset": 5, "length": 3}
        url = {"type": "text_link", "offset": 9, "length": 3, "url": "https://a.vn/x"}
        await lan.write("🙂 a đậm đây *", "Tiêu đề", entities=[bold, url], forward_date=1)
        async with services.sessions() as session:
            [row] = await session.scalars(select(Authoring))

        assert row.fields["body"] == "🙂 a **đậm** [đây](<https://a.vn/x>) \\*"

    async def test_picture_and_pdf_are_kept(
        self, api: BotApi, services: Services, lan: StaffPhone
    ) -> None:
        """Brought from Telegram, kept by their hash, sent with the preview."""
        await lan.begin()
        picture, paper = api.hold(PNG.replace(b"\x89PNG", b"\xff\xd8\xff")), api.hold(PDF)
        await lan.write("", "có 1 tệp", photo=[{**picture, "width": 9, "height": 9}])
        file = {**paper, "file_name": "../../Tờ rơi.pdf", "mime_type": "application/pdf"}
        await lan.write("", "Tiêu đề", document=file, caption=TEXT)
        await lan.press("“Mời bà con dự lớp OCOP”", "Chủ đề")
        await lan.press(TOPIC, "Gửi cho ai?")
        await lan.press("⬜ Tất cả", "Tất cả người")
        await lan.press("Tiếp tục", "Hạn")
        await lan.press("Bỏ qua", "Nguồn")
        await lan.press("Bỏ qua", "Liên hệ")
        await lan.press("Bỏ qua", "Diễn tập")
        async with services.sessions() as session:
            announcement = await session.get_one(Announcement, 1)

        assert [file["name"] for file in announcement.attachments] == ["anh.jpg", "Tờ rơi.pdf"]
        assert (len(api.called("sendPhoto")), len(api.called("sendDocument"))) == (1, 1)

    @pytest.mark.parametrize(
        ("file", "sentence"),
        [
            ({"file_name": "bang.docx"}, "phải là ảnh (jpg, png) hoặc PDF"),
            ({"file_name": "gia.pdf"}, "không đúng là tệp pdf"),
            ({"file_name": "a.pdf", "file_size": 21 * 1024 * 1024}, "nặng 21 MB, qua Telegram"),
        ],
    )
    async def test_file_that_can_not_be_sent_is_one_sentence(
        self, api: BotApi, lan: StaffPhone, file: dict[str, Any], sentence: str
    ) -> None:
        """The question stays open."""
        await lan.begin()
        await lan.write("", sentence, document=api.hold(b"MZ") | file)

        assert "Bước 2/7" in (await lan.write(TEXT, "Tiêu đề")).text

    async def test_picture_outside_of_a_draft_is_not_read(
        self, api: BotApi, lan: StaffPhone
    ) -> None:
        """As from anybody; of an album that is said once."""
        photo = [{**api.hold(PNG), "width": 1, "height": 1}]
        await lan.write("", "chỉ đọc được chữ", photo=photo, media_group_id="1")
        api.say(LAN, photo=photo, media_group_id="1")
        await lan.write("/help", "Bà con viết câu hỏi")

        assert (
            len([message for message in api.chats.sent[LAN] if "chỉ đọc được chữ" in message.text])
            == 1
        )

    async def test_album_is_added_whole(
        self, api: BotApi, services: Services, lan: StaffPhone
    ) -> None:
        """Its pictures come one by one; the first alone is answered."""
        await lan.begin()
        before = len(api.chats.sent[LAN])
        for number in range(3):
            held = api.hold(b"\xff\xd8" + bytes([number]))
            caption: dict[str, Any] = {"caption": TEXT} if number == 0 else {}
            photo = [{**held, "width": 1, "height": 1}]
            api.say(LAN, photo=photo, media_group_id="1", **caption)
        await lan.write("/help", "Bà con viết câu hỏi")
        async with services.sessions() as session:
            [row] = await session.scalars(select(Authoring))

        assert len(row.fields["attachments"]) == 3
        assert len(api.chats.sent[LAN]) == before + 2

    async def test_draft_outlives_the_bot(
        self, api: BotApi, services: Services, lan: StaffPhone
    ) -> None:
        """Everything stands in the database: nothing is lost by a restart."""
        await lan.begin()
        await lan.write(TEXT, "Tiêu đề")
        async with services.sessions() as session:
            [row] = await session.scalars(select(Authoring))

        assert (row.step, row.fields) == ("title", {"body": TEXT})
        assert api.called("sendMessage")

    async def test_repeated_press_is_done_once(self, api: BotApi, lan: StaffPhone) -> None:
        """A press that Telegram delivers twice ticks once."""
        await lan.begin()
        await lan.write(TEXT, "Tiêu đề")
        await lan.press("“Mời bà con dự lớp OCOP”", "Chủ đề")
        await lan.press(TOPIC, "Gửi cho ai?")
        screen = await lan.press("Vai trò", "Theo vai trò")
        pressed = api.press(LAN, screen, "b:answer-roles-tick-farmer")
        await lan.reads("Theo vai trò")
        api.repeat(pressed)
        await lan.write("/help", "Bà con viết câu hỏi")

        assert "✅ Nông dân" in screen.buttons


class TestTelling:
    """What others are told, and what Telegram may answer to that."""

    @pytest.fixture(autouse=True)
    async def _people(self, broadcast: Broadcast) -> None:
        """Settle people."""
        await broadcast.settle(range(1, PEOPLE + 1))

    async def test_approver_who_blocked_the_bot_is_named(
        self, api: BotApi, lan: StaffPhone, minh: StaffPhone
    ) -> None:
        """The author knows whom to call."""
        api.block(minh.chat)
        await lan.write_all()
        await lan.press("Xin duyệt", "cho Minh duyệt")

        assert "Không báo được qua Telegram cho: Minh." in (await lan.reads("Không báo được")).text

    @pytest.mark.usefixtures("minh")
    async def test_one_who_can_not_be_told_keeps_nobody_else_from_it(
        self, api: BotApi, services: Services, lan: StaffPhone
    ) -> None:
        """The next approver is asked all the same."""
        await hire(services.sessions, "Bình", "approver")
        binh = await linked(api, services.sessions, "Bình", 503)
        api.block(binh.chat)
        await lan.write_all()
        await lan.press("Xin duyệt", "cho Bình, Minh duyệt")

        assert await StaffPhone(api, MINH).reads("Duyệt thông báo 1?")

    async def test_letter_that_telegram_refuses_is_told(self, api: BotApi, lan: StaffPhone) -> None:
        """In a sentence, and the draft is kept."""
        await lan.begin()
        await lan.write(TEXT, "Tiêu đề")
        await lan.press("“Mời bà con dự lớp OCOP”", "Chủ đề")
        await lan.press(TOPIC, "Gửi cho ai?")
        await lan.press("⬜ Tất cả", "Tất cả người")
        await lan.press("Tiếp tục", "Hạn")
        await lan.press("Bỏ qua", "Nguồn")
        await lan.press("Bỏ qua", "Liên hệ")
        api.fail("sendMessage", 400, description="Bad Request: message is too long")
        await lan.press("Bỏ qua", "Telegram không nhận tin này")

        assert await lan.reads("Diễn tập bản nháp 1")

    async def test_press_on_a_draft_counts_nothing(
        self, api: BotApi, services: Services, lan: StaffPhone
    ) -> None:
        """Who tries the buttons of a preview has not read an announcement."""
        await lan.write_all()
        await lan.press("Tôi đã đọc", "Cảm ơn bà con đã đọc")
        async with services.sessions() as session:
            pressed = await session.scalar(select(func.count()).select_from(Press))

        assert pressed == 0
        assert api.called("answerCallbackQuery")

    async def test_names_of_those_missed_stay_in_the_house(
        self, api: BotApi, services: Services, broadcast: Broadcast, lan: StaffPhone
    ) -> None:
        """The phone is told how many; their list is had at the office's own terminal."""
        del broadcast
        async with services.sessions.begin() as session:
            announcement = Announcement(
                title="Họp",
                topic="ocop",
                body="Mời.",
                audience={},
                author=AUTHOR,
                created_at=NOON,
                state="done",
            )
            session.add(announcement)
            await session.flush()
            row = Delivery(announcement_id=announcement.id, person_id=None, who="a", batch=0)
            session.add(row)
        await lan.write("/thongbao", "Anh/chị chọn việc")
        await lan.press("Đã gửi", "báo cáo")
        await lan.press("1. Họp", "đã gửi xong")
        await lan.press("Ai không nhận được?", "Tên người không đi qua Telegram")

        assert not api.called("sendDocument")
