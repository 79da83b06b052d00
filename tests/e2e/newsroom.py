"""Two who wait for an answer, on the page and in Telegram, and two of staff who give it to them."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.insight.awaiting import PURPOSE
from services.storage.models import Notice
from tests.doubles.beside import Beside
from tests.doubles.bot_api import BotApi
from tests.doubles.console_house import WIDTHS, Console, follow
from tests.doubles.phone import Phone

AWAIT = "Báo tôi khi có câu trả lời"
NOTED = "báo bà con một lần"
TOLD = "Nay đã có câu trả lời"
_KEPT_WITHIN = 90
"""Seconds in which what was asked stands in the console: it is looked for every minute."""
_ANSWERED_WITHIN = 10_000
"""Milliseconds in which the page shows an answer, however much else is asked."""


@dataclass(frozen=True)
class Waiting:
    """Two people who asked what nobody answers, and agreed to hear."""

    page: Page
    phone: Phone
    loop: Beside

    def ask(self, text: str) -> Locator:
        """Ask on the page; return what comes back there."""
        before = self.page.locator(".exchange").count()
        self.page.get_by_label("Câu hỏi của bà con").fill(text)
        self.page.get_by_role("button", name="Gửi").click()
        expect(self.page.locator(".exchange")).to_have_count(before + 1, timeout=_ANSWERED_WITHIN)
        return self.page.locator(".exchange").last

    def agree(self, text: str) -> None:
        """Ask on either channel, and want to hear."""
        asked = self.ask(text)
        asked.get_by_role("button", name=AWAIT).click()
        expect(self.page.get_by_text(NOTED)).to_be_visible(timeout=_ANSWERED_WITHIN)
        answered = self.loop.do(self.phone.say(text))
        self.phone.api.press(self.phone.chat, answered, answered.buttons[AWAIT])
        self._reads(NOTED)

    def hear(self) -> None:
        """Wait until both were told; each once, however often the page is opened."""
        self._reads(TOLD)
        for _ in range(2):
            self.page.reload()
            expect(self.page.get_by_text(TOLD)).to_have_count(1)

    def told_by_phone(self) -> int:
        """Return how often Telegram told it, once the bot has answered something else."""
        self.loop.do(self.phone.say("/help"))
        return sum(TOLD in one.text for one in self.phone.api.chats.sent[self.phone.chat])

    def _reads(self, words: str) -> None:
        sent = self.phone.api.chats.sent
        read = lambda: any(words in one.text for one in sent.get(self.phone.chat, []))  # noqa: E731  # because it is asked again and again
        self.loop.do(self.phone.api.until(read))


@contextmanager
def waiting(console: Console, browser: Browser, api: BotApi, loop: Beside) -> Iterator[Waiting]:
    """Return two people who have asked nothing yet; the page stays open until the block ends."""
    with browser.new_context(viewport=WIDTHS["390"], locale="vi-VN") as context:
        page = context.new_page()
        page.goto(console.url)
        yield Waiting(page, Phone(api), loop)


@dataclass(frozen=True)
class Desk:
    """A writer at a desk, and an approver at a phone."""

    writer: Page
    approver: Page

    def answer(self, asked: str, title: str, changes: Mapping[str, tuple[str, str]]) -> str:
        """Link what was asked to an article, change its fields, ask for approval.

        Return the address of the gap.
        """
        writer = self.writer
        self._find(asked)
        gap = writer.url
        writer.get_by_label("Tìm bài theo tên").fill(title)
        follow(writer, writer.get_by_role("button", name="Tìm"))
        writer.get_by_label(title).check()
        follow(writer, writer.get_by_role("button", name="Gắn bài này vào nhóm"))
        expect(writer.get_by_role("status").first).to_contain_text("thêm 1 câu mẫu vào bản nháp")
        for label, change in changes.items():
            field = writer.get_by_label(label, exact=True)
            field.fill(field.input_value().replace(*change))
        follow(writer, writer.get_by_role("button", name="Lưu bản nháp"))
        follow(writer, writer.get_by_role("link", name="Xem lại và gửi duyệt"))
        writer.get_by_label("Vì sao sửa").fill("Bà con hỏi mà chưa trả lời được")
        follow(writer, writer.get_by_role("button", name="Gửi duyệt đúng bản này"))
        expect(writer.get_by_role("status").first).to_contain_text("Đã gửi")
        return gap

    def approve(self) -> None:
        """Approve what waits, exactly as it is."""
        approver = self.approver
        approver.reload()
        follow(approver, approver.get_by_role("link", name=re.compile("Duyệt bản sửa")))
        follow(approver, approver.get_by_role("button", name=re.compile("Duyệt đúng bản này")))
        expect(approver.get_by_role("status").first).to_contain_text("Đã duyệt")

    def _find(self, asked: str) -> None:
        """Open the gap of a question, once it is there."""
        link = self.writer.get_by_role("link", name=asked)
        for _ in range(_KEPT_WITHIN):
            self.writer.goto(f"{self.writer.url.partition('/console')[0]}/console/gaps")
            if link.count():
                break
            self.writer.wait_for_timeout(1000)
        follow(self.writer, link)


@contextmanager
def desk(console: Console, browser: Browser) -> Iterator[Desk]:
    """Return staff who are signed in; they stay until the block ends."""
    with (
        browser.new_context(viewport=WIDTHS["1280"], locale="vi-VN") as one,
        browser.new_context(viewport=WIDTHS["390"], locale="vi-VN") as other,
    ):
        made = Desk(one.new_page(), other.new_page())
        made.writer.goto(console.link("content", "Lan"))
        made.approver.goto(console.link("approver", "Hùng"))
        yield made


def notices_of(console: Console) -> list[str]:
    """Return what became of each notice of an answer."""

    async def states(session: AsyncSession) -> list[str]:
        mine = select(Notice.state).where(Notice.purpose == PURPOSE)
        return list(await session.scalars(mine))

    return console.keep(states)
