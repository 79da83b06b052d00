"""Reminders in Telegram: asked for by a button, a wish or a link, told in the chat, ended."""

import shutil
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from bot.telegram.application import Telegram
from services.bootstrap import Services, bootstrap
from services.clock import VIETNAM
from services.knowledge.library import Library
from services.people import person
from services.reminders import reminders
from services.settings import ROOT, Settings
from services.storage.models import Reminder
from tests.conftest import BARS, NOON
from tests.doubles.bot_api import BotApi
from tests.doubles.bot_api_chats import Sent
from tests.doubles.phone import ME, Phone
from tests.doubles.telegram import GatedNlu
from tests.doubles.waiting import PATIENCE, until_so

pytestmark = pytest.mark.usefixtures("bot")
CHAT = ("telegram", str(ME))
UPDATE = "15/12/2026 · Cập nhật thông tin hợp tác xã lên …"
END = "Thôi nhắc việc này"


@dataclass
class Clock:
    """The time, which a test sets."""

    at: datetime = NOON

    def now(self) -> datetime:
        """Return it."""
        return self.at

    def set(self, month: int, day: int, hour: int) -> None:
        """Let it be an hour in Việt Nam."""
        self.at = datetime(2026, month, day, hour, 0, 1, tzinfo=VIETNAM)


@pytest.fixture
def content(content: Path) -> Path:
    """Return the small content and deadlines."""
    shutil.copytree(ROOT / "content/deadlines", content / "deadlines")
    shutil.copy(ROOT / "content/reminders.yml", content)
    return content


@pytest.fixture
def clock() -> Clock:
    """Return the time."""
    return Clock()


@pytest.fixture
async def services(
    migrated: Settings, library: Library, nlu: GatedNlu, clock: Clock
) -> AsyncIterator[Services]:
    """Return the product at the time that a test sets."""
    async with bootstrap(
        settings=migrated, library=library, nlu=nlu, thresholds=BARS, now=clock.now
    ) as made:
        yield made


async def held(services: Services) -> Sequence[Reminder]:
    """Return the reminders of the person."""
    async with services.sessions() as session:
        return await reminders.of_chat(session, CHAT)


async def press(phone: Phone, message: Sent, label: str) -> Sent:
    """Press a button, and return the message that comes then."""
    before = len(phone.api.chats.sent[phone.chat])
    phone.api.press(phone.chat, message, message.buttons[label])
    return (await phone.api.replies(phone.chat, before + 1))[before]


async def test_asked_for_under_days_that_were_counted(phone: Phone, services: Services) -> None:
    """Which of them is asked; the clause and when are told; another time may be picked."""
    phone.api.say(ME, "xem các hạn giải thể hợp tác xã từ 30/11/2026")
    await phone.api.replies(ME, 2)
    review = await phone.say("ngày thông qua nghị quyết")
    phone.api.press(ME, review, review.buttons["Xem kết quả"])
    days = next(m for m in await phone.api.replies(ME, 6) if "🔔 Nhắc tôi" in m.buttons)
    which = await press(phone, days, "🔔 Nhắc tôi")
    label = next(iter(which.buttons))
    noted = await press(phone, which, label)
    [row] = await held(services)
    picked = await press(phone, noted, "Nhắc trước 3 ngày")
    [again] = await held(services)
    await press(phone, picked, END)

    assert "nhắc bà con việc nào?" in which.text
    assert "theo Điều" in noted.text
    assert "trước 7 ngày và trước 1 ngày" in noted.text
    assert (row.before, again.before) == ([7, 1], [3])
    assert "trước 3 ngày" in picked.text
    assert not await held(services)


async def test_a_wish_is_told_what_there_is(
    phone: Phone, services: Services, clock: Clock, telegram: Telegram
) -> None:
    """What comes each year is offered; it is told once quiet hours are over, in words of then."""
    wish = await phone.say("nhắc tôi nộp báo cáo 15/12")
    noted = await press(phone, wish, UPDATE)
    before = len(phone.api.chats.sent[ME])
    clock.set(12, 15, 22)
    await telegram.noticing.look()
    clock.set(12, 16, 6)
    told = (await phone.api.replies(ME, before + 1))[-1]
    ended = await press(phone, told, END)

    assert "Trợ lý nhắc được việc có hạn theo luật" in wish.text
    assert "năm nào cũng vậy" in noted.text
    assert told.text.startswith("Nhắc việc: Cập nhật thông tin hợp tác xã")
    assert "thứ Ba, ngày 15/12/2026 (đã qua" in told.text
    assert "Theo Điều 6 khoản 1" in told.text
    assert "không nhắc việc này nữa" in ended.text
    assert not await held(services)


async def test_nothing_is_there_to_list_at_first(phone: Phone, services: Services) -> None:
    """It is said how to ask; what is there is told with a button that ends it all."""
    empty = await phone.say("/nhac")
    for label in list(empty.buttons)[:2]:
        await press(phone, empty, label)
    full = await phone.say("/nhắc")
    await press(phone, full, "Thôi nhắc hết")

    assert "chưa nhờ nhắc việc nào" in empty.text
    assert UPDATE in empty.buttons
    assert full.text.count("15/12/2026") == 2
    assert not await held(services)


async def test_a_link_of_the_page_asks_for_one(phone: Phone, services: Services) -> None:
    """Whoever is new is greeted, told what is kept, and asked as at any start."""
    phone.api.say(ME, "/start nhac_nam_cap-nhat_20261215")
    greeting, noted, _asked = await phone.api.replies(ME, 3)
    again = await phone.say("/start nhac_nam_cap-nhat_20261215")
    other = await phone.say("/start nhac_gi_do")

    assert "trợ lý tự động" in greeting.text
    assert "Đã ghi: nhắc bà con Cập nhật thông tin" in noted.text
    assert "Đã ghi" in again.text
    assert "Đã ghi" not in other.text
    assert len(await held(services)) == 1


async def test_who_blocks_the_bot_is_told_of_nothing_more(
    api: BotApi, phone: Phone, services: Services, clock: Clock
) -> None:
    """Their reminders end with the first that is refused."""
    empty = await phone.say("/nhac")
    for label in list(empty.buttons)[:2]:
        await press(phone, empty, label)
    api.fail("sendMessage", 403, chat=ME, times=9)
    clock.set(12, 8, 9)
    await until_so(lambda: _is_stopped(services), PATIENCE)

    assert not await held(services)


async def _is_stopped(services: Services) -> bool:
    async with services.sessions() as session:
        found = await person.find(session, *CHAT)
    return bool(found and found.stopped)


async def test_an_old_or_foreign_button_leads_nowhere(phone: Phone, services: Services) -> None:
    """A day that is over is told; what is no button of ours is said to be old."""
    shown = await phone.say("/nhac")
    texts = []
    for payload in (
        "e:nam.cap-nhat.20201215",
        "e:nam.khac.20261215",
        "e:nam.18500101",
        "e:a.b.c.d",
    ):
        before = len(phone.api.chats.sent[ME])
        phone.api.press(ME, shown, payload)
        texts.append((await phone.api.replies(ME, before + 1))[before].text)

    over, gone, unread, foreign = texts
    assert "15/12/2020" in over
    assert "không còn ghi hạn này" in gone
    assert "không đọc được" in unread
    assert "Nút này đã cũ" in foreign
    assert not await held(services)
