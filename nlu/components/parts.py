"""Says which part of each likely article a message asks for."""

from __future__ import annotations

from pathlib import Path

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.components.base import KIND, PART, VECTORS, Trained
from nlu.content import is_article
from nlu.core.parts import ArticleParts
from nlu.core.views import Vectors


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class PartChooser(Trained[ArticleParts]):
    """Sets `parts: {intent: [id, …]}`, for each intent of the ranking, the likest part first."""

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from all that asks for an article, also what leans on one; from no answer."""
        examples = [
            message
            for message in training_data.intent_examples
            if is_article(message.get(INTENT)) and message.get(KIND) != "answer"
        ]
        vectors = Vectors.stack([message.get(VECTORS) for message in examples])
        intents = [message.get(INTENT) for message in examples]
        parts = [message.get(PART) for message in examples]
        return self.keep(ArticleParts.fit(vectors, intents, parts))

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the parts of each message."""
        for message in messages:
            names = [guess["name"] for guess in message.get(INTENT_RANKING_KEY)]
            ranked = {name: self.model.ranked(message.get(VECTORS), name) for name in names}
            parts = {name: found for name, found in ranked.items() if found}
            message.set("parts", parts, add_to_output=True)
        return messages

    @classmethod
    def read(cls, folder: Path) -> ArticleParts:
        """Read the articles' scorers."""
        return ArticleParts.load(folder)
