"""Reads a question by the NLU, leaning on the open topic; by its words when the NLU fails."""

import asyncio
import re
from dataclasses import dataclass

import structlog

from services.errors import NluError
from services.knowledge.schema import Topic
from services.knowledge.search import LexicalIndex
from services.understanding.client import Nlu
from services.understanding.interpretation import Candidate, Interpretation
from services.understanding.thresholds import Thresholds

_log = structlog.get_logger()

_ELLIPTICAL_WORDS = 12
"""A follow-up without a subject is short; a longer message stands by itself."""


@dataclass(frozen=True)
class OpenTopic:
    """The topic a conversation is on: a folder of articles and what completes a follow-up."""

    folder: str
    topic: Topic


@dataclass(frozen=True)
class Interpreter:
    """Turns a text into an interpretation, come what may."""

    nlu: Nlu
    index: LexicalIndex
    thresholds: Thresholds
    patience: float = 1.5
    """Seconds that all readings of one message may take together."""

    async def interpret(self, text: str, topic: OpenTopic | None) -> Interpretation:
        """Read `text`; never fails, but may be `degraded`."""
        try:
            async with asyncio.timeout(self.patience):
                return await self._by_nlu(text, topic)
        except (NluError, TimeoutError) as error:
            _log.warning("nlu.failed", kind=type(error).__name__, reason=str(error))
            return self._by_words(text, topic)

    async def _by_nlu(self, text: str, topic: OpenTopic | None) -> Interpretation:
        alone = await self.nlu.parse(text)
        if topic is None or not self._leans(text, alone):
            return alone
        return await self._together(text, alone, topic)

    def _leans(self, text: str, alone: Interpretation) -> bool:
        """Say whether a message needs the open topic to be understood."""
        best = alone.best
        if best is None or len(re.findall(r"\w+", text)) > _ELLIPTICAL_WORDS:
            return False
        if best.kind == "followup":
            return True
        sure = best.confidence >= self.thresholds.answer
        return not (sure and (best.kind != "article" or alone.in_scope >= self.thresholds.gate))

    async def _together(self, text: str, alone: Interpretation, topic: OpenTopic) -> Interpretation:
        """Read topic and message together; kept only when the best reading is on the topic."""
        joined = await self.nlu.parse(f"{text} {topic.topic.label}")
        near = [c for c in joined.articles() if c.name.startswith(f"{topic.folder}/")]
        if not near or joined.best not in near:
            return alone
        return joined

    def _by_words(self, text: str, topic: OpenTopic | None) -> Interpretation:
        found = self.index.search(text)
        if topic is not None and len(text.split()) <= _ELLIPTICAL_WORDS:
            found = self.index.search(f"{text} {topic.topic.label}") or found
        ranking = tuple(Candidate("article", name, share) for name, share in found)
        return Interpretation(ranking, in_scope=1.0 if ranking else 0.0, degraded=True)
