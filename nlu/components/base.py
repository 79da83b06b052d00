"""What every component of ours shares: how Rasa makes it, and where its trained part is kept."""

from __future__ import annotations

from abc import abstractmethod
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

KIND = "kind"
"""Key of an example's kind: question, answer or leaning (nlu.content.Kind)."""
PART = "part"
"""Key of the part of its article that an example asks for, or that a text is."""
OF_ARTICLE = "of_article"
"""Key of the intent of the article that a part's text belongs to: nobody writes like it."""
DISTRESS = "distress"
"""Key of what is known of an example of distress; in an answer, of what was heard."""
OPENED = "opened"
"""Key of the intent that the open article has; not there when none is open."""
VECTORS = "vectors"
"""Key of a message's vectors; they stay inside the graph."""


def by_itself(training_data: TrainingData) -> list[Message]:
    """Return the examples that lean on nothing."""
    return [m for m in training_data.intent_examples if m.get(KIND) != "leaning"]


def parts_told(training_data: TrainingData) -> list[Message]:
    """Return the texts of the articles' parts."""
    return [m for m in training_data.training_examples if m.get(OF_ARTICLE)]


class TrainedPart(Protocol):
    """A trained part that keeps itself in a folder."""

    def save(self, folder: Path) -> None:
        """Write everything into `folder`."""


M = TypeVar("M", bound=TrainedPart)


class Trained(GraphComponent, Generic[M]):
    """A component around a trained model."""

    def __init__(self, storage: ModelStorage, resource: Resource, model: M | None = None) -> None:
        """Remember where the model is kept, and the model once there is one."""
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
    ) -> Any:
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
    ) -> Any:
        """Return the component with its trained model.

        Raises ValueError or OSError when the model is not there: nothing untrained is served.
        """
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, cls.read(folder))

    @classmethod
    @abstractmethod
    def read(cls, folder: Path) -> M:
        """Read the model that is kept in `folder`."""

    @property
    def model(self) -> M:
        """The trained model. Raises RuntimeError before training."""
        if self._model is None:
            msg = "This component is not trained: run `python -m nlu.train` first."
            raise RuntimeError(msg)
        return self._model

    def keep(self, model: M) -> Resource:
        """Take and store a freshly trained `model`; return where it is."""
        self._model = model
        with self._storage.write_to(self._resource) as folder:
            model.save(folder)
        return self._resource
