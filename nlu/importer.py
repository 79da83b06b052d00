"""Gives Rasa its training data straight from the content folder: nothing is generated."""

from __future__ import annotations

from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import Any

import rasa.shared.utils.io
from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.components.base import DISTRESS, KIND, OF_ARTICLE, PART
from nlu.content import (
    DistressExample,
    Example,
    content_dir,
    read_distress,
    read_examples,
    reading_matter,
    texts_of_parts,
)


class ContentImporter(TrainingDataImporter):
    """Reads config.yml as it is, and intents and examples from the curated content.

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
        paths = (
            [training_data_paths] if isinstance(training_data_paths, str) else training_data_paths
        )
        self._config_file = config_file
        self._folder = Path(paths[0]) if paths else content_dir()

    def get_config(self) -> dict[str, Any]:
        """Return the pipeline's configuration."""
        if self._config_file is None:
            return {}
        config: dict[str, Any] = rasa.shared.utils.io.read_model_configuration(self._config_file)
        return config

    def get_config_file_for_auto_config(self) -> str | None:
        """Return the configuration's path, the only one there is."""
        return self._config_file

    def get_domain(self) -> Domain:
        """Return a domain with every intent of the content."""
        return Domain.from_dict({"intents": sorted({e.intent for e in self._examples})})

    def get_stories(self, exclusion_percentage: int | None = None) -> StoryGraph:  # noqa: ARG002  # Rasa's signature
        """Return no stories: the conversation is not Rasa's."""
        return StoryGraph([])

    def get_nlu_data(self, language: str | None = "vi") -> TrainingData:  # noqa: ARG002  # Rasa's signature
        """Return a message for each example, and one without intent for whatever else is read.

        Those are the texts of articles, and what distress is learned from.
        """
        examples = map(_as_message, self._examples)
        parts = map(_as_text, texts_of_parts(self._folder))
        sentences = map(Message.build, reading_matter(self._folder))
        distress = map(_of_distress, read_distress(self._folder))
        return TrainingData([*examples, *parts, *sentences, *distress])

    @cached_property
    def _examples(self) -> list[Example]:
        return read_examples(self._folder)


def _as_message(example: Example) -> Message:
    message = Message.build(text=example.text, intent=example.intent)
    message.set(KIND, example.kind)
    message.set(PART, example.part)
    return message


def _as_text(told: Example) -> Message:
    """Return the text of a part as a message: of no intent, since nobody writes like it."""
    message = Message.build(text=told.text)
    message.set(OF_ARTICLE, told.intent)
    message.set(PART, told.part)
    return message


def _of_distress(example: DistressExample) -> Message:
    message = Message.build(text=example.text)
    message.set(DISTRESS, asdict(example))
    return message
