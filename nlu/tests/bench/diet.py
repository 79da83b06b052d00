"""Stock Rasa: WhitespaceTokenizer, CountVectors of words and letters, DIETClassifier.

Everything as `rasa init` writes it or as Rasa's defaults have it; only the training ends when the
time is over.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.classifiers.diet_classifier import DIET, DIETClassifier
from rasa.nlu.featurizers.sparse_featurizer.count_vectors_featurizer import CountVectorsFeaturizer
from rasa.nlu.tokenizers.whitespace_tokenizer import WhitespaceTokenizer
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from tensorflow.keras.callbacks import Callback

from nlu.tests.bench.peers import Read, Split

_DIET = {"constrain_similarities": True}
_LETTERS = {"analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4}


class Diet:
    """Learns within so many minutes; keeps the seconds of each epoch."""

    def __init__(self, minutes: float) -> None:
        """Learn nothing yet."""
        self.epochs: list[float] = []
        self._seconds = minutes * 60

    def __call__(self, split: Split) -> Read:
        """Learn from what stands by itself."""
        data = TrainingData([Message.build(e.text, e.intent) for e in split.alone])
        with tempfile.TemporaryDirectory() as folder:
            steps = _train(data, Path(folder), _Deadline(self._seconds, self.epochs))
        return lambda texts: [_read(steps, text) for text in texts]

    @property
    def note(self) -> str:
        """Return how far it came."""
        each = sum(self.epochs) / max(len(self.epochs), 1)
        return f"{len(self.epochs)} epochs of {each:.0f} s"


class _Deadline(Callback):
    """Ends the training while the next epoch would not end in time."""

    def __init__(self, seconds: float, epochs: list[float]) -> None:
        super().__init__()
        self._ends = time.monotonic() + seconds
        self._epochs = epochs
        self._started = 0.0

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Look at the clock."""
        del epoch, logs
        self._started = time.monotonic()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Stop when another epoch would not fit."""
        del epoch, logs
        now = time.monotonic()
        self._epochs.append(now - self._started)
        self.model.stop_training = now + self._epochs[-1] > self._ends


def _train(data: TrainingData, folder: Path, deadline: Callback) -> list[Any]:
    storage, context = LocalModelStorage(folder), ExecutionContext(GraphSchema({}))
    steps: list[Any] = [WhitespaceTokenizer(WhitespaceTokenizer.get_default_config())]
    data = steps[0].process_training_data(data)
    defaults = CountVectorsFeaturizer.get_default_config()
    for name, own in (("words", {}), ("letters", _LETTERS)):
        context.node_name = name
        step = CountVectorsFeaturizer(defaults | own, storage, Resource(name), context)
        step.train(data)
        data = step.process_training_data(data)
        steps.append(step)
    config = DIETClassifier.get_default_config() | _DIET
    classifier = _bounded(deadline)(config, storage, Resource("diet"), context)
    classifier.train(data)
    return [*steps, classifier]


def _bounded(deadline: Callback) -> type[DIETClassifier]:
    class BoundedModel(DIET):
        def fit(self, *given: Any, callbacks: Sequence[Callback], **named: Any) -> Any:
            """Fit as DIET does, with one more looking on."""
            return super().fit(*given, callbacks=[*callbacks, deadline], **named)

    class BoundedClassifier(DIETClassifier):
        @staticmethod
        def model_class() -> type[DIET]:
            """Return the model that minds the time."""
            return BoundedModel

    return BoundedClassifier


def _read(steps: Sequence[Any], text: str) -> list[str]:
    messages = [Message.build(text)]
    for step in steps:
        messages = step.process(messages)
    return [guess["name"] for guess in messages[0].get("intent_ranking")]
