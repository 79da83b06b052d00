"""Topics as people and staff name them: by a slug, or by the label that menus show."""

import re
from collections.abc import Mapping

from services.conversation.plain import folded

_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")


def by_label(labels: Mapping[str, str]) -> dict[str, str]:
    """Return topics by label, written anyhow; `labels` are labels by topic."""
    return {folded(label): topic for topic, label in labels.items()}


def topic_of(said: str, labelled: Mapping[str, str]) -> str | None:
    """Return the topic of a slug, or of a label that `by_label` gave; None when it is neither."""
    named = labelled.get(folded(said), said.strip().lower())
    return named if _SLUG.fullmatch(named) else None
