"""An entry: what one row of a list says of one person, understood or refused with a reason."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from services.errors import RowRefused
from services.people.person import ROLES, TELEGRAM
from services.people.places import Place, find_place
from services.people.sheet import Remark, Row, Sheet
from services.people.topics import topic_of

COLUMNS = ("channel", "chat_id", "name", "role", "place", "topics", "consent")
NEEDED = ("channel", "chat_id")

_CHANNEL = re.compile(r"[a-z][a-z0-9-]{0,15}")
_NUMBER = re.compile(r"-?[0-9]{1,19}")
_LONGEST_CHAT = 64
_LONGEST_NAME = 200
_GUARD = re.compile(r"^'(?=[=+@0-9-])")
"""What `services.people.export` and Excel put before what is to be text, no formula or number."""
_SAID = {
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
    """Reads the entries of a sheet, and keeps what is said of the rows that can't be used."""

    labelled: Mapping[str, str] = field(default_factory=dict)
    """Topics by label, as `topics.by_label` gives them."""
    channel: str = ""
    """The channel of a row that names none; without one such a row is refused."""
    bad: list[Remark] = field(default_factory=list)

    def read(self, sheet: Sheet) -> Iterator[Entry]:
        """Yield the good entries; of several rows about one chat the first."""
        lines: dict[Chat, int] = {}
        for row in sheet.rows():
            try:
                entry = self._entry(row)
                _require_first(lines, entry)
            except RowRefused as refused:
                self.bad.append(Remark(row.line, str(refused)))
            else:
                yield entry

    def _entry(self, row: Row) -> Entry:
        if row.surplus:
            msg = "nhiều ô hơn dòng đầu; ô có dấu phân cách phải đặt trong ngoặc kép"
            raise RowRefused(msg)
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

    def _topics(self, said: str) -> tuple[str, ...]:
        return tuple(self._topic(part) for part in re.split(r"[;|]", said) if part.strip())

    def _topic(self, said: str) -> str:
        found = topic_of(said, self.labelled)
        if found is None:
            msg = f"chủ đề “{said.strip()}” chỉ được có chữ không dấu, số, “-”, “_”, tới 32 ký tự"
            raise RowRefused(msg)
        return found


def _require_first(lines: dict[Chat, int], entry: Entry) -> None:
    first = lines.setdefault(entry.chat, entry.line)
    if first != entry.line:
        msg = f"trùng channel và chat_id với dòng {first}"
        raise RowRefused(msg)


def _chat(channel: str, chat: str) -> Chat:
    channel = channel.lower()
    if not _CHANNEL.fullmatch(channel):
        what = f"kênh “{channel}” không đúng" if channel else "thiếu channel"
        msg = f"{what}; ghi như telegram, web, zalo"
        raise RowRefused(msg)
    if not chat or len(chat) > _LONGEST_CHAT:
        msg = f"chat_id dài quá {_LONGEST_CHAT} ký tự" if chat else "thiếu chat_id"
        raise RowRefused(msg)
    if channel != TELEGRAM:
        return Chat(channel, chat)
    if not _NUMBER.fullmatch(chat):
        msg = f"chat_id “{chat}” của telegram không phải số; trong Excel định dạng cột đó là Text"
        raise RowRefused(msg)
    return Chat(channel, str(int(chat)))


def _name(said: str) -> str:
    if len(said) > _LONGEST_NAME:
        msg = f"tên dài quá {_LONGEST_NAME} ký tự"
        raise RowRefused(msg)
    return said


def _role(said: str) -> str | None:
    if said and said.lower() not in ROLES:
        msg = f"không có vai trò “{said}”; ghi {', '.join(ROLES)} hoặc để trống"
        raise RowRefused(msg)
    return said.lower() or None


def _place(said: str) -> str | None:
    if not said:
        return None
    found = _found(said)
    if found is None:
        msg = f"không có xã, phường nào của Đà Nẵng có tên hay mã “{said}”"
        raise RowRefused(msg)
    return found.code


@lru_cache(maxsize=1024)
def _found(said: str) -> Place | None:
    return find_place(said)


def _consent(said: str) -> bool | None:
    if said.lower() not in _SAID:
        msg = f"consent “{said}” không hiểu được; ghi yes, no hoặc để trống"
        raise RowRefused(msg)
    return _SAID[said.lower()]
