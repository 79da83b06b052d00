"""The web's own side of the runner: limits, erasing, and failing in words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from bot.limits import ASKING, ERASING, MESSAGES, PAST, Quota
from bot.runner import Runner
from bot.web.callers import Caller
from bot.web.refusal import failed, require_room, too_many
from services.bootstrap import Services
from services.clock import day_of
from services.conversation.history import past_turns
from services.conversation.kept import erase_conversation, is_kept
from services.conversation.question import Channel, Question
from services.conversation.reply import Reply
from services.conversation.state import TurnResult
from services.insight import awaiting
from services.knowledge.library import Library
from services.notices import notices
from services.people import forgotten
from services.people.data_file import talk_file, tell_turns
from services.people.person import identity_of
from services.reminders import reminders
from services.reminders.words import Telling
from services.storage.models import Notice, TicketFile, TicketMessage, Turn
from services.tickets import files, reception
from services.tools.forms.telling import told_answers

ERASE, TELL = "/xoa", "/dulieu"
"""Written as messages: erase what the conversation has asked, tell what of it is kept."""
_TELL = re.compile(rf"{TELL}(?:\s+([0-9]{{1,4}}))?", re.IGNORECASE)
"""A number behind it is that of a page."""
CHANNEL: Channel = "web"

_log = structlog.get_logger()


@dataclass(frozen=True)
class WebChat:
    """Answers what comes in over HTTP."""

    runner: Runner
    quota: Quota = field(default_factory=Quota)

    async def ask(self, question: Question, caller: Caller, once: Sequence[str] = ()) -> TurnResult:
        """Answer what somebody has sent; `once` is what the conversation was called before.

        Raises:
            RefusedError: too many messages (429), the database or the disk is away (503), or
                something failed that nobody foresaw (500).

        """
        erases = is_erasure(question)
        self._admit(question.conversation, caller, erases=erases)
        try:
            if erases:
                answered = await self._erased(question.conversation, once)
            elif asked := _TELL.fullmatch(question.text.strip()):
                page = max(int(asked[1] or 1), 1)
                answered = await self._held((*once, question.conversation), page)
            else:
                answered = await self.runner.ask(question)
        except Exception as error:
            _log.exception("web.turn_failed", reason=type(error).__name__)
            self.runner.services.meters.failed(CHANNEL)
            raise failed(error) from error
        if answered.failed:
            raise failed()
        return answered

    async def erase(
        self, conversation: str, caller: Caller, once: Sequence[str] = ()
    ) -> TurnResult:
        """Erase what was kept of a conversation, what it just asked included; say how much.

        Raises:
            RefusedError: too many messages, or too many erasures (429).

        """
        self._admit(conversation, caller, erases=True)
        return await self._erased(conversation, once)

    async def file(self, conversation: str, caller: Caller, once: Sequence[str] = ()) -> str:
        """Return all that is kept of a conversation, as a file.

        Raises:
            RefusedError: too many messages (429).

        """
        self._admit(conversation, caller, erases=False)
        app = self.runner.services
        async with app.sessions() as session:
            names, identity = (*once, conversation), identity_of(app.settings)
            return await talk_file(
                session, identity, names, app.library, app.now(), told_answers=told_answers
            )

    async def past(self, conversation: str, caller: Caller) -> Sequence[Turn]:
        """Return what was asked of late; another's conversation is never asked for by its name.

        Raises:
            RefusedError: this caller, or all together, had too many such pages told (429).

        """
        async with self.runner.services.sessions() as session:
            turns = await past_turns(session, CHANNEL, conversation)
        if turns:
            require_room(self.quota, PAST, caller)
        return turns

    async def notices(self, conversation: str) -> Sequence[Notice]:
        """Take what a conversation is told later than it asked; nobody else is given it then."""
        app, chats = self.runner.services, [(CHANNEL, conversation)]
        async with app.sessions() as session:
            if not await notices.is_waiting(session, chats):
                return ()
        async with app.sessions.begin() as session:
            return await notices.take_for_page(session, chats, app.now())

    async def noticed(self, conversation: str) -> Sequence[Notice]:
        """Return what a conversation was told so, what waits for it included."""
        await self.notices(conversation)
        async with self.runner.services.sessions() as session:
            return await notices.told(session, [(CHANNEL, conversation)])

    async def due(self, conversation: str) -> Sequence[str]:
        """Return the reminders of a conversation whose time has come, each as a line."""
        app = self.runner.services
        async with app.sessions() as session:
            rows = await reminders.shown(session, (CHANNEL, conversation), app.now())
        telling = Telling(app.library)
        return [telling.line(row, day_of(app.now())) for row in rows]

    async def passed_on(self, conversation: str) -> Sequence[TicketMessage]:
        """Return what a conversation wrote to agents, of late."""
        async with self.runner.services.sessions() as session:
            return await reception.written(session, CHANNEL, conversation)

    async def ticket(self, conversation: str) -> Reply | None:
        """Return how the open ticket of a conversation stands, if there is one."""
        app = self.runner.services
        async with app.sessions() as session:
            ticket = await reception.opened(session, CHANNEL, conversation)
        if ticket is None:
            return None
        return reception.Reception(app.settings, app.writer, app.now()).status(ticket, app.library)

    async def file_sent(self, number: int, token: str) -> TicketFile | None:
        """Return a file that an agent sent, to whoever holds what opens it."""
        settings = self.runner.services.settings
        links = files.FileLinks(settings.site, settings.secret_key.get_secret_value())
        async with self.runner.services.sessions() as session:
            return await files.sent(session, links, number, token)

    async def awaits(self, conversation: str) -> bool:
        """Say whether a conversation may be told something soon: its page looks for it then."""
        async with self.runner.services.sessions() as session:
            if await reception.opened(session, CHANNEL, conversation) is not None:
                return True
            asked = await awaiting.is_awaited(session, CHANNEL, conversation)
            return asked or await notices.is_waiting(session, [(CHANNEL, conversation)])

    def _admit(self, conversation: str, caller: Caller, *, erases: bool) -> None:
        """Count a message before anything is done about it; raises `RefusedError`."""
        if caller.own:
            return
        bounds = ASKING.over(*caller.places, near=caller.near)
        bounds[f"conversation:{conversation}"] = MESSAGES
        if erases:
            bounds |= ERASING.over(*caller.places)
        if not self.quota.allow(bounds):
            raise too_many()

    async def _held(self, names: Sequence[str], page: int) -> TurnResult:
        """Tell what is kept of a conversation, in its words; that is no turn itself."""
        app = self.runner.services
        async with app.sessions() as session:
            told = await tell_turns(session, names, app.library, app.settings.keep_days, page)
        return TurnResult(told, app.library)

    async def _erased(self, conversation: str, once: Sequence[str]) -> TurnResult:
        """Erase in the conversation's turn; where nothing was kept, nothing is written."""
        app = self.runner.services
        async with self.runner.turn(CHANNEL, conversation):
            async with app.sessions() as session:
                kept = [
                    key for key in (conversation, *once) if await is_kept(session, CHANNEL, key)
                ]
            if not kept:
                return _told(app.library, 0)
            answered = await self.runner.react(kept, _erase)
        await app.wiper.wipe()
        return answered


def is_erasure(question: Question) -> bool:
    """Say whether a message asks that all of its conversation be erased."""
    return question.text.strip().lower() == ERASE


async def _erase(kept: list[str], session: AsyncSession, app: Services) -> TurnResult:
    count = 0
    for conversation in kept:
        count += await erase_conversation(session, CHANNEL, conversation)
        trace = forgotten.trace_of(identity_of(app.settings), CHANNEL, conversation)
        await forgotten.note(session, app.settings.data_dir, trace, app.now())
    return _told(app.library, count)


def _told(library: Library, count: int) -> TurnResult:
    erased = library.phrases.say("erased", count=count)
    return TurnResult(Reply("smalltalk", erased, confidence=1.0), library)
