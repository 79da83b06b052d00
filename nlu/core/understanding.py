"""The whole understanding without Rasa: what the components are in a row, for measuring."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nlu.content import OUT_OF_SCOPE, Example
from nlu.core.gate import Gate
from nlu.core.intents import Guess, IntentModel
from nlu.core.views import Views
from nlu.text import Lexicon, normalise


@dataclass(frozen=True)
class Reading:
    """What was made of a message: every intent, the likeliest first, and the gate."""

    ranking: list[Guess]
    in_scope: float


@dataclass(frozen=True)
class Understanding:
    """Vectors, intents and gate trained together."""

    views: Views
    intents: IntentModel
    gate: Gate

    @classmethod
    def fit(cls, examples: Sequence[Example], lexicon: Lexicon) -> Understanding:
        """Learn from `examples` as the Rasa pipeline does."""
        views = Views.fit([e.text for e in examples], lexicon)
        vectors = [views.of(e.text) for e in examples]
        labels = [e.intent for e in examples]
        return cls(
            views,
            IntentModel.fit(vectors, labels, OUT_OF_SCOPE),
            Gate.fit(vectors, [label != OUT_OF_SCOPE for label in labels]),
        )

    def read(self, text: str) -> Reading:
        """Return the reading of a message as it was typed."""
        vectors = self.views.of(normalise(text))
        return Reading(
            self.intents.rank(self.intents.scores(vectors)), self.gate.in_scope(vectors)
        )
