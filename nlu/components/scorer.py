"""Gives each message a score for every intent."""

from __future__ import annotations

from pathlib import Path

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.components.base import SCORES, VECTORS, Trained, by_itself, groups_of
from nlu.core.scorer import Scorer, load_held_out
from nlu.core.views import Vectors


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class ContentScorer(Trained[Scorer]):
    """Compares a message with every example; what it finds, classifier and gate read."""

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the vectors and intents of the examples."""
        examples = by_itself(training_data)
        vectors = Vectors.stack([m.get(VECTORS) for m in examples])
        labels = [m.get(INTENT) for m in examples]
        return self.keep(Scorer.fit(vectors, labels, groups_of(examples)))

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the scores of each message."""
        for message in messages:
            message.set(SCORES, self.model.scores(message.get(VECTORS))[0])
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Set the scores each example gets when it is held out: calibration learns from these.

        What leans was not learned from and is scored as it is.
        """
        with self._storage.read_from(self._resource) as folder:
            scores = load_held_out(folder)
        for message, row in zip(by_itself(training_data), scores, strict=True):
            message.set(SCORES, row)
        leaning = [m for m in training_data.intent_examples if not m.get(SCORES)]
        if leaning:
            vectors = Vectors.stack([m.get(VECTORS) for m in leaning])
            for message, row in zip(leaning, self.model.scores_by_every_view(vectors), strict=True):
                message.set(SCORES, row)
        return training_data

    @classmethod
    def read(cls, folder: Path) -> Scorer:
        """Read the examples' vectors and weights."""
        return Scorer.load(folder)
