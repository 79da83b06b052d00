"""What a message means in its conversation: what was asked before, answered, or offered."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.conversation import manners
from services.conversation.policy import (
    Answer,
    AnswerAll,
    Decision,
    Decline,
    Offer,
    decide,
)
from services.knowledge.library import Library
from services.understanding.interpretation import Interpretation
from services.understanding.interpreter import Interpreter


@dataclass(frozen=True)
class Standing:
    """Where a conversation stands when a message comes."""

    opened: str | None = None
    """The article that answered last, or the first of those offered last."""
    offered: tuple[str, ...] = ()
    """What was asked back last time, nothing else having been said since."""
    before: str = ""
    """The question before."""


@dataclass(frozen=True)
class Heard:
    """What to do, and whether it was read by words alone."""

    decision: Decision
    degraded: bool = False


@dataclass(frozen=True)
class Listener:
    """Reads messages as one edition does; `library` holds what may be served today."""

    interpreter: Interpreter
    library: Library

    async def hear(self, text: str, standing: Standing) -> Heard:
        """Say what a message calls for."""
        ways = self.library.manners
        chosen = manners.choice(ways, text, len(standing.offered))
        if chosen is not None:
            return Heard(Answer(standing.offered[chosen], 1.0))
        parts = manners.questions(ways, text)
        if len(parts) > 1 and (both := await self._all(parts, standing)):
            return both
        reading = await self._read(text, standing)
        return Heard(self._settle(self._decide(reading), standing), reading.degraded)

    async def _all(self, parts: Sequence[str], standing: Standing) -> Heard | None:
        """Return the answers to all questions of a message, if each has a sure one of its own."""
        opened, answers = standing.opened, list[Answer]()
        for part in parts:
            decision = self._decide(await self.interpreter.interpret(part, opened))
            if not isinstance(decision, Answer):
                return None
            opened = decision.article
            if opened not in [known.article for known in answers]:
                answers.append(decision)
        if len(answers) == 1:
            return Heard(answers[0])
        least = min(answer.confidence for answer in answers)
        return Heard(AnswerAll(tuple(answer.article for answer in answers), least))

    async def _read(self, text: str, standing: Standing) -> Interpretation:
        """Read a message; one that turns the question before is read together with it too."""
        ways = self.library.manners
        meant = manners.correction(ways, text)
        named = meant or manners.change(ways, text)
        reading = await self.interpreter.interpret(meant or text, standing.opened)
        if named is None or not standing.before:
            return reading
        joined = await self.interpreter.interpret(f"{standing.before} {named}", None)
        return max(reading, joined, key=self._sureness)

    def _sureness(self, reading: Interpretation) -> float:
        decision = self._decide(reading)
        return decision.confidence if isinstance(decision, Answer | Offer) else 0.0

    def _decide(self, reading: Interpretation) -> Decision:
        return decide(reading, self.interpreter.thresholds, self.library.articles)

    def _settle(self, decision: Decision, standing: Standing) -> Decision:
        """Ask back once only: then take what was offered both times, or say it is not known."""
        if not isinstance(decision, Offer) or not standing.offered:
            return decision
        twice = [name for name in decision.articles if name in standing.offered]
        if twice:
            return Answer(twice[0], decision.confidence)
        return Decline(decision.confidence, decision.articles[0])
