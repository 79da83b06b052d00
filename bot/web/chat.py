"""The web's own side of the runner: limits, erasing, and failing in words."""

from dataclasses import dataclass
from http import HTTPStatus

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from bot.runner import Runner
from bot.web.limits import admits
from bot.web.refusal import RefusedError, failed
from services.bootstrap import Services
from services.conversation.question import Channel, Question
from services.conversation.reply import Reply
from services.conversation.state import TurnResult, erase_conversation
from services.storage.session import wipe

ERASE = "/xoa"
"""Written as a message, it erases what the conversation has asked."""
CHANNEL: Channel = "web"

_log = structlog.get_logger()


@dataclass(frozen=True)
class WebChat:
    """Answers what comes in over HTTP."""

    runner: Runner

    async def ask(self, question: Question, address: str) -> TurnResult:
        """Answer a question sent from an address.

        Raises:
            RefusedError: too many messages (429), or something failed that nobody foresaw (500).

        """
        if not admits(self.runner.limit, question.conversation, address):
            raise RefusedError(HTTPStatus.TOO_MANY_REQUESTS, "too_many")
        try:
            return await self._answer(question)
        except Exception as error:
            _log.exception("web.turn_failed", reason=type(error).__name__)
            self.runner.services.meters.failed(CHANNEL)
            raise failed() from error

    async def erase(self, conversation: str) -> TurnResult:
        """Erase what was kept of a conversation, what it just asked included; say how much."""
        async with self.runner.turn(CHANNEL, conversation):
            answered = await self.runner.react(conversation, _erase)
        await wipe(self.runner.services.sessions)
        return answered

    async def _answer(self, question: Question) -> TurnResult:
        if question.text.strip() == ERASE:
            return await self.erase(question.conversation)
        return await self.runner.ask(question)


async def _erase(conversation: str, session: AsyncSession, app: Services) -> TurnResult:
    count = await erase_conversation(session, CHANNEL, conversation)
    library = app.library
    erased = library.phrases.say("erased", count=count)
    return TurnResult(Reply("smalltalk", erased, confidence=1.0), library)
