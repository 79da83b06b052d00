"""What every component of ours shares: how Rasa makes it, and where its trained part is kept."""

from __future__ import annotations

from abc import abstractmethod
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage

IS_ANSWER = "is_answer"
"""Key that tells an example which is an article's answer from those that are questions."""
JUDGEMENT = "judgement"
"""Key of what the gate makes of a message, for the classifier."""
VECTORS = "vectors"
"""Key of a message's vectors; they stay inside the graph."""
SCORES = "scores"
"""Key of a message's scores; they stay inside the graph too."""


class Model(Protocol):
    """A trained part that keeps itself in a folder."""

    def save(self, folder: Path) -> None:
        """Write everything into `folder`."""


M = TypeVar("M", bound=Model)


class Stateless(GraphComponent):
    """A component without anything to learn."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],  # noqa: ARG003  # Rasa passes by name
        model_storage: ModelStorage,  # noqa: ARG003  # Rasa passes by name
        resource: Resource,  # noqa: ARG003  # Rasa passes by name
        execution_context: ExecutionContext,  # noqa: ARG003  # Rasa passes by name
    ) -> Any:
        """Return the component; it has nothing to configure or to store."""
        return cls()


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
