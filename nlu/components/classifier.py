"""Says which intent a message has, and whether the content answers it at all."""

from __future__ import annotations

from pathlib import Path

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.components.base import KIND, OPENED, VECTORS, Trained
from nlu.content import Example
from nlu.core.held_out import RANKING_LENGTH
from nlu.core.understanding import MeaningModel
from nlu.core.views import Vectors
from nlu.text import read_lexicon


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class ContentClassifier(Trained[MeaningModel]):
    """Ranks the intents with calibrated confidence, and sets the gate.

    `gate: {"in_scope": p, "opened": …}`, p being the chance that some article answers the message,
    and whether it was read beside the open article.
    """

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the vectors and intents of the examples."""
        messages = training_data.intent_examples
        vectors = Vectors.stack([m.get(VECTORS) for m in messages])
        examples = [Example(m.get(TEXT), m.get(INTENT), m.get(KIND)) for m in messages]
        return self.keep(MeaningModel.fit(examples, vectors, read_lexicon()))

    def process(self, messages: list[Message]) -> list[Message]:
        """Set `intent`, `intent_ranking` and `gate` of each message."""
        for message in messages:
            [reading] = self.model.read(message.get(VECTORS), [message.get(OPENED)])
            ranking = [
                {"name": guess.intent, "confidence": guess.confidence}
                for guess in reading.ranking[:RANKING_LENGTH]
            ]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
            gate = {"in_scope": reading.in_scope, "opened": reading.opened}
            message.set("gate", gate, add_to_output=True)
        return messages

    @classmethod
    def read(cls, folder: Path) -> MeaningModel:
        """Read what was learned."""
        return MeaningModel.load(folder)
