"""The web's own side of the runner: limits, erasing, and failing in words."""

from dataclasses import dataclass
from http import HTTPStatus
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from bot.runner import MessageLimit, Runner
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
        if not _admits(self.runner.limit, question.conversation, address):
            raise RefusedError(HTTPStatus.TOO_MANY_REQUESTS, "too_many")
        try:
            answered = await self._answer(question)
        except Exception as error:
            _log.exception("web.turn_failed", reason=type(error).__name__)
            self.runner.services.meters.failed(CHANNEL)
            raise failed() from error
        if answered.failed:
            raise failed()
        return answered

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


def _admits(limit: MessageLimit, conversation: str, address: str) -> bool:
    """Say whether one more message is served; one from loopback always is."""
    parsed = _parse(address)
    if parsed is not None and parsed.is_loopback:
        return True
    return limit.allow(f"web:{conversation}", f"address:{_neighbourhood(parsed) or address}")


def _parse(address: str) -> IPv4Address | IPv6Address | None:
    try:
        parsed = ip_address(address)
    except ValueError:
        return None
    return getattr(parsed, "ipv4_mapped", None) or parsed


def _neighbourhood(address: IPv4Address | IPv6Address | None) -> str:
    """Return what one subscriber is given: an IPv4 address, or 64 bits of IPv6."""
    if isinstance(address, IPv6Address):
        return str(IPv6Network((address, 64), strict=False))
    return str(address or "")
