"""Gives Rasa its training data straight from the content folder: nothing is generated."""

from __future__ import annotations

from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.component import LEARNED
from nlu.content import Content, content_dir, read_content


class ContentImporter(RasaFileImporter):
    """Reads config.yml as Rasa does, and intents and examples from the curated content.

    The first training data path is the content folder; without one it is `content_dir()`.
    """

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,  # noqa: ARG002  # Rasa passes it; the content is the domain
        training_data_paths: list[str] | str | None = None,
        **_: Any,
    ) -> None:
        """Remember where configuration and content are; nothing is read yet."""
        super().__init__(config_file)  # knows of no files: the conversation is not Rasa's
        paths = training_data_paths or content_dir()
        self._folder = Path(paths[0] if isinstance(paths, list) else paths)

    def get_domain(self) -> Domain:
        """Return a domain with every intent of the content."""
        return Domain.from_dict({"intents": sorted({e.intent for e in self._content.examples})})

    def get_nlu_data(self, language: str | None = "vi") -> TrainingData:  # noqa: ARG002  # Rasa's signature
        """Return a message for all that is learned of an intent, and for what is of none.

        Rasa copies, compares and hashes each message many times: with one for each of 45,000 texts
        that was a fifth of a training.
        """
        return TrainingData(
            [
                _message(field, intent, tuple(items))
                for field, learned in self._content._asdict().items()
                for intent, items in groupby(learned, lambda item: getattr(item, "intent", ""))
            ]
        )

    @cached_property
    def _content(self) -> Content:
        return read_content(self._folder)


def _message(field: str, intent: str, items: tuple[Any, ...]) -> Message:
    message = Message({TEXT: f"{field} {intent}", LEARNED: (field, items)})
    if field == "examples":
        message.set(INTENT, intent)
    return message
