"""Naming: what an author's words stand for before they are kept with an announcement."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from nlu.text import fold
from services.errors import AnnouncementError
from services.knowledge.library import Library
from services.people.identity import Identity

_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
_CHANNEL = "telegram"
"""The channel of a chat that names none."""


@dataclass(frozen=True)
class Naming:
    """Topics become names, single chats keyed hashes: an id would outlive a person's erasure."""

    labelled: Mapping[str, str]
    """Topics by label, folded."""
    sources: Mapping[str, str]
    """Titles of the library's documents, by id."""
    identity: Identity

    @classmethod
    def of(cls, library: Library, identity: Identity) -> "Naming":
        """Return the naming of a library."""
        labelled = {_plain(topic.label): name for name, topic in library.topics.items()}
        sources = {name: source.title for name, source in library.sources.items()}
        return cls(labelled, sources, identity)

    def topic(self, said: str) -> str:
        """Return the name of a topic that is named so or bears this label.

        Raises:
            AnnouncementError: it is no label, and can't be a name.

        """
        named = self.labelled.get(_plain(said), said)
        if not _SLUG.fullmatch(named):
            msg = (
                f"Không có chủ đề “{said}”; ghi tên viết không dấu, như ocop, "
                f"hoặc đúng tên trong menu: {', '.join(sorted(self.labelled.values()))}."
            )
            raise AnnouncementError(msg)
        return named

    def chat(self, said: str) -> str:
        """Return the keyed hash of a chat, given as `id` or `channel:id`."""
        channel, _, chat = said.rpartition(":")
        return self.identity.of(channel or _CHANNEL, chat)

    def source(self, said: str) -> str:
        """Return the title of a document that is named by its id; other words as they are."""
        return self.sources.get(said, said)


def _plain(label: str) -> str:
    return " ".join(fold(label).split())
