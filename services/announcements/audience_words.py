"""What an author wrote of whom an announcement is for, read into the rule that is kept."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nlu.text import fold
from services.announcements.attachments import safe_path
from services.announcements.audience import Audience, Rule
from services.errors import AnnouncementError, PeopleError
from services.knowledge.library import Library
from services.people.people_csv import Row, read_csv
from services.people.person import ROLES, TELEGRAM, Identity
from services.people.places import require_place
from services.people.subscription import by_label, topic_of

_EVERYBODY = ("all", "tat ca", "moi nguoi")
_LISTS = ("topics", "roles", "places", "groups", "chats", "csv")
_MOST_DAYS = 3650
_CHANNEL, _CHAT = "channel", "chat_id"
_NUMBER = re.compile(r"-?[0-9]{1,19}")


@dataclass(frozen=True)
class Naming:
    """What an author's words stand for before they are kept with an announcement.

    Topics become names, single chats keyed hashes: an id would outlive a person's erasure.
    """

    labelled: Mapping[str, str]
    """Topics by label, as `subscription.by_label` gives them."""
    sources: Mapping[str, str]
    """Titles of the library's documents, by id."""
    identity: Identity

    @classmethod
    def of(cls, library: Library, identity: Identity) -> "Naming":
        """Return the naming of a library."""
        labelled = by_label({name: topic.label for name, topic in library.topics.items()})
        sources = {name: source.title for name, source in library.sources.items()}
        return cls(labelled, sources, identity)

    def topic(self, written: str) -> str:
        """Return the name of a topic that is named so or bears this label.

        Raises:
            AnnouncementError: it is no label, and can't be a name.

        """
        named = topic_of(written, self.labelled)
        if named is None:
            labels = sorted(self.labelled.values())
            raise AnnouncementError("topic_unknown", topic=written, topics=labels)
        return named

    def chat(self, written: str) -> str:
        """Return the keyed hash of a chat, given as `id` or `channel:id`."""
        channel, _, chat = written.rpartition(":")
        return self.identity.of(channel or TELEGRAM, chat)

    def source(self, written: str) -> str:
        """Return the title of a document that is named by its id; other words as they are."""
        return self.sources.get(written, written)


def read_audience(written: Any, folder: Path, naming: Naming) -> Audience:
    """Return the audience that an author names; `all` is everybody, nothing at all is a fault.

    What can't be read is a fault of the audience, so that the draft is kept all the same.
    """
    try:
        return _audience(written, folder, naming)
    except (AnnouncementError, PeopleError) as error:
        return Audience(fault=str(error))


def _audience(written: Any, folder: Path, naming: Naming) -> Audience:
    if isinstance(written, str) and fold(written.strip()) in _EVERYBODY:
        return Audience()
    if written and not isinstance(written, Mapping):
        raise AnnouncementError("audience_form")
    named = {str(name): value for name, value in (written or {}).items()}
    active, exclude = named.pop("active_days", None), named.pop("exclude", None)
    rule = _rule(named, folder, naming)
    audience = Audience(
        **rule.model_dump(), active_days=_days(active), exclude=_excluded(exclude, folder, naming)
    )
    if audience == Audience():
        raise AnnouncementError("audience_missing")
    return audience


def _rule(named: Mapping[str, Any], folder: Path, naming: Naming) -> Rule:
    """Read lists into a rule; the first that can't be read is told."""
    for name in named:
        if name not in _LISTS:
            known = (*_LISTS, "active_days", "exclude")
            raise AnnouncementError("audience_part_unknown", part=name, known=known)
    lists = {name: _listed(name, value) for name, value in named.items()}
    for role in lists.get("roles", ()):
        if role not in ROLES:
            raise AnnouncementError("role_unknown", role=role, roles=ROLES)
    chats = [*lists.get("chats", ())]
    for name in lists.get("csv", ()):
        chats += read_roster(safe_path(folder, name))
    return Rule(
        topics=_each_once(map(naming.topic, lists.get("topics", ()))),
        roles=lists.get("roles", ()),
        places=_each_once(require_place(place).code for place in lists.get("places", ())),
        groups=lists.get("groups", ()),
        who=_each_once(map(naming.chat, chats)),
    )


def _excluded(value: Any, folder: Path, naming: Naming) -> Rule:
    """Read who is left out; in a plain list numbers are chats, words are groups."""
    if isinstance(value, Mapping):
        return _rule({str(name): part for name, part in value.items()}, folder, naming)
    try:
        names = _listed("exclude", value)
    except AnnouncementError:
        raise AnnouncementError("audience_exclude") from None
    chats = tuple(name for name in names if name.lstrip("-").isdigit())
    groups = tuple(name for name in names if name not in chats)
    return Rule(groups=groups, who=_each_once(map(naming.chat, chats)))


def _listed(name: str, value: Any) -> tuple[str, ...]:
    """Take one word for a list of one, and nothing for an empty list."""
    if value is None or value == "":
        return ()
    if isinstance(value, str | int | float):
        return (str(value).strip(),)
    if not isinstance(value, Sequence) or not all(isinstance(v, str | int | float) for v in value):
        raise AnnouncementError("audience_list", part=name)
    return _each_once(str(one).strip() for one in value)


def _days(value: Any) -> int | None:
    if value is None or value == "":
        return None
    if not str(value).isdigit() or not 1 <= int(value) <= _MOST_DAYS:
        raise AnnouncementError("audience_days", most=_MOST_DAYS)
    return int(value)


def _each_once(names: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def read_roster(path: Path) -> tuple[str, ...]:
    """Return the chats of a CSV with a column `chat_id`, as `channel:id`, each once.

    Without a column `channel` all are in Telegram.

    Raises:
        PeopleError: it can't be read, is not UTF-8, or lacks the column.
        AnnouncementError: a row names no chat, or there is no row.

    """
    table = read_csv(path, (_CHANNEL, _CHAT), (_CHAT,))
    found = _each_once(_chat(path, row) for row in table.rows())
    if not found:
        raise AnnouncementError("roster_empty", file=path.name, column=_CHAT)
    return found


def _chat(path: Path, row: Row) -> str:
    channel = row.cells.get(_CHANNEL, "").lower() or TELEGRAM
    chat = row.cells[_CHAT].lstrip("'")
    if not chat or (channel == TELEGRAM and not _NUMBER.fullmatch(chat)):
        raise AnnouncementError("roster_chat_bad", file=path.name, line=row.line, chat=chat)
    return f"{channel}:{chat}"
