"""What staff do with announcements in Telegram, with a sender at work beside the bot."""

import asyncio

import pytest
from sqlalchemy import func, select, update

from services.bootstrap import Services
from services.staff import account, audit
from services.storage.models import Authoring, Staff
from tests.conftest import NOON
from tests.doubles.bot_api import BotApi
from tests.doubles.broadcast import APPROVER, AUTHOR, Broadcast
from tests.doubles.people import announce, questions_kept
from tests.doubles.phone import Phone
from tests.doubles.staff_phone import LAN, StaffPhone, hire, new_link
from tests.doubles.telegram import ASKED

pytestmark = pytest.mark.usefixtures("bot")
GROUP = -100
PEOPLE = 60


@pytest.fixture
def database_url(any_database: str) -> str:
    """Run on both databases."""
    return any_database


@pytest.mark.usefixtures("work")
async def test_walk_by_telegram(
    api: BotApi, broadcast: Broadcast, services: Services, lan: StaffPhone, minh: StaffPhone
) -> None:
    """Draft, preview, rehearse, own yes refused, another's yes, send, pause, resume, report."""
    for chat in range(1, PEOPLE + 11):
        api.chats.open(chat)
    await broadcast.settle(range(1, PEOPLE + 1))
    await broadcast.settle(range(PEOPLE + 1, PEOPLE + 11), agreed=False)
    api.block(5)
    await promote(services, AUTHOR)
    await lan.begin_audience()
    await lan.press("Vai trò", "Theo vai trò")
    await lan.press("⬜ Nông dân", f"{PEOPLE} người sẽ nhận")
    await lan.press("Xong phần này", "Vai trò: nông dân")
    await lan.press("Tiếp tục", "Hạn")
    await lan.write("31/12/2026", "Nguồn")
    await lan.write("Liên minh Hợp tác xã", "Liên hệ")
    await lan.press("Bỏ qua", "Diễn tập")
    preview, rehearsed = await lan.reads("Học lúc 8 giờ"), (await lan.reads("Diễn tập")).text
    assert preview.text.startswith("📢 Mời bà con dự lớp OCOP\n\nHọc lúc 8 giờ ngày 27/11.")
    assert f"{PEOPLE} người nhận, {PEOPLE} tin nhắn" in rehearsed
    assert "Không nhận: 10 người chưa đồng ý" in rehearsed

    await lan.press("Xin duyệt", "cho Minh duyệt")
    asked, shown = await minh.reads("Duyệt thông báo 1?"), await minh.reads("Học lúc 8 giờ")
    assert (shown.source, shown.buttons) == (preview.source, preview.buttons)
    api.press(LAN, preview, asked.buttons["✅ Duyệt"])
    assert "không tự duyệt được" in (await lan.reads("không tự duyệt")).text
    await minh.press("✅ Duyệt", "Đã duyệt thông báo 1")
    await lan.reads("Minh đã duyệt")
    await lan.press("Gửi", f"Gửi cho {PEOPLE} người ngay bây giờ?")

    gate = asyncio.Event()
    api.fail("sendMessage", chat=30, gate=gate)
    await lan.press("Gửi", "Đã xếp hàng")
    progress = await lan.reads("Đang gửi")
    await lan.press("Tạm dừng", "Đang tạm dừng")
    gate.set()
    await lan.press("Gửi tiếp", "đã gửi xong")

    assert await broadcast.counted(1) == {"sent": PEOPLE - 1, "stopped": 1}
    assert f"{PEOPLE - 1} đã nhận, 0 đang chờ" in progress.text
    assert "1 người không nhận được nữa (1 đã chặn bot)" in progress.text
    assert {len(api.chats.sent[n]) for n in range(1, PEOPLE + 1) if n != 5} == {1}
    assert not any(n in api.chats.sent for n in range(PEOPLE + 1, PEOPLE + 11))
    assert await steps(services) == [
        (AUTHOR, "draft"),
        (AUTHOR, "test"),
        (AUTHOR, "ask"),
        (APPROVER, "approve"),
        (AUTHOR, "send"),
        (AUTHOR, "pause"),
        (AUTHOR, "resume"),
        (audit.SYSTEM, "done"),
    ]


async def promote(services: Services, name: str) -> None:
    """Give an account every right."""
    async with services.sessions.begin() as session:
        await session.execute(update(Staff).where(Staff.name == name).values(role="admin"))


async def steps(services: Services) -> list[tuple[str, str]]:
    """Return who did what with announcements, by the audit."""
    async with services.sessions() as session:
        rows = [(row.who, row.did) for row in await audit.entries(session, "announcement 1")]
    return [(who, did.removeprefix("announce.")) for who, did in rows]


