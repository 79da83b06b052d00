"""The web's own side of the runner: limits, erasing, and failing in words."""

from dataclasses import dataclass, field

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from bot.limits import ASKING, ERASING, MESSAGES, Quota
from bot.runner import Runner
from bot.web.callers import Caller
from bot.web.refusal import failed, too_many
from services.bootstrap import Services
from services.conversation.question import Channel, Question
from services.conversation.reply import Reply
from services.conversation.state import TurnResult, erase_conversation, is_kept
from services.knowledge.library import Library

ERASE = "/xoa"
"""Written as a message, it erases what the conversation has asked."""
CHANNEL: Channel = "web"

_log = structlog.get_logger()


@dataclass(frozen=True)
class WebChat:
    """Answers what comes in over HTTP."""

    runner: Runner
    quota: Quota = field(default_factory=Quota)

    async def ask(self, question: Question, caller: Caller) -> TurnResult:
        """Answer what somebody has sent.

        Raises:
            RefusedError: too many messages (429), or something failed that nobody foresaw (500).

        """
        erases = question.text.strip() == ERASE
        self._admit(question.conversation, caller, erases=erases)
        try:
            if erases:
                answered = await self._erased(question.conversation)
            else:
                answered = await self.runner.ask(question)
        except Exception as error:
            _log.exception("web.turn_failed", reason=type(error).__name__)
            self.runner.services.meters.failed(CHANNEL)
            raise failed() from error
        if answered.failed:
            raise failed()
        return answered

    async def erase(self, conversation: str, caller: Caller) -> TurnResult:
        """Erase what was kept of a conversation, what it just asked included; say how much.

        Raises:
            RefusedError: too many messages, or too many erasures (429).

        """
        self._admit(conversation, caller, erases=True)
        return await self._erased(conversation)

    def _admit(self, conversation: str, caller: Caller, *, erases: bool) -> None:
        """Count a message before anything is done about it; raises `RefusedError`."""
        if caller.own:
            return
        bounds = {f"conversation:{conversation}": MESSAGES} | ASKING.over(*caller.places)
        if erases:
            bounds |= ERASING.over(*caller.places)
        if not self.quota.allow(bounds):
            raise too_many()

    async def _erased(self, conversation: str) -> TurnResult:
        """Erase in the conversation's turn; where nothing was kept, nothing is written."""
        app = self.runner.services
        async with self.runner.turn(CHANNEL, conversation):
            async with app.sessions() as session:
                kept = await is_kept(session, CHANNEL, conversation)
            if not kept:
                return _told(app.library, 0)
            answered = await self.runner.react(conversation, _erase)
        await app.wiper.wipe()
        return answered


async def _erase(conversation: str, session: AsyncSession, app: Services) -> TurnResult:
    return _told(app.library, await erase_conversation(session, CHANNEL, conversation))


def _told(library: Library, count: int) -> TurnResult:
    erased = library.phrases.say("erased", count=count)
    return TurnResult(Reply("smalltalk", erased, confidence=1.0), library)
