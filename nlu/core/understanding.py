"""The whole understanding without Rasa: what its components are in a row, for measuring."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nlu.content import Example
from nlu.core.embedder import Cache, Embedder
from nlu.core.gate import Gate
from nlu.core.ranking import Guess, Ranking
from nlu.core.scorer import Scorer, Scores, by_example
from nlu.core.views import Views
from nlu.text import Lexicon, fold, normalise


@dataclass(frozen=True)
class Reading:
    """What was made of a message: every intent, the likeliest first, and the gate."""

    ranking: list[Guess]
    in_scope: float


@dataclass(frozen=True)
class Understanding:
    """Vectors, scores, ranking and gate trained together."""

    views: Views
    scorer: Scorer
    ranking: Ranking
    gate: Gate

    @classmethod
    def fit(
        cls,
        examples: Sequence[Example],
        reading_matter: Sequence[str],
        lexicon: Lexicon,
        embedder: Embedder | None,
        cache: Cache,
    ) -> Understanding:
        """Learn from `examples` as the Rasa pipeline does."""
        texts, labels = [e.text for e in examples], [e.intent for e in examples]
        views = Views.fit(texts, reading_matter, lexicon, embedder, cache)
        groups = [None if e.is_answer else spelling(e.text, lexicon) for e in examples]
        scorer = Scorer.fit(views.of(texts, cache), labels, groups)
        held_out = by_example(scorer.columns, scorer.held_out)
        asked = [at for at, e in enumerate(examples) if not e.is_answer]
        scores, labels = [held_out[at] for at in asked], [labels[at] for at in asked]
        gate = Gate.fit(scores, labels)
        return cls(views, scorer, Ranking.fit(scores, labels, gate), gate)

    def read(self, texts: Sequence[str], cache: Cache | None = None) -> list[Reading]:
        """Return the reading of each message as it was typed."""
        vectors = self.views.of([normalise(text) for text in texts], cache)
        return [self._reading(scores) for scores in self.scorer.scores(vectors)]

    def _reading(self, scores: Scores) -> Reading:
        judgement = self.gate.judge(scores)
        return Reading(self.ranking.rank(scores, judgement), judgement.article)


def spelling(text: str, lexicon: Lexicon) -> str:
    """Return what `text` and its other spellings have in common."""
    return fold(lexicon.expand(text)[0])
