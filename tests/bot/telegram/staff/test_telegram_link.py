"""A link of staff alone makes nobody staff: it asks for a code, is told, and ends."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.process import tidy
from services.bootstrap import Services
from services.clock import utc_now
from services.conversation import pending
from services.staff import audit
from services.storage.models import Staff, Turn
from tests.doubles.bot_api import NAME, BotApi
from tests.doubles.broadcast import APPROVER, AUTHOR, Broadcast
from tests.doubles.phone import Phone
from tests.doubles.staff_phone import LAN, StaffPhone, hire, new_link

pytestmark = pytest.mark.usefixtures("bot", "broadcast")
THIEF, GROUP = 666, -100
_OTHER_DIGITS = str.maketrans("0123456789", "1234567890")


async def chat_of(services: Services, name: str) -> str | None:
    """Return the chat that is linked to an account."""
    async with services.sessions() as session:
        return await session.scalar(select(Staff.chat).where(Staff.name == name))


async def test_link_asks_for_the_code(api: BotApi, services: Services) -> None:
    """The administrator tells it apart from the link; until then the phone is a citizen's."""
    token, code = await new_link(services.sessions, AUTHOR)
    phone = Phone(api, LAN)
    asked = (await phone.say(f"/start staff_{token}")).text
    before = await chat_of(services, AUTHOR), (await phone.say("/thongbao")).text
    await phone.say(f"/start staff_{token}")
    linked = (await phone.say(f" {code[:3]} {code[3:]} ")).text

    assert "mã sáu số" in asked
    assert (before[0], "dành cho cán bộ" in before[1]) == (None, True)
    assert f"với cán bộ {AUTHOR}" in linked
    assert await chat_of(services, AUTHOR) == str(LAN)


async def test_wrong_codes_void_the_link(api: BotApi, services: Services) -> None:
    """Five, from however many phones: who guesses on is nobody even with the right one."""
    token, code = await new_link(services.sessions, AUTHOR)
    wrong = code.translate(_OTHER_DIGITS)
    for chat in (THIEF, THIEF + 1):
        await Phone(api, chat).say(f"/start staff_{token}")
    told = [(await Phone(api, THIEF).say(wrong)).text for _ in range(3)]
    told += [(await Phone(api, THIEF + 1).say(wrong)).text for _ in range(2)]
    late = (await Phone(api, THIEF).say(code)).text

    assert "còn 4 lần" in told[0]
    assert "không dùng được" in told[-1]
    assert "Đã nối" not in late
    assert await chat_of(services, AUTHOR) is None
    async with services.sessions() as session:
        did = [row.did for row in await audit.entries(session, f"staff {AUTHOR}")]
    assert did == ["staff.link", "staff.link_void"]


async def test_question_is_no_code(api: BotApi, services: Services) -> None:
    """Whoever asks something meanwhile is answered, and no try is lost."""
    token, code = await new_link(services.sessions, AUTHOR)
    phone = Phone(api, LAN)
    asked = (await phone.say(f"/start staff_{token}")).text
    await phone.say("hợp tác xã cần mấy người")
    linked = (await phone.say(code)).text

    assert "mã sáu số" in asked
    assert "Đã nối" in linked


async def test_link_that_a_group_saw_is_void(api: BotApi, services: Services) -> None:
    """Everybody there could open it."""
    token, _ = await new_link(services.sessions, AUTHOR)
    api.say(GROUP, f"/start@{NAME} staff_{token}", person=LAN)
    await api.replies(GROUP, 1)

    assert "không dùng được" in (await Phone(api, LAN).say(f"/start staff_{token}")).text


async def test_chat_before_and_administrators_are_told(api: BotApi, services: Services) -> None:
    """Whoever lost the account to another phone learns of it at once."""
    await hire(services.sessions, "Tâm", "admin")
    boss, old = StaffPhone(api, 9), StaffPhone(api, LAN)
    for phone, name in ((boss, "Tâm"), (old, AUTHOR)):
        token, code = await new_link(services.sessions, name)
        await phone.write(f"/start staff_{token}", "")
        await phone.write(code, "")
    token, code = await new_link(services.sessions, AUTHOR)
    thief = Phone(api, THIEF)
    await thief.say(f"/start staff_{token}")
    await thief.say(code)

    assert "Telegram khác" in (await old.reads("Telegram khác")).text
    assert AUTHOR in (await boss.reads("Telegram khác")).text
    assert await chat_of(services, AUTHOR) == str(THIEF)


async def test_link_ends_after_ninety_days(services: Services, broadcast: Broadcast) -> None:
    """A phone that was sold or given on is nobody's of staff for ever; that is noted."""
    del broadcast
    long_ago = utc_now() - timedelta(days=91)
    for name, chat, since in ((AUTHOR, "77", long_ago), (APPROVER, "78", utc_now())):
        async with services.sessions.begin() as session:
            staff = await session.scalar(select(Staff).where(Staff.name == name))
            assert staff is not None
            staff.chat, staff.linked_at = chat, since

    await tidy(services)

    assert (await chat_of(services, AUTHOR), await chat_of(services, APPROVER)) == (None, "78")
    async with services.sessions() as session:
        ended = [row.about for row in await audit.entries(session) if row.did == "staff.ended"]
    assert ended == [f"staff {AUTHOR}"]


async def test_usage_after_a_void_link_are_a_question(api: BotApi, services: Services) -> None:
    """Nobody is told for a day that a link is refused who asks about a sum."""
    token, code = await new_link(services.sessions, AUTHOR)
    phone = Phone(api, THIEF)
    await phone.say(f"/start staff_{token}")
    told = [(await phone.say(code.translate(_OTHER_DIGITS))).text for _ in range(5)]
    after = (await phone.say("500000")).text

    assert "không dùng được" in told[-1]
    assert "không dùng được" not in after


async def test_code_is_no_question_whatever_was_offered(api: BotApi, services: Services) -> None:
    """It stands in no log, and links; the offer is chosen from as well."""
    token, code = await new_link(services.sessions, AUTHOR)
    phone = Phone(api, LAN)
    await phone.say(f"/start staff_{token}")
    async with services.sessions.begin() as session:
        offer = {"articles": ["ocop/ho-so"]}
        until = services.now() + timedelta(hours=1)
        await pending.ask(session, ("telegram", str(LAN)), "offer", offer, until)
    linked = (await phone.say(code)).text

    assert "Đã nối" in linked
    async with services.sessions() as session:
        assert code not in list(await session.scalars(select(Turn.text)))
        assert await pending.find(session, ("telegram", str(LAN)), "offer", services.now())
