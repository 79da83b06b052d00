"""Says whether the content answers a message at all, and which intent it has."""

from __future__ import annotations

from pathlib import Path

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.components.base import JUDGEMENT, SCORES, Trained, asked, set_gate, set_ranking
from nlu.content import Example
from nlu.core.gate import Gate
from nlu.core.misfits import misfits, write_misfits
from nlu.core.ranking import Ranking


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


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class ContentClassifier(Trained[Ranking]):
    """Ranks the intents of the content with calibrated confidence."""

    def train(self, training_data: TrainingData) -> Resource:
        """Calibrate on the examples' held-out scores."""
        examples = asked(training_data)
        scores, labels = [m.get(SCORES) for m in examples], [m.get(INTENT) for m in examples]
        gate = Gate.fit(scores, labels)
        resource = self.keep(Ranking.fit(scores, labels, gate))
        found = misfits(
            self.model, gate, scores, [Example(m.get(TEXT), m.get(INTENT)) for m in examples]
        )
        with self._storage.write_to(resource) as folder:
            write_misfits(found, folder)
        return resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set `intent` and `intent_ranking` of each message."""
        for message in messages:
            set_ranking(message, self.model.rank(message.get(SCORES), message.get(JUDGEMENT)))
        return messages

    @classmethod
    def read(cls, folder: Path) -> Ranking:
        """Read the calibration."""
        return Ranking.load(folder)
