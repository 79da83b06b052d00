"""Topics as people and staff name them: by a slug, by the label in menus, by a part of it."""

import re
from collections.abc import Mapping

from services.conversation.plain import folded
from services.knowledge.schema import Topic

_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")


def by_label(labels: Mapping[str, str]) -> dict[str, str]:
    """Return topics by label, written anyhow; `labels` are labels by topic."""
    return {folded(label): topic for topic, label in labels.items()}


def topic_of(named: str, labelled: Mapping[str, str]) -> str | None:
    """Return the topic of a slug, or of a label that `by_label` gave; None when it is neither."""
    slug = labelled.get(folded(named), named.strip().lower())
    return slug if _SLUG.fullmatch(slug) else None


def find_topic(named: str, topics: Mapping[str, Topic]) -> str | None:
    """Return the topic of a name or a label, with or without diacritics.

    A part of a label is enough where no other label holds it. None when there is no such topic.
    """
    wanted = folded(named)
    labels = {name: folded(topic.label) for name, topic in topics.items()}
    for name, label in labels.items():
        if wanted in (name, label):
            return name
    near = [name for name, label in labels.items() if f" {wanted} " in f" {label} "]
    return near[0] if len(near) == 1 else None
