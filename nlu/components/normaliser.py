"""Puts a message's text in order before anything else looks at it."""

from __future__ import annotations

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.components.base import OPENED, Stateless
from nlu.content import intent_of
from nlu.text import BESIDE, normalise


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class TextNormaliser(Stateless):
    """Puts the normalised text in the place of the text; entities point into it."""

    def process(self, messages: list[Message]) -> list[Message]:
        """Normalise the text of each message; no text counts as empty text.

        What stands behind `BESIDE` is the id of the article that is open (docs/adr/0006).
        Slashes in front go, because Rasa would take what follows for the name of an intent.
        """
        for message in messages:
            said, _, opened = str(message.get(TEXT) or "").partition(BESIDE)
            message.set(TEXT, normalise(said).lstrip("/ "), add_to_output=True)
            if opened:
                message.set(OPENED, intent_of(opened))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Normalise every example."""
        self.process(training_data.training_examples)
        return training_data
