"""Adds the entities that rules find."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from nlu.components.base import Stateless
from nlu.core.entities import Entity, find, read_names


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class RuleEntities(Stateless):
    """Sets `entities`: money, period, people, place, product, document."""

    def __init__(self) -> None:
        """Read the names that are known."""
        self._names = read_names()

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the entities of each message."""
        for message in messages:
            text = message.get(TEXT)
            found = [_as_rasa(entity, text) for entity in find(text, self._names)]
            message.set(ENTITIES, found, add_to_output=True)
        return messages


def _as_rasa(entity: Entity, text: str) -> dict[str, Any]:
    return {
        "entity": entity.kind,
        "start": entity.start,
        "end": entity.end,
        "text": text[entity.start : entity.end],
        "value": entity.value,
        "group": entity.group,
        "extractor": "RuleEntities",
    }
