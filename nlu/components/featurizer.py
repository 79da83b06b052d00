"""Gives each message its vectors."""

from __future__ import annotations

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.components.base import VECTORS, Trained
from nlu.core.views import Views
from nlu.text import read_lexicon


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class ViewsFeaturizer(Trained[Views]):
    """Turns normalised text into the vectors that classifier and gate read."""

    model_type = Views

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the vocabulary of the examples."""
        texts = [message.get(TEXT) for message in training_data.intent_examples]
        return self.keep(Views.fit(texts, read_lexicon()))

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the vectors of each message."""
        for message in messages:
            message.set(VECTORS, self.model.of(message.get(TEXT)))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Set the vectors of every example."""
        self.process(training_data.training_examples)
        return training_data
