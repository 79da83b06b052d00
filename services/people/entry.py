"""An entry: what one row of a list says of one person, understood or refused with a reason."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from services.errors import RowRefused
from services.people.people_csv import CsvTable, Remark, Row
from services.people.person import ROLES, TELEGRAM
from services.people.places import Place, find_place
from services.people.topics import topic_of

COLUMNS = ("channel", "chat_id", "name", "role", "place", "topics", "consent")
NEEDED = ("channel", "chat_id")

_CHANNEL = re.compile(r"[a-z][a-z0-9-]{0,15}")
_NUMBER = re.compile(r"-?[0-9]{1,19}")
_LONGEST_CHAT = 64
_LONGEST_NAME = 200
_GUARD = re.compile(r"^'(?=[=+@0-9-])")
"""What `people_csv` and Excel put before what is to be text, no formula or number."""
_CONSENTS = {
    **dict.fromkeys(("yes", "có", "co", "1", "true"), True),
    **dict.fromkeys(("no", "không", "khong", "0", "false"), False),
    "": None,
}


class Chat(NamedTuple):
    """Where someone is met: a channel, and the channel's own name of the chat."""

    channel: str
    id: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What a row says; what it leaves empty it says nothing about."""

    line: int
    chat: Chat
    name: str = ""
    role: str | None = None
    place: str | None = None
    """The code of a ward or commune."""
    topics: tuple[str, ...] = ()
    consent: bool | None = None


@dataclass
class Entries:
    """Reads the entries of a table, and keeps what is told of the rows that can't be used."""

    labelled: Mapping[str, str] = field(default_factory=dict)
    """Topics by label, as `topics.by_label` gives them."""
    channel: str = ""
    """The channel of a row that names none; without one such a row is refused."""
    bad: list[Remark] = field(default_factory=list)
    unsent: Counter[str] = field(default_factory=Counter)
    """How many good entries stand in channels that nothing can be sent through."""

    def read(self, table: CsvTable) -> Iterator[Entry]:
        """Yield the good entries; of several rows about one chat the first."""
        lines: dict[Chat, int] = {}
        for row in table.rows():
            try:
                entry = self._entry(row)
                _require_first(lines, entry)
            except RowRefused as refused:
                self.bad.append(Remark(row.line, str(refused)))
            else:
                if entry.chat.channel != TELEGRAM:
                    self.unsent[entry.chat.channel] += 1
                yield entry

    def _entry(self, row: Row) -> Entry:
        if row.surplus:
            raise RowRefused("row_surplus")
        cells = {column: _GUARD.sub("", cell) for column, cell in row.cells.items()}
        return Entry(
            row.line,
            _chat(cells.get("channel") or self.channel, cells["chat_id"]),
            _name(cells.get("name", "")),
            _role(cells.get("role", "")),
            _place(cells.get("place", "")),
            self._topics(cells.get("topics", "")),
            _consent(cells.get("consent", "")),
        )

    def _topics(self, cell: str) -> tuple[str, ...]:
        return tuple(self._topic(part) for part in re.split(r"[;|]", cell) if part.strip())

    def _topic(self, named: str) -> str:
        found = topic_of(named, self.labelled)
        if found is None:
            raise RowRefused("row_topic", named=named.strip())
        return found


def _require_first(lines: dict[Chat, int], entry: Entry) -> None:
    first = lines.setdefault(entry.chat, entry.line)
    if first != entry.line:
        raise RowRefused("row_twice", first=first)


def _chat(channel: str, chat: str) -> Chat:
    channel = channel.lower()
    if not _CHANNEL.fullmatch(channel):
        raise RowRefused("row_channel", channel=channel)
    if not chat:
        raise RowRefused("row_chat_missing")
    if len(chat) > _LONGEST_CHAT:
        raise RowRefused("row_chat_long", most=_LONGEST_CHAT)
    if channel != TELEGRAM:
        return Chat(channel, chat)
    if not _NUMBER.fullmatch(chat):
        raise RowRefused("row_chat_no_number", chat=chat)
    return Chat(channel, str(int(chat)))


def _name(cell: str) -> str:
    if len(cell) > _LONGEST_NAME:
        raise RowRefused("row_name_long", most=_LONGEST_NAME)
    return cell


def _role(cell: str) -> str | None:
    if cell and cell.lower() not in ROLES:
        raise RowRefused("row_role", role=cell, roles=ROLES)
    return cell.lower() or None


def _place(cell: str) -> str | None:
    if not cell:
        return None
    found = _found(cell)
    if found is None:
        raise RowRefused("row_place", place=cell)
    return found.code


@lru_cache(maxsize=1024)
def _found(named: str) -> Place | None:
    return find_place(named)


def _consent(cell: str) -> bool | None:
    if cell.lower() not in _CONSENTS:
        raise RowRefused("row_consent", consent=cell)
    return _CONSENTS[cell.lower()]
