"""A phone of staff: a member of staff who writes, presses, and reads what comes back."""

from dataclasses import dataclass, field
from typing import Any

from services.staff import account, audit, link
from services.storage.session import Sessions
from tests.conftest import NOON
from tests.doubles.bot_api import BotApi
from tests.doubles.bot_api_chats import Sent
from tests.doubles.phone import Phone

LAN, MINH = 501, 502
TEXT = "Mời bà con dự lớp OCOP\n\nHọc lúc 8 giờ ngày 27/11."
TOPIC = "Đăng ký sản phẩm OCOP"


@dataclass(frozen=True)
class StaffPhone(Phone):
    """Reads only what came after the last thing they did: new messages, and edited ones."""

    _read: list[object] = field(default_factory=list)
    """What the chat showed before that, message by message."""

    async def write(self, text: str, words: str, **fields: Any) -> Sent:
        """Write, and wait for words that come of it."""
        self._look()
        self.api.say(self.chat, text, **fields)
        return await self.reads(words)

    async def press(self, label: str, words: str) -> Sent:
        """Press the last button of that label, and wait for words that come of it."""
        message = next(sent for sent in reversed(self._sent) if label in sent.buttons)
        self._look()
        self.api.press(self.chat, message, message.buttons[label])
        return await self.reads(words)

    async def begin(self) -> None:
        """Begin a new announcement."""
        await self.write("/thongbao", "Anh/chị chọn việc")
        await self.press("✏️ Soạn mới", "Nội dung")

    async def begin_audience(self) -> Sent:
        """Write an announcement up to the question for whom it is."""
        await self.begin()
        await self.write(TEXT, "Tiêu đề")
        await self.press("“Mời bà con dự lớp OCOP”", "Chủ đề")
        return await self.press(TOPIC, "Gửi cho ai?")

    async def write_all(self) -> None:
        """Write an announcement for everybody, up to its overview."""
        await self.begin_audience()
        await self.press("⬜ Tất cả", "Tất cả người")
        await self.press("Tiếp tục", "Hạn")
        await self.press("Bỏ qua", "Nguồn")
        await self.press("Bỏ qua", "Liên hệ")
        await self.press("Bỏ qua", "Diễn tập")

    async def reads(self, words: str) -> Sent:
        """Wait for words that were not there before; return the last message that holds them."""
        await self.api.until(lambda: self._news(words))
        return self._news(words)[-1]

    def _news(self, words: str) -> list[Sent]:
        old = dict(enumerate(self._read))
        return [
            sent
            for place, sent in enumerate(self._sent)
            if words in sent.text and old.get(place) != _shown(sent)
        ]

    def _look(self) -> None:
        self._read[:] = map(_shown, self._sent)

    @property
    def _sent(self) -> list[Sent]:
        return self.api.chats.sent.get(self.chat, [])


def _shown(sent: Sent) -> object:
    return sent.text, sent.buttons


async def linked(api: BotApi, sessions: Sessions, name: str, chat: int) -> StaffPhone:
    """Link an account by its link."""
    officer, (token, code) = StaffPhone(api, chat), await new_link(sessions, name)
    await officer.write(f"/start staff_{token}", "mã sáu số")
    await officer.write(code, f"với cán bộ {name}")
    return officer


async def new_link(sessions: Sessions, name: str) -> link.NewLink:
    """Return the token of a new link, and the code that is told apart from it."""
    async with sessions.begin() as session:
        return await link.make(session, name, NOON)


async def hire(sessions: Sessions, name: str, role: str) -> None:
    """Add an account."""
    async with sessions.begin() as session:
        await account.add(session, name, role, NOON, audit.SYSTEM)
