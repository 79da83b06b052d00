"""The web's own side of the desk: limits, erasing, counting, and failing in words."""

from dataclasses import dataclass
from http import HTTPStatus

import structlog

from bot.desk import Desk
from bot.limits import MessageLimit
from bot.web.limits import admits
from bot.web.meters import Meters
from bot.web.refusal import RefusedError, failed
from services.conversation import store
from services.conversation.question import Question
from services.conversation.reply import Reply
from services.conversation.turn import TurnResult
from services.storage.wiping import wipe

ERASE = "/xoa"
"""Written as a message, it erases what the conversation has asked."""

_log = structlog.get_logger()


@dataclass(frozen=True)
class Chat:
    """Answers what comes in over HTTP."""

    desk: Desk
    limit: MessageLimit
    meters: Meters

    async def ask(self, question: Question, address: str) -> TurnResult:
        """Answer a question sent from an address.

        Raises:
            RefusedError: too many messages (429), or something failed that nobody foresaw (500).

        """
        if not admits(self.limit, question.conversation, address):
            raise RefusedError(HTTPStatus.TOO_MANY_REQUESTS, "too_many")
        try:
            answered = await self._answer(question)
        except Exception as error:
            _log.exception("web.turn_failed", reason=type(error).__name__)
            self.meters.failed()
            raise failed() from error
        self.meters.answered(answered)
        return answered

    async def erase(self, conversation: str) -> TurnResult:
        """Erase what was kept of a conversation and say how much that was."""
        async with self.desk.sessions.begin() as session:
            count = await store.erase(session, "web", conversation)
        await wipe(self.desk.sessions)
        library = self.desk.services.current.library
        said = library.phrases.say("erased", count=count)
        return TurnResult(Reply("smalltalk", said, confidence=1.0), library)

    async def _answer(self, question: Question) -> TurnResult:
        if question.text.strip() == ERASE:
            return await self.erase(question.conversation)
        return await self.desk.ask(question)
