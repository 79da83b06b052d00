"""Puts the text of each message in order and gives it its vectors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.components.base import (
    DISTRESS,
    KIND,
    OF_ARTICLE,
    OPENED,
    VECTORS,
    Trained,
    by_itself,
    parts_told,
)
from nlu.content import intent_of
from nlu.core.embedder import Embedder, training_cache
from nlu.core.views import Views
from nlu.text import OPEN_ARTICLE, normalise, read_lexicon


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class TextNormaliser(GraphComponent):
    """Puts the normalised text in the place of the text, before anything else looks at it."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],  # noqa: ARG003  # Rasa passes by name
        model_storage: ModelStorage,  # noqa: ARG003  # Rasa passes by name
        resource: Resource,  # noqa: ARG003  # Rasa passes by name
        execution_context: ExecutionContext,  # noqa: ARG003  # Rasa passes by name
    ) -> TextNormaliser:
        """Return the component; it has nothing to configure, to learn or to store."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Normalise the text of each message; no text counts as empty text.

        What stands behind `OPEN_ARTICLE` is the id of the article that is open (docs/adr/0006).
        Slashes in front go, because Rasa would take what follows for the name of an intent.
        """
        for message in messages:
            text, _, opened = str(message.get(TEXT) or "").partition(OPEN_ARTICLE)
            message.set(TEXT, normalise(text).lstrip("/ "), add_to_output=True)
            if opened:
                message.set(OPENED, intent_of(opened))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Normalise every example."""
        self.process(training_data.training_examples)
        return training_data


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class ViewsFeaturizer(Trained[Views]):
    """Turns normalised text into vectors."""

    def train(self, training_data: TrainingData) -> Resource:
        """Learn vocabulary from the examples, spelling from the other texts as well.

        Nothing is learned here from examples of distress: they change no reading of a question.
        """
        questions = [m.get(TEXT) for m in by_itself(training_data)]
        others = [
            m.get(TEXT)
            for m in training_data.training_examples
            if not (m.get(INTENT) or m.get(OF_ARTICLE) or m.get(DISTRESS))
        ]
        cache = training_cache()
        return self.keep(Views.fit(questions, others, read_lexicon(), Embedder(), cache))

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the vectors of each message."""
        for message in messages:
            message.set(VECTORS, self.model.of([message.get(TEXT)]))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Set the vectors of every example and of every part's text."""
        learned = [
            *training_data.intent_examples,
            *parts_told(training_data),
            *(m for m in training_data.training_examples if m.get(DISTRESS)),
        ]
        answers = [m.get(KIND) == "answer" for m in learned]
        vectors = self.model.of([m.get(TEXT) for m in learned], training_cache(), answers)
        for message, row in zip(learned, vectors.rows(), strict=True):
            message.set(VECTORS, row)
        return training_data

    @classmethod
    def read(cls, folder: Path) -> Views:
        """Read the vocabulary and open the embedding."""
        return Views.load(folder, Embedder())
