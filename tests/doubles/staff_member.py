"""A member of staff at the steps themselves: what they press and write, what comes of it."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial

from sqlalchemy import select

from bot.reaction import Reaction, Wording
from bot.telegram.staff import handlers, menu, writing
from bot.telegram.staff.context import StepContext, context_of, expects
from bot.telegram.staff.questions import Words
from services.announcements.attachments import Attachment
from services.announcements.letter import Letter, filled
from services.announcements.quiet import Quiet
from services.conversation.plain import plain_markdown
from services.conversation.reply import Button, Reply
from services.errors import HtxError
from services.storage.models import Announcement, Authoring
from tests.doubles.scene import Scene

TEXT = "Mời bà con dự lớp OCOP\n\nHọc lúc **8 giờ**, chào {{ name }}."
TOPIC = "Đăng ký sản phẩm OCOP"


@dataclass
class StaffMember:
    """One member of staff, linked to a chat."""

    scene: Scene
    chat: str
    quiet: Quiet = field(default_factory=Quiet)
    reaction: Reaction = field(default_factory=Reaction)
    """What was said last."""

    async def open(self) -> str:
        """Open the menu."""
        return await self._do(menu.menu)

    async def press(self, *labels: str, place: int | None = None) -> str:
        """Press buttons of what was said last, one after the other; return what is said then."""
        reply = ""
        for label in labels:
            [payload] = {b.payload for b in self.buttons if b.label.endswith(label)}
            reply = await self.send(payload, place)
        return reply

    async def press_or_refused(self, label: str) -> None:
        """Press a button of the open question, which may be refused."""
        await self.send("b:goon")
        with suppress(HtxError):
            await self.press(label)

    async def send(self, payload: str, place: int | None = None) -> str:
        """Press a button by what it carries, whether or not it was shown."""
        return await self._do(partial(handlers.do, payload=payload), place)

    async def write(self, *texts: str) -> str:
        """Write messages; return what is said to the last."""
        reply = ""
        for text in texts:
            reply = await self._do(partial(handlers.take, words=Words(text, text)))
        return reply

    async def give(self, file: Attachment, text: str = "", album: str = "") -> str:
        """Send a picture or a file, with words below it."""
        words = Words(text, text)
        return await self._do(partial(writing.attach, file=file, words=words, album=album))

    def told(self, chat: str) -> str:
        """Return what another was told by the last step; empty for nothing."""
        notices = [notice for notice in self.reaction.notices if notice.chat == chat]
        return "\n".join(read(wording) for notice in notices for wording in notice.wordings)

    def take(self, other: "StaffMember") -> None:
        """Have before one what another's last step told them."""
        [notice] = [notice for notice in other.reaction.notices if notice.chat == self.chat]
        self.reaction = Reaction(notice.wordings)

    @property
    def buttons(self) -> list[Button]:
        """The buttons of what was said last."""
        return [button for wording in self.reaction.wordings for button in _buttons(wording)]

    @property
    def labels(self) -> list[str]:
        """The labels of those buttons."""
        return [button.label for button in self.buttons]

    async def row(self) -> Authoring:
        """Return what is kept of what they write."""
        return (await self._context(None)).row

    async def expects(self, *, files: bool = False) -> bool:
        """Say whether the next words, or files, in the chat are taken."""
        session, now = self.scene.session, self.scene.announcer.now()
        return await expects(session, self.chat, now, files=files)

    async def _do(
        self, act: Callable[[StepContext], Awaitable[Reaction]], place: int | None = None
    ) -> str:
        """Do a step, and what it leads to once it is kept; what is refused leaves nothing."""
        async with self.scene.session.begin_nested():
            self.reaction = await act(await self._context(place))
        await self.scene.session.flush()
        if self.reaction.then:
            context = await self._context(place)
            self.reaction = await handlers.do(context, self.reaction.then)
        return "\n".join(map(read, self.reaction.wordings))

    async def _context(self, place: int | None) -> StepContext:
        announcer = replace(self.scene.announcer, quiet=self.quiet, rate=24)
        context = await context_of(self.scene.session, announcer, self.chat, place)
        assert context is not None
        return context


async def linked(scene: Scene, name: str, role: str, chat: str) -> StaffMember:
    """Add an account that is linked to a chat."""
    await scene.hire(name, role, chat)
    return StaffMember(scene, chat)


async def write_all(hand: StaffMember) -> str:
    """Write an announcement with every answer; return what is said of the draft."""
    await hand.open()
    await hand.press("Soạn mới")
    await hand.write(TEXT)
    await hand.press("“Mời bà con dự lớp OCOP”", TOPIC, "Tất cả", "Tiếp tục")
    return await hand.write("31/12/2026", "Liên minh Hợp tác xã", "Chị Lan, 0905 123 456")


async def only(scene: Scene) -> Announcement:
    """Return the one announcement there is."""
    return (await scene.session.scalars(select(Announcement))).one()


def read(wording: Wording) -> str:
    """Return what is read of one thing that is said; of a letter, after a sign."""
    match wording:
        case Reply():
            return plain_markdown(wording.lead)
        case Letter():
            return f"[thư] {filled(plain_markdown(wording.wording), wording.values)}"
        case _:
            return wording.content.decode("utf-8-sig")


def _buttons(wording: Wording) -> tuple[Button, ...]:
    return wording.buttons if isinstance(wording, Reply) else ()
