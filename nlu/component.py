"""The understanding as a component of Rasa's graph; the work is in nlu/core."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.content import Content, intent_of
from nlu.core.embedder import Embedder, training_cache
from nlu.core.held_out import RANKING_LENGTH
from nlu.core.thresholds import MOST_OFFERED
from nlu.core.understanding import Understanding
from nlu.runtime import say
from nlu.text import OPEN_ARTICLE, normalise, read_lexicon

LEARNED = "learned"
"""Key of what a message of the training data is: a field of Content, and items that are there."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class MessageReader(GraphComponent):
    """Says of each message what it asks for, and whether it tells of distress.

    `intent` and `intent_ranking` are the intents with calibrated confidence;
    `gate: {"in_scope": p, "opened": …}`, p being the chance that some article answers the message,
    and whether it was read beside the open article;
    `parts: {intent: {part: score}}` for the likeliest articles that have parts;
    `distress: {"level": none … clear, "dangers": [...], "near": …}`.
    """

    def __init__(
        self, storage: ModelStorage, resource: Resource, model: Understanding | None = None
    ) -> None:
        """Remember where the understanding is kept, and itself once there is one."""
        self._storage = storage
        self._resource = resource
        self._model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],  # noqa: ARG003  # Rasa passes by name
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003  # Rasa passes by name
    ) -> MessageReader:
        """Return an untrained component."""
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],  # noqa: ARG003  # Rasa passes by name
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003  # Rasa passes by name
        **_: Any,
    ) -> MessageReader:
        """Return the component with what it learned.

        Raises ValueError or OSError when that is not there: nothing untrained is served.
        """
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, Understanding.load(folder))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the content, as it is in the training data."""
        given = [m.get(LEARNED) for m in training_data.training_examples]
        content = Content(
            *([item for of, items in given if of == f for item in items] for f in Content._fields)
        )
        model = Understanding.fit(content, read_lexicon(), Embedder(), training_cache())
        for level, shares in model.distress.left_out.items():
            heard = "{:.3f} heard, {:.3f} as clear".format(*shares)
            say(f"distress, of wordings left out of the learning, {level}: {heard}")
        self._model = model
        with self._storage.write_to(self._resource) as folder:
            model.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set what is read in each message.

        No text counts as empty text. What stands behind `OPEN_ARTICLE` is the id of the article
        that is open (docs/adr/0006). Slashes in front go, because Rasa would take what follows for
        the name of an intent.
        """
        for message in messages:
            text, _, opened = str(message.get(TEXT) or "").partition(OPEN_ARTICLE)
            message.set(TEXT, normalise(text).lstrip("/ "))
            for name, value in self._read(message.get(TEXT), opened).items():
                message.set(name, value, add_to_output=True)
        return messages

    def _read(self, text: str, opened: str) -> dict[str, Any]:
        """Return what is said of a message. Raises RuntimeError before training."""
        if self._model is None:
            msg = "This component is not trained: run `python -m nlu.train` first."
            raise RuntimeError(msg)
        whole = self._model.views.of([text])
        vectors = self._model.views.with_endings([text], whole)
        [reading] = self._model.meaning.read(vectors, [intent_of(opened) or None])
        alarm = self._model.distress.hear(whole)
        likeliest = [guess.intent for guess in reading.ranking[:MOST_OFFERED]]
        ranking = [
            {"name": guess.intent, "confidence": guess.confidence}
            for guess in reading.ranking[:RANKING_LENGTH]
        ]
        return {
            INTENT: ranking[0],
            INTENT_RANKING_KEY: ranking,
            "gate": {"in_scope": reading.in_scope, "opened": reading.opened},
            "parts": self._model.parts.read(vectors, likeliest),
            "distress": {
                "level": alarm.level,
                "dangers": list(alarm.dangers),
                "near": alarm.near,
            },
        }
