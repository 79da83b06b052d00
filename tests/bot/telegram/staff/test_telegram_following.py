"""The one message that tells how far an announcement is, whatever happens to it or to the bot."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import event, update

from services.bootstrap import Services
from services.settings import Settings
from services.staff import account, audit
from services.storage.models import Announcement, Delivery
from tests.conftest import NOON
from tests.doubles.bot_api import BotApi
from tests.doubles.bot_api_chats import Sent
from tests.doubles.broadcast import AUTHOR, Broadcast
from tests.doubles.phone import Phone
from tests.doubles.staff_phone import LAN, MINH, StaffPhone, linked
from tests.doubles.telegram import ASKED, Start
from tests.doubles.waiting import PATIENCE

PEOPLE = 10


async def sending(services: Services, **fields: Any) -> None:
    """Have an announcement be on its way to ten people; nobody works on it."""
    async with services.sessions.begin() as session:
        made: dict[str, Any] = {"title": "Họp xã", "state": "sending", "queued_at": NOON} | fields
        announcement = Announcement(
            topic="ocop",
            body="Mời.",
            audience={},
            author=AUTHOR,
            created_at=NOON,
            **made,
        )
        session.add(announcement)
        await session.flush()
        session.add_all(
            Delivery(announcement_id=announcement.id, person_id=None, who=str(number), batch=0)
            for number in range(PEOPLE)
        )


async def go_on(services: Services, sent: int, **fields: Any) -> None:
    """Have so many of the ten get it, and change the announcement."""
    async with services.sessions.begin() as session:
        reached = update(Delivery).where(Delivery.id <= sent)
        await session.execute(reached.values(state="sent"))
        if fields:
            await session.execute(update(Announcement).values(**fields))


async def followed(services: Services) -> list[str]:
    """Return where the announcement is followed."""
    async with services.sessions() as session:
        return (await session.get_one(Announcement, 1)).progress


async def looked(services: Services, times: int) -> None:
    """Wait until it was looked so many times what is followed."""
    seen = asyncio.Semaphore(0)
    engine = services.sessions.kw["bind"].sync_engine

    def note(*given: object) -> None:
        if "json_array_length" in str(given[2]):
            seen.release()

    event.listen(engine, "before_cursor_execute", note)
    async with asyncio.timeout(PATIENCE):
        for _ in range(times):
            await seen.acquire()
    event.remove(engine, "before_cursor_execute", note)


async def opened(officer: StaffPhone) -> Sent:
    """Open the announcement out of the list of those that are being sent."""
    await officer.write("/thongbao", "Anh/chị chọn việc")
    await officer.press("Đang gửi (1)", "xem tới đâu")
    await officer.press("1. Họp xã", "ở tin dưới đây")
    return await officer.reads("Thông báo 1. Họp xã")


async def test_message_follows_until_it_is_the_report(services: Services, lan: StaffPhone) -> None:
    """One message, edited; the report ends it."""
    await sending(services)
    message = await opened(lan)
    assert "0 %" in message.text
    await go_on(services, 4)
    await lan.reads("▓▓▓▓░░░░░░ 40 %")
    await go_on(services, 10, state="done", finished_at=NOON)
    await lan.reads("đã gửi xong")

    assert "10 đã nhận, 0 đang chờ" in message.text
    assert message.buttons == {"Soạn lại từ tin này": "b:copy-1"}


async def test_what_does_not_change_is_not_edited(
    api: BotApi, services: Services, lan: StaffPhone
) -> None:
    """Many looks, no edit; the next change is shown."""
    await sending(services)
    await opened(lan)
    before = len(api.called("editMessageText"))
    await looked(services, 5)
    await go_on(services, 1)
    await lan.reads("10 %")

    assert len(api.called("editMessageText")) == before + 1


async def test_other_staff_get_a_picture_of_the_moment(
    api: BotApi, services: Services, broadcast: Broadcast, lan: StaffPhone
) -> None:
    """The message of whoever follows it stays the one that changes by itself."""
    await sending(services)
    await opened(lan)
    minh = await linked(api, broadcast.sessions, "Minh", MINH)
    await minh.write("/thongbao", "Anh/chị chọn việc")
    await minh.press("Đang gửi (1)", "xem tới đâu")
    await minh.press("1. Họp xã", "0 %")
    await go_on(services, 5)
    await lan.reads("50 %")
    await minh.press("Xem lại", "50 %")
    await minh.press("Tạm dừng", "Đang tạm dừng")

    assert (await followed(services))[0] == str(LAN)
    assert await lan.reads("Đang tạm dừng")


async def test_message_that_can_not_be_edited_is_replaced(
    api: BotApi, services: Services, lan: StaffPhone
) -> None:
    """A new one below it goes on."""
    await sending(services)
    first = await opened(lan)
    api.fail("editMessageText", 400, description="Bad Request: message can't be edited")
    await go_on(services, 5)
    second = await lan.reads("50 %")
    await go_on(services, 10, state="done")
    await lan.reads("đã gửi xong")

    assert first.id != second.id
    assert "đã gửi xong" in second.text


async def test_restart_goes_on_with_the_same_message(
    api: BotApi, services: Services, broadcast: Broadcast, start: Start
) -> None:
    """What is followed stands in the database."""
    await sending(services)
    async with start():
        lan = await linked(api, broadcast.sessions, AUTHOR, LAN)
        message = await opened(lan)
        await looked(services, 2)
        place = await followed(services)
    await go_on(services, 10, state="done")
    async with start():
        await lan.reads("đã gửi xong")

    assert place == [str(LAN), str(message.id)]
    assert "đã gửi xong" in message.text


async def test_one_that_cant_be_shown_keeps_no_other_from_being_shown(
    services: Services, lan: StaffPhone
) -> None:
    """What is gone in the midst of the list is told in the log alone."""
    await sending(services)
    await sending(services, title="Hội chợ")
    for title in ("1. Họp xã", "2. Hội chợ"):
        await lan.write("/thongbao", "Anh/chị chọn việc")
        await lan.press("Đang gửi (2)", "xem tới đâu")
        await lan.press(title, "ở tin dưới đây")
    await lan.reads("Thông báo 2. Hội chợ")
    async with services.sessions.begin() as session:
        gone = update(Announcement).where(Announcement.id == 1)
        await session.execute(gone.values(state="deleted"))
        mine = update(Delivery).where(Delivery.announcement_id == 2)
        await session.execute(mine.values(state="sent"))

    assert "100 %" in (await lan.reads("100 %")).text


async def test_what_was_reported_is_followed_no_more(services: Services, lan: StaffPhone) -> None:
    """Nothing is looked for until something else is followed."""
    await sending(services)
    await opened(lan)
    await go_on(services, 10, state="done")
    await lan.reads("đã gửi xong")
    await lan.write("/help", "Bà con viết câu hỏi")

    assert await followed(services) == []


async def test_disabled_account_follows_nothing(
    api: BotApi, services: Services, lan: StaffPhone
) -> None:
    """Its message stays as it was."""
    await sending(services)
    message = await opened(lan)
    async with services.sessions.begin() as session:
        await account.disable(session, AUTHOR, NOON, audit.SYSTEM)
    edits = len(api.called("editMessageText"))
    await go_on(services, 5)
    await looked(services, 2)

    assert await followed(services) == []
    assert "0 %" in message.text
    assert len(api.called("editMessageText")) == edits


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"state": "queued"}, "Chờ tới lượt gửi"),
        ({"state": "queued", "starts_at": NOON}, "Hẹn gửi lúc 12:00 ngày 24/11"),
        ({"state": "paused", "reason": "9 trên 50 lần gửi bị lỗi."}, "Đang tạm dừng. 9 trên 50"),
        ({"state": "draft", "reason": "Phải duyệt lại."}, "chưa gửi được"),
        ({"state": "failed", "reason": "Telegram không nhận."}, "đã dừng vì lỗi"),
        ({"state": "cancelled"}, "đã hủy"),
    ],
)
async def test_each_state_is_told(
    services: Services, lan: StaffPhone, fields: dict[str, Any], words: str
) -> None:
    """In words, with its reason."""
    await sending(services)
    await opened(lan)
    await go_on(services, 0, **fields)

    assert words in (await lan.reads(words)).text


async def test_storm_of_refusals_delays_nobody(
    api: BotApi, services: Services, lan: StaffPhone, phone: Phone
) -> None:
    """Told to wait, the message waits; replies do not."""
    await sending(services)
    await opened(lan)
    api.fail("editMessageText", 429, times=1, parameters={"retry_after": 3})
    await go_on(services, 5)
    await api.until(lambda: api.called("editMessageText"))
    async with asyncio.timeout(2):
        assert "05 thành viên" in (await phone.say(ASKED)).text


async def test_network_that_fails_is_tried_again(
    api: BotApi, services: Services, lan: StaffPhone
) -> None:
    """The change is shown as soon as Telegram takes it."""
    await sending(services)
    await opened(lan)
    api.fail("editMessageText", 502, times=3)
    await go_on(services, 5)

    assert await lan.reads("50 %")


class TestQuiet:
    """At night."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        """Return settings with quiet hours over noon."""
        return settings.model_copy(update={"quiet_hours": "11:00-13:30"})

    async def test_quiet_hours_are_told(self, services: Services, lan: StaffPhone) -> None:
        """With the time at which it goes on."""
        await sending(services)

        assert "Giờ yên lặng, gửi tiếp lúc 13:30 ngày 24/11" in (await opened(lan)).text


async def test_message_follows_though_nothing_could_be_said_of_the_press(
    api: BotApi, services: Services, lan: StaffPhone
) -> None:
    """The press is kept though Telegram refused its answer: what it began is followed at once."""
    await sending(services)
    await lan.write("/thongbao", "Anh/chị chọn việc")
    listed = await lan.press("Đang gửi (1)", "xem tới đâu")
    api.fail("editMessageText", 400, description="Bad Request: message can't be edited")
    api.fail("sendMessage", 400)
    api.press(LAN, listed, listed.buttons["1. Họp xã"])

    await lan.reads("Thông báo 1. Họp xã")
