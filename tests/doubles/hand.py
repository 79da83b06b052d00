"""A member of staff at the steps themselves: what they press and write, what comes of it."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

from sqlalchemy import select

from services.announcements.attachment import Attachment
from services.announcements.authoring import desk, menu, writing
from services.announcements.authoring import duty as duties
from services.announcements.authoring.answer import Answer, Said, View
from services.announcements.authoring.duty import Duty
from services.announcements.authoring.step import Words
from services.announcements.letter import Letter
from services.announcements.quiet import Quiet
from services.announcements.wording import filled
from services.conversation.plain import plain_markdown
from services.conversation.reply import Button, Reply
from services.errors import HtxError
from services.storage.models import Announcement, Authoring
from tests.doubles.office import Office

TEXT = "Mời bà con dự lớp OCOP\n\nHọc lúc **8 giờ**, chào {{ name }}."
TOPIC = "Đăng ký sản phẩm OCOP"


@dataclass
class Hand:
    """One member of staff, linked to a chat."""

    office: Office
    chat: str
    quiet: Quiet = field(default_factory=Quiet)
    answer: Answer = field(default_factory=Answer)
    """What was said last."""

    async def open(self) -> str:
        """Open the menu."""
        return await self._do(menu.menu)

    async def press(self, *labels: str, place: str = "") -> str:
        """Press buttons of what was said last, one after the other; return what is said then."""
        said = ""
        for label in labels:
            [payload] = {b.payload for b in self.buttons if b.label.endswith(label)}
            said = await self.send(payload, place)
        return said

    async def press_or_refused(self, label: str) -> None:
        """Press a button of the open question, which may be refused."""
        await self.send("b:goon")
        with suppress(HtxError):
            await self.press(label)

    async def send(self, payload: str, place: str = "") -> str:
        """Press a button by what it carries, whether or not it was shown."""
        return await self._do(partial(desk.press, payload=payload), place)

    async def write(self, *texts: str) -> str:
        """Write messages; return what is said to the last."""
        said = ""
        for text in texts:
            said = await self._do(partial(desk.write, words=Words(text, text)))
        return said

    async def give(self, file: Attachment, text: str = "", album: str = "") -> str:
        """Send a picture or a file, with words below it."""
        words = Words(text, text)
        return await self._do(partial(writing.attach, file=file, words=words, album=album))

    def told(self, chat: str) -> str:
        """Return what another was told by the last step; empty for nothing."""
        notices = [notice for notice in self.answer.notices if notice.chat == chat]
        return "\n".join(told(said) for notice in notices for said in notice.said)

    def take(self, other: "Hand") -> None:
        """Have before one what another's last step told them."""
        [notice] = [notice for notice in other.answer.notices if notice.chat == self.chat]
        self.answer = Answer(notice.said)

    @property
    def buttons(self) -> list[Button]:
        """The buttons of what was said last."""
        return [button for said in self.answer.said for button in _buttons(said)]

    @property
    def labels(self) -> list[str]:
        """The labels of those buttons."""
        return [button.label for button in self.buttons]

    async def row(self) -> Authoring:
        """Return what is kept of what they write."""
        duty = await self._duty("")
        return duty.row

    async def expects(self, *, files: bool = False) -> bool:
        """Say whether the next words, or files, in the chat are taken."""
        return await self._office.expects(self.office.session, self.chat, files=files)

    async def _do(self, act: Callable[[Duty], Awaitable[View]], place: str = "") -> str:
        async with self.office.session.begin_nested():
            view: View = await act(await self._duty(place))
        await self.office.session.flush()
        self.answer = await view(await self._duty(place))
        return "\n".join(map(told, self.answer.said))

    async def _duty(self, place: str) -> Duty:
        duty = await self._office.duty(self.office.session, self.chat, place)
        assert duty is not None
        return duty

    @property
    def _office(self) -> duties.Office:
        return duties.Office(self.office.announcer, 24, self.quiet)


async def linked(office: Office, name: str, role: str, chat: str) -> Hand:
    """Add an account that is linked to a chat."""
    await office.hire(name, role, chat)
    return Hand(office, chat)


async def write_all(hand: Hand) -> str:
    """Write an announcement with every answer; return what is said of the draft."""
    await hand.open()
    await hand.press("Soạn mới")
    await hand.write(TEXT)
    await hand.press("“Mời bà con dự lớp OCOP”", TOPIC, "Tất cả", "Tiếp tục")
    return await hand.write("31/12/2026", "Liên minh Hợp tác xã")


async def only(office: Office) -> Announcement:
    """Return the one announcement there is."""
    return (await office.session.scalars(select(Announcement))).one()


def told(said: Said) -> str:
    """Return what is read of one thing that is said; of a letter, after a sign."""
    match said:
        case Reply():
            return plain_markdown(said.lead)
        case Letter():
            return f"[thư] {filled(plain_markdown(said.wording), said.values)}"
        case _:
            return said.content.decode("utf-8-sig")


def _buttons(said: Said) -> tuple[Button, ...]:
    return said.buttons if isinstance(said, Reply) else ()
