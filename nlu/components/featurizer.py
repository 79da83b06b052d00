"""Gives each message its vectors."""

from __future__ import annotations

from pathlib import Path

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.components.base import KIND, VECTORS, Trained, by_itself
from nlu.core.embedder import open_embedder, training_cache
from nlu.core.views import Views
from nlu.text import read_lexicon


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class ViewsFeaturizer(Trained[Views]):
    """Turns normalised text into vectors, and says in `views` which there are."""

    def train(self, training_data: TrainingData) -> Resource:
        """Learn vocabulary from the examples, spelling from the other texts as well."""
        questions = [m.get(TEXT) for m in by_itself(training_data)]
        others = [m.get(TEXT) for m in training_data.training_examples if not m.get(INTENT)]
        cache = training_cache()
        return self.keep(Views.fit(questions, others, read_lexicon(), open_embedder(), cache))

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the vectors of each message."""
        for message in messages:
            vectors = self.model.of([message.get(TEXT)])
            message.set(VECTORS, vectors)
            message.set("views", vectors.names, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Set the vectors of every example."""
        examples = training_data.intent_examples
        answers = [m for m in examples if m.get(KIND) == "answer"]
        said = [m for m in examples if m.get(KIND) != "answer"]
        vectors = self.model.of([m.get(TEXT) for m in said], training_cache())
        told = self.model.of_answers([m.get(TEXT) for m in answers])
        for message, row in zip((*said, *answers), (*vectors.rows(), *told.rows()), strict=True):
            message.set(VECTORS, row)
        return training_data

    @classmethod
    def read(cls, folder: Path) -> Views:
        """Read the vocabulary and open the embedding, if this machine has it."""
        return Views.load(folder, open_embedder())
