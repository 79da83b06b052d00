"""Messenger: replies, letters exactly as recipients get them, files; to one and to others."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import structlog
from telegram import InputFile
from telegram.error import TelegramError

from bot.reaction import Reaction, ReportFile, ToStaff, Wording
from bot.telegram.carrier import TelegramCarrier
from bot.telegram.render import Outgoing, Renderer
from bot.telegram.sender import ATTEMPTS, Sender
from bot.telegram.visit import Visit
from services.announcements.carrier import Sent, reason
from services.announcements.letter import Letter
from services.bootstrap import Services
from services.conversation.reply import Reply

_log = structlog.get_logger()


@dataclass(frozen=True)
class Messenger:
    """Says what a handler's reaction holds."""

    services: Services
    sender: Sender
    carrier: TelegramCarrier

    async def say(self, visit: Visit, reaction: Reaction) -> AsyncIterator[Reaction]:
        """Answer whoever acted, then tell the others; say whom of them nothing reached.

        Yields what is left to be said after each part: whoever goes on later repeats none.

        Raises:
            TelegramError: Telegram did not take what is said to whoever acted.

        """
        left = reaction
        while left.wordings or left.notices:
            left = await (self._say_first if left.wordings else self._tell_others)(visit, left)
            yield left

    async def try_once(self, visit: Visit, phrase: str) -> None:
        """Say a phrase, in one attempt.

        Raises:
            TelegramError: Telegram did not take it.

        """
        for message in self._rendered(self.sentence(phrase)):
            await self.sender.try_once(visit, message)

    def sentence(self, phrase: str, **values: object) -> Reply:
        """Return a reply of one phrase."""
        return self.services.composer().sentence(phrase, **values)

    async def _say_first(self, visit: Visit, reaction: Reaction) -> Reaction:
        wording, *rest = reaction.wordings
        if isinstance(wording, Reply):
            messages = self._rendered(wording, reaction.seen)
            await self._reply(visit, messages, reaction.instead_of)
        else:
            await self._tell(visit, wording)
        return replace(reaction, wordings=tuple(rest), instead_of=None)

    async def _tell_others(self, _visit: Visit, reaction: Reaction) -> Reaction:
        missed = [notice.name for notice in reaction.notices if not await self._reaches(notice)]
        told = (self.sentence("staff_not_reached", names=missed),) if missed else ()
        return replace(reaction, wordings=told, notices=())

    async def _reply(self, visit: Visit, messages: list[Outgoing], instead: int | None) -> None:
        if instead is None:
            await self.sender.send(visit, messages)
            return
        first, *rest = messages
        await self.sender.send_instead(visit, instead, first)
        await self.sender.send(visit, rest)

    async def _reaches(self, notice: ToStaff) -> bool:
        """Tell another; return whether all of it arrived."""
        visit = Visit(notice.chat, int(notice.chat))
        try:
            for wording in notice.wordings:
                if not await self._tell(visit, wording):
                    return False
        except TelegramError as error:
            _log.warning("staff.not_told", reason=type(error).__name__)
            return False
        return True

    async def _tell(self, visit: Visit, wording: Wording) -> bool:
        """Say one thing; return whether it arrived."""
        match wording:
            case Reply():
                return await self.sender.send(visit, self._rendered(wording))
            case Letter():
                return await self._carry(visit, wording)
            case ReportFile():
                file = InputFile(wording.content, filename=wording.name)
                await self.carrier.bot.send_document(visit.chat, file, caption=wording.caption)
                return True

    async def _carry(self, visit: Visit, letter: Letter) -> bool:
        """Show a letter; say what Telegram has against it."""
        outcome = await self.carrier.show(str(visit.chat), letter, ATTEMPTS)
        if outcome == Sent():
            return True
        why = self.sentence("staff_not_shown", why=reason(outcome))
        return await self._tell(visit, why) and False

    def _rendered(self, reply: Reply, seen: int = 0) -> list[Outgoing]:
        """Render a reply, or what is left of it when the rest was asked for."""
        renderer = Renderer(self.services.library.phrases)
        return renderer.rest(reply, seen) if seen and reply.again else renderer.first(reply)
