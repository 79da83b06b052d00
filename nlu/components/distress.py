"""Says whether a message tells of distress."""

from __future__ import annotations

from pathlib import Path

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.components.base import DISTRESS, KIND, VECTORS, Trained
from nlu.content import DistressExample
from nlu.core.distress import MOST_ORDINARY, DistressModel
from nlu.core.views import Vectors
from nlu.runtime import say


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class DistressListener(Trained[DistressModel]):
    """Sets `distress: {"level": none … clear, "dangers": [...], "near": …}`."""

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the examples of distress, and from all questions as what is none."""
        messages = [m for m in training_data.training_examples if m.get(DISTRESS)]
        examples = [DistressExample(**m.get(DISTRESS)) for m in messages]
        known = {example.text for example in examples}
        asked = [m for m in training_data.intent_examples if m.get(KIND) != "answer"]
        others = [m for m in asked if m.get(TEXT) not in known]
        others = others[:: len(others) // MOST_ORDINARY + 1]
        rows = [m.get(VECTORS) for m in (*messages, *others)]
        model = DistressModel.fit(examples, Vectors.stack(rows))
        for level, shares in model.left_out.items():
            heard = "{:.3f} heard, {:.3f} as clear".format(*shares)
            say(f"distress, of wordings left out of the learning, {level}: {heard}")
        return self.keep(model)

    def process(self, messages: list[Message]) -> list[Message]:
        """Set what is heard in each message."""
        for message in messages:
            alarm = self.model.hear(message.get(VECTORS))
            heard = {"level": alarm.level, "dangers": list(alarm.dangers), "near": alarm.near}
            message.set(DISTRESS, heard, add_to_output=True)
        return messages

    @classmethod
    def read(cls, folder: Path) -> DistressModel:
        """Read vocabulary, weights and bars."""
        return DistressModel.load(folder)
