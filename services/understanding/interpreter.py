"""Reads a question by the NLU, beside the article that is open, or by its words."""

from dataclasses import dataclass

from services.knowledge.search import LexicalIndex
from services.understanding.client import Nlu
from services.understanding.interpretation import Candidate, Interpretation
from services.understanding.thresholds import Thresholds

_ELLIPTICAL_WORDS = 12
"""A follow-up without a subject is short; a longer message is searched for everywhere."""


@dataclass(frozen=True)
class Interpreter:
    """Two ways to turn a text into an interpretation: the NLU's, and the words' when it fails."""

    nlu: Nlu
    index: LexicalIndex
    thresholds: Thresholds
    patience: float = 1.5
    """Seconds that all readings of a message may take together."""

    async def read(self, text: str, opened: str | None) -> Interpretation:
        """Read `text` beside the open article, if any.

        Raises:
            NluError: there is no usable reading.

        """
        return await self.nlu.parse(text, opened)

    async def read_by_words(self, text: str, opened: str | None) -> Interpretation:
        """Find articles that hold the words of `text`; never fails, but is `degraded`."""
        near = None
        if opened and len(text.split()) <= _ELLIPTICAL_WORDS:
            near = opened.partition("/")[0]
        found = self.index.search(text, near)
        ranking = tuple(Candidate("article", name, share) for name, share in found)
        return Interpretation(ranking, in_scope=1.0 if ranking else 0.0, degraded=True)
