"""Telling staff: replies, letters exactly as recipients get them, files; to one and to others."""

from dataclasses import dataclass

import structlog
from telegram import InputFile
from telegram.error import TelegramError

from bot.reaction import Notice, Reaction, ReportFile, Wording
from bot.telegram.addressing import Visit
from bot.telegram.carrier import TelegramCarrier
from bot.telegram.delivery import ATTEMPTS
from bot.telegram.serving import Serving
from services.announcements.carrier import Sent, reason
from services.announcements.letter import Letter
from services.conversation.reply import Reply

_log = structlog.get_logger()


@dataclass(frozen=True)
class Telling:
    """Says what a handler's reaction holds."""

    serving: Serving
    carrier: TelegramCarrier

    async def say(self, visit: Visit, reaction: Reaction) -> None:
        """Answer who took a step, then tell the others; say whom of them nothing reached.

        Raises:
            TelegramError: Telegram did not take what is said to who took the step.

        """
        instead = reaction.instead_of
        for wording in reaction.wordings:
            if isinstance(wording, Reply) and instead is not None:
                await self.serving.send_instead(visit, instead, wording)
            else:
                await self._tell(visit, wording)
            instead = None
        missed = [notice.name for notice in reaction.notices if not await self._reaches(notice)]
        if missed:
            await self.serving.send(visit, self.serving.sentence("staff_not_reached", names=missed))

    async def _reaches(self, notice: Notice) -> bool:
        """Tell another; return whether all of it arrived."""
        visit = Visit(0, notice.chat, int(notice.chat))
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
                return await self.serving.send(visit, wording)
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
        why = self.serving.sentence("staff_not_shown", why=reason(outcome))
        return await self.serving.send(visit, why) and False
