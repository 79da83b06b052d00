"""Says whether the content answers a message at all."""

from __future__ import annotations

from pathlib import Path

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.components.base import JUDGEMENT, SCORES, Trained, asked, set_gate
from nlu.core.gate import Gate


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class ScopeGate(Trained[Gate]):
    """Sets `gate: {"in_scope": p}`, p being the chance that some article answers the message."""

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the held-out scores of articles and of what is out of scope."""
        examples = asked(training_data)
        scores, labels = [m.get(SCORES) for m in examples], [m.get(INTENT) for m in examples]
        return self.keep(Gate.fit(scores, labels))

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the gate of each message."""
        for message in messages:
            judgement = self.model.judge(message.get(SCORES))
            message.set(JUDGEMENT, judgement)
            set_gate(message, judgement)
        return messages

    @classmethod
    def read(cls, folder: Path) -> Gate:
        """Read the curves."""
        return Gate.load(folder)
