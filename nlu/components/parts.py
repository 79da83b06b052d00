"""Says which part of each likely article a message asks for."""

from __future__ import annotations

from pathlib import Path

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.components.base import KIND, OF_ARTICLE, PART, VECTORS, Trained, parts_told
from nlu.content import is_article
from nlu.core.parts import PartScorer, PartText
from nlu.core.views import Vectors

_MOST_READ = 4
"""Articles of a message whose parts are weighed: no more are offered."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class PartReader(Trained[PartScorer]):
    """Sets `parts: {intent: {part: score}}` for the likeliest articles that have parts."""

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from what the parts are asked with, and from their names and texts."""
        asked = [
            (m, PartText(m.get(INTENT), m.get(PART)))
            for m in training_data.intent_examples
            if is_article(m.get(INTENT)) and m.get(KIND) != "answer"
        ]
        told = [(m, PartText(m.get(OF_ARTICLE), m.get(PART))) for m in parts_told(training_data)]
        vectors = Vectors.stack([m.get(VECTORS) for m, _ in (*asked, *told)])
        return self.keep(PartScorer.fit(vectors, [text for _, text in (*asked, *told)]))

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the parts of each message."""
        for message in messages:
            intents = [guess["name"] for guess in message.get(INTENT_RANKING_KEY)[:_MOST_READ]]
            parts = self.model.read(message.get(VECTORS), intents)
            message.set("parts", parts, add_to_output=True)
        return messages

    @classmethod
    def read(cls, folder: Path) -> PartScorer:
        """Read the texts and what each says."""
        return PartScorer.load(folder)
