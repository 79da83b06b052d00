"""Naming: what an author's words stand for before they are kept with an announcement."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.errors import AnnouncementError
from services.knowledge.library import Library
from services.people.person import TELEGRAM, Identity
from services.people.topics import by_label, topic_of


@dataclass(frozen=True)
class Naming:
    """Topics become names, single chats keyed hashes: an id would outlive a person's erasure."""

    labelled: Mapping[str, str]
    """Topics by label, as `topics.by_label` gives them."""
    sources: Mapping[str, str]
    """Titles of the library's documents, by id."""
    identity: Identity

    @classmethod
    def of(cls, library: Library, identity: Identity) -> "Naming":
        """Return the naming of a library."""
        labelled = by_label({name: topic.label for name, topic in library.topics.items()})
        sources = {name: source.title for name, source in library.sources.items()}
        return cls(labelled, sources, identity)

    def topic(self, said: str) -> str:
        """Return the name of a topic that is named so or bears this label.

        Raises:
            AnnouncementError: it is no label, and can't be a name.

        """
        named = topic_of(said, self.labelled)
        if named is None:
            msg = (
                f"Không có chủ đề “{said}”; ghi tên viết không dấu, như ocop, "
                f"hoặc đúng tên trong menu: {', '.join(sorted(self.labelled.values()))}."
            )
            raise AnnouncementError(msg)
        return named

    def chat(self, said: str) -> str:
        """Return the keyed hash of a chat, given as `id` or `channel:id`."""
        channel, _, chat = said.rpartition(":")
        return self.identity.of(channel or TELEGRAM, chat)

    def source(self, said: str) -> str:
        """Return the title of a document that is named by its id; other words as they are."""
        return self.sources.get(said, said)
