"""Says whether the content answers a message at all."""

from __future__ import annotations

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.components.base import VECTORS, Trained
from nlu.content import OUT_OF_SCOPE
from nlu.core.gate import Gate


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class ScopeGate(Trained[Gate]):
    """Sets `gate: {"in_scope": p}`, p being the chance that the content answers the message."""

    model_type = Gate

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from articles, small talk and hand-off against messages out of scope."""
        examples = training_data.intent_examples
        inside = [message.get(INTENT) != OUT_OF_SCOPE for message in examples]
        return self.keep(Gate.fit([message.get(VECTORS) for message in examples], inside))

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the gate of each message."""
        for message in messages:
            chance = self.model.in_scope(message.get(VECTORS))
            message.set("gate", {"in_scope": chance}, add_to_output=True)
        return messages
