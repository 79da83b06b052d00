"""Reads a question by the NLU, beside the article that is open; by its words when the NLU fails."""

import asyncio
from dataclasses import dataclass

import structlog

from services.errors import NluError
from services.knowledge.search import LexicalIndex
from services.understanding.client import Nlu
from services.understanding.interpretation import Candidate, Interpretation
from services.understanding.thresholds import Thresholds

_log = structlog.get_logger()

_ELLIPTICAL_WORDS = 12
"""A follow-up without a subject is short; a longer message is searched for everywhere."""


@dataclass(frozen=True)
class Interpreter:
    """Turns a text into an interpretation, come what may."""

    nlu: Nlu
    index: LexicalIndex
    thresholds: Thresholds
    patience: float = 1.5
    """Seconds that the reading of a message may take."""

    async def interpret(self, text: str, opened: str | None) -> Interpretation:
        """Read `text` beside the open article, if any; never fails, but may be `degraded`."""
        try:
            async with asyncio.timeout(self.patience):
                return await self.nlu.parse(text, opened)
        except (NluError, TimeoutError) as error:
            _log.warning("nlu.failed", kind=type(error).__name__, reason=str(error))
            return self._by_words(text, opened)

    def _by_words(self, text: str, opened: str | None) -> Interpretation:
        found = self.index.search(text)
        if opened and len(text.split()) <= _ELLIPTICAL_WORDS:
            found = self.index.search(text, topic=opened.partition("/")[0]) or found
        ranking = tuple(Candidate("article", name, share) for name, share in found)
        return Interpretation(ranking, in_scope=1.0 if ranking else 0.0, degraded=True)
