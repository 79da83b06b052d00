"""What a message means in its conversation: what was asked before, answered, or offered."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import structlog

from services.conversation import cues
from services.conversation.policy import (
    AnswerArticle,
    AnswerSeveral,
    Decision,
    Decline,
    OfferArticles,
    decide,
)
from services.conversation.state import ConversationState
from services.errors import NluError
from services.knowledge.library import Library
from services.understanding.interpretation import Interpretation, Interpreter

_log = structlog.get_logger()

Read = Callable[[str, str | None], Awaitable[Interpretation]]
"""Reads a text beside the open article, if any."""


@dataclass(frozen=True)
class Understood:
    """What to do, and whether it was read by words alone."""

    decision: Decision
    degraded: bool = False


async def understand(
    text: str, state: ConversationState, interpreter: Interpreter, library: Library
) -> Understood:
    """Say what a message calls for; `library` holds what may be served today.

    All readings of the message share one patience. Where one of them fails or the time is up the
    whole message is read by its words: half of it understood would be another message.
    """
    chosen = cues.choice(library.cues, text, len(state.offered))
    if chosen is not None:
        return Understood(AnswerArticle(state.offered[chosen], 1.0))
    message = _Utterance(text, state, interpreter, library)
    try:
        async with asyncio.timeout(interpreter.patience):
            return Understood(await message.meaning(interpreter.read))
    except (NluError, TimeoutError) as error:
        _log.warning("nlu.failed", kind=type(error).__name__, reason=str(error))
        return Understood(await message.meaning(interpreter.read_by_words), degraded=True)


@dataclass(frozen=True)
class _Utterance:
    """One message in its conversation."""

    text: str
    state: ConversationState
    interpreter: Interpreter
    library: Library

    async def meaning(self, read: Read) -> Decision:
        """Read each question of it by itself where all are sure, else the message as a whole."""
        parts = cues.questions(self.library.cues, self.text)
        if len(parts) > 1 and (several := await self._several(parts, read)):
            return several
        return self._settle(self._decide(await self._whole(read)))

    async def _several(self, parts: Sequence[str], read: Read) -> Decision | None:
        """Return the answers to all questions of a message, if each has a sure one of its own.

        A short one without may be no question at all: “…, được không?”.
        """
        opened, sure = self._open_article(), dict[str, float]()
        for part in parts:
            decision = self._decide(await read(part, opened))
            if not isinstance(decision, AnswerArticle):
                if sure and cues.is_short(part):
                    continue
                return None
            opened = decision.article
            sure.setdefault(decision.article, decision.confidence)
        least = min(sure.values())
        names = tuple(sure)
        return AnswerSeveral(names, least) if names[1:] else AnswerArticle(names[0], least)

    async def _whole(self, read: Read) -> Interpretation:
        """Read a message; one that turns the question before is read together with it too."""
        meant = cues.correction(self.library.cues, self.text)
        named = meant or cues.change(self.library.cues, self.text)
        reading = await read(meant or self.text, self._open_article())
        if named is None or not self.state.question:
            return reading
        joined = await read(f"{self.state.question} {named}", None)
        return max(reading, joined, key=self._sureness)

    def _open_article(self) -> str | None:
        """Return what the message is read beside; nothing that went away is."""
        opened = self.state.open_article
        return opened if opened in self.library.articles else None

    def _sureness(self, reading: Interpretation) -> float:
        decision = self._decide(reading)
        known = isinstance(decision, AnswerArticle | OfferArticles)
        return decision.confidence if known else 0.0

    def _decide(self, reading: Interpretation) -> Decision:
        return decide(reading, self.interpreter.thresholds, self.library.articles)

    def _settle(self, decision: Decision) -> Decision:
        """Ask back once only: then take what was offered both times, or say it is not known."""
        if not isinstance(decision, OfferArticles) or not self.state.offered:
            return decision
        twice = [name for name in decision.articles if name in self.state.offered]
        if twice:
            return AnswerArticle(twice[0], decision.confidence)
        return Decline(decision.confidence, decision.articles[0])