class TestLink:
    """How a phone becomes staff's."""

    async def test_link_says_who_and_what(self, api: BotApi, services: Services) -> None:
        """By role, with the menu a press away."""
        await hire(services.sessions, "Chi", "content")
        officer, made = StaffPhone(api, 9), await new_link(services.sessions, "Chi")
        await officer.write(f"/start staff_{made.token}", "mã sáu số")
        message = await officer.write(made.code, "Đã nối")

        assert "với cán bộ Chi" in message.text
        assert "xem được thông báo gửi tới đâu" in message.text
        assert list(message.buttons) == ["Bảng việc"]

    @pytest.mark.usefixtures("lan")
    @pytest.mark.parametrize("payload", ["staff_", "staff_bịa", "staff_" + "x" * 50])
    async def test_wrong_link_is_one_sentence(self, phone: Phone, payload: str) -> None:
        """And makes nobody staff."""
        message = await phone.say(f"/start {payload}")

        assert message.text.startswith("Liên kết này không dùng được")
        assert "dành cho cán bộ" in (await phone.say("/thongbao")).text

    async def test_used_link_is_one_sentence(
        self, services: Services, phone: Phone, broadcast: Broadcast
    ) -> None:
        """The second who opens it is nobody."""
        del broadcast
        once, code = await new_link(services.sessions, AUTHOR)
        officer = StaffPhone(phone.api, LAN)
        await officer.write(f"/start staff_{once}", "mã sáu số")
        await officer.write(code, "Đã nối")

        assert "không dùng được" in (await phone.say(f"/start staff_{once}")).text

    async def test_link_of_another_is_one_sentence(
        self, services: Services, lan: StaffPhone
    ) -> None:
        """A phone belongs to one account."""
        other, _ = await new_link(services.sessions, APPROVER)
        message = await lan.write(f"/start staff_{other}", "không dùng được")

        assert "cán bộ khác" in message.text


async def test_erased_officer_leaves_no_chat(
    services: Services, broadcast: Broadcast, lan: StaffPhone
) -> None:
    """/xoa takes the link, what was half written, and the place where something was followed."""
    await lan.begin()
    async with services.sessions.begin() as session:
        announcement = await announce(session, NOON)
        announcement.progress = [str(lan.chat), "5"]
    await lan.write("/xoa", "Đã xóa hết")
    async with services.sessions() as session:
        left = await session.scalar(select(func.count()).select_from(Authoring))

    assert left == 0
    assert (await broadcast.state(announcement.id)).progress == []
    assert await lan.write("/thongbao", "Lệnh này dành cho cán bộ")


class TestSecrecy:
    """What everybody else sees: nothing."""

    async def test_command_is_not_for_others(self, phone: Phone, services: Services) -> None:
        """However it is written; it is no question."""
        for text in ("/thongbao", "/thôngbáo"):
            assert "Lệnh này dành cho cán bộ" in (await phone.say(text)).text
        await phone.settle()

        assert await questions_kept(services) == []

    async def test_command_is_in_no_menu(self, api: BotApi, phone: Phone) -> None:
        """Neither Telegram's list of commands nor /help names it."""
        helped = await phone.say("/help")

        assert "thongbao" not in str(api.profile)
        assert "thongbao" not in helped.text

    @pytest.mark.usefixtures("lan")
    async def test_staff_are_served_in_private_alone(self, api: BotApi) -> None:
        """In a group their command and their buttons are like anybody's."""
        api.say(GROUP, "/thongbao@htx_thu_bot", person=LAN)
        [message] = await api.replies(GROUP, 1)
        api.press(GROUP, message, "b:menu", person=LAN)
        _, pressed = await api.replies(GROUP, 2)

        assert "trong cuộc trò chuyện riêng" in message.text
        assert "Nút này đã cũ" in pressed.text

    async def test_forged_button_is_an_old_one(self, api: BotApi, phone: Phone) -> None:
        """Who is not staff presses nothing of theirs."""
        helped = await phone.say("/help")
        for payload in ("b:menu", "b:new", "b:go-1-0", "b:"):
            before = len(api.chats.sent[phone.chat])
            api.press(phone.chat, helped, payload)
            message = (await api.replies(phone.chat, before + 1))[before]
            assert "Nút này đã cũ" in message.text

    async def test_disabled_account_loses_everything_at_once(
        self, services: Services, lan: StaffPhone
    ) -> None:
        """The menu, what is half written, every button."""
        await lan.begin()
        async with services.sessions.begin() as session:
            await account.disable(session, AUTHOR, NOON, audit.SYSTEM)

        assert "05 thành viên" in (await lan.write(ASKED, "thành viên")).text
        assert "cán bộ" in (await lan.write("/thongbao", "Lệnh này dành")).text
        await lan.press("Hủy", "Nút này đã cũ")
