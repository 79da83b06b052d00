"""Reads a message together with the article that is open."""

from __future__ import annotations

from pathlib import Path

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.components.base import (
    JUDGEMENT,
    KIND,
    OPENED,
    SCORES,
    VECTORS,
    Trained,
    asked,
    groups_of,
    set_gate,
    set_ranking,
)
from nlu.core.context import Context
from nlu.core.gate import Gate
from nlu.core.pairs import Material
from nlu.core.views import Vectors


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class OpenArticle(Trained[Context]):
    """Ranks the intents anew, and judges anew, when an article is open."""

    def train(self, training_data: TrainingData) -> Resource:
        """Learn how people ask on, from all examples paired with articles that may be open."""
        examples = training_data.intent_examples
        material = Material(
            vectors=Vectors.stack([m.get(VECTORS) for m in examples]),
            labels=[m.get(INTENT) for m in examples],
            groups=groups_of(examples),
            scores=[m.get(SCORES) for m in examples],
            leans=[m.get(KIND) == "leaning" for m in examples],
        )
        own = asked(training_data)
        gate = Gate.fit([m.get(SCORES) for m in own], [m.get(INTENT) for m in own])
        return self.keep(Context.fit(material, gate))

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent, ranking and gate of each message that came with an open article."""
        for message in messages:
            opened = message.get(OPENED)
            if opened and self.model.knows(opened):
                self._read(message, opened)
        return messages

    @classmethod
    def read(cls, folder: Path) -> Context:
        """Read the topics' scorers and the curves."""
        return Context.load(folder)

    def _read(self, message: Message, opened: str) -> None:
        vectors, scores, alone = (message.get(key) for key in (VECTORS, SCORES, JUDGEMENT))
        ranking, judgement = self.model.read(vectors, scores, alone, opened)
        set_ranking(message, ranking)
        set_gate(message, judgement, opened=True)
