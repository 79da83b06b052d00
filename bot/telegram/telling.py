"""Telling staff: replies, letters exactly as recipients get them, files; to one and to others."""

from dataclasses import dataclass

import structlog
from telegram import InputFile
from telegram.error import TelegramError

from bot.telegram.addressing import Visit
from bot.telegram.carrier import TelegramCarrier
from bot.telegram.delivery import ATTEMPTS
from bot.telegram.serving import Serving
from services.announcements.authoring.answer import Answer, Notice, Paper, Said
from services.announcements.carrier import Sent, reason
from services.announcements.letter import Letter
from services.conversation.reply import Reply

_log = structlog.get_logger()


@dataclass(frozen=True)
class Telling:
    """Sends what a step of staff says."""

    serving: Serving
    carrier: TelegramCarrier

    async def answer(self, visit: Visit, answer: Answer, place: int | None) -> None:
        """Answer who took a step, then tell the others; say whom of them nothing reached.

        The first words stand in the place of the message that was pressed, where there is one.

        Raises:
            TelegramError: Telegram did not take what is said to who took the step.

        """
        await self._say(visit, answer, place)
        missed = [notice.name for notice in answer.notices if not await self._reaches(notice)]
        if missed:
            await self.serving.send(visit, self.serving.sentence("staff_not_reached", names=missed))

    async def _say(self, visit: Visit, answer: Answer, place: int | None) -> None:
        instead = None if answer.beside else place
        for one in answer.said:
            if isinstance(one, Reply) and instead is not None:
                await self.serving.send_instead(visit, instead, one)
            else:
                await self._tell(visit, one)
            instead = None

    async def _reaches(self, notice: Notice) -> bool:
        """Tell another; return whether all of it arrived."""
        visit = Visit(0, notice.chat, int(notice.chat))
        try:
            for one in notice.said:
                if not await self._tell(visit, one):
                    return False
        except TelegramError as error:
            _log.warning("staff.not_told", reason=type(error).__name__)
            return False
        return True

    async def _tell(self, visit: Visit, said: Said) -> bool:
        """Say one thing; return whether it arrived."""
        match said:
            case Reply():
                return await self.serving.send(visit, said)
            case Letter():
                return await self._carry(visit, said)
            case Paper():
                file = InputFile(said.content, filename=said.name)
                await self.carrier.bot.send_document(visit.chat, file, caption=said.caption)
                return True

    async def _carry(self, visit: Visit, letter: Letter) -> bool:
        """Show a letter; say what Telegram has against it."""
        outcome = await self.carrier.show(str(visit.chat), letter, ATTEMPTS)
        if outcome == Sent():
            return True
        why = self.serving.sentence("staff_not_shown", why=reason(outcome))
        return await self.serving.send(visit, why) and False
