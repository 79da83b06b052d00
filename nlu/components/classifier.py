"""Says which intent a message has."""

from __future__ import annotations

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.components.base import VECTORS, Trained
from nlu.content import OUT_OF_SCOPE
from nlu.core.intents import Guess, IntentModel

RANKING_LENGTH = 6


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class ContentClassifier(Trained[IntentModel]):
    """Ranks the intents of the content with calibrated confidence."""

    model_type = IntentModel

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the intents of the examples; those out of scope are of none."""
        examples = training_data.intent_examples
        labels = [message.get(INTENT) for message in examples]
        vectors = [message.get(VECTORS) for message in examples]
        return self.keep(IntentModel.fit(vectors, labels, OUT_OF_SCOPE))

    def process(self, messages: list[Message]) -> list[Message]:
        """Set `intent` and `intent_ranking` of each message."""
        for message in messages:
            guesses = self.model.rank(self.model.scores(message.get(VECTORS)))
            ranking = [_as_rasa(guess) for guess in guesses[:RANKING_LENGTH]]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages


def _as_rasa(guess: Guess) -> dict[str, str | float]:
    return {"name": guess.intent, "confidence": guess.confidence}
