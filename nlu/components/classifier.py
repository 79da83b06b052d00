"""Says which intent a message has."""

from __future__ import annotations

from pathlib import Path

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.components.base import IS_ANSWER, JUDGEMENT, SCORES, Trained
from nlu.content import Example
from nlu.core.gate import Gate
from nlu.core.held import RANKING_LENGTH
from nlu.core.misfits import misfits, write_misfits
from nlu.core.ranking import Guess, Ranking


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class ContentClassifier(Trained[Ranking]):
    """Ranks the intents of the content with calibrated confidence."""

    def train(self, training_data: TrainingData) -> Resource:
        """Calibrate on the examples' held-out scores."""
        examples = [m for m in training_data.intent_examples if not m.get(IS_ANSWER)]
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
            guesses = self.model.rank(message.get(SCORES), message.get(JUDGEMENT))
            ranking = [_as_rasa(guess) for guess in guesses[:RANKING_LENGTH]]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    @classmethod
    def read(cls, folder: Path) -> Ranking:
        """Read the calibration."""
        return Ranking.load(folder)


def _as_rasa(guess: Guess) -> dict[str, str | float]:
    return {"name": guess.intent, "confidence": guess.confidence}
