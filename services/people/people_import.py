"""The list of people that staff keep in Excel: its rows understood, and written many at a time."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.conversation.plain import folded
from services.errors import RowRefused
from services.people import groups
from services.people.people_csv import CsvTable, Remark, Row, unguarded
from services.people.person import ROLES, TELEGRAM, Identity, Ids, find_many, ids_of
from services.people.personal_data import suppressed
from services.people.places import Place, find_place
from services.people.profile import note_imported_consent
from services.people.subscription import topic_of
from services.storage.dialects import hold_still
from services.storage.models import Person, Suppression, TopicChoice
from services.storage.session import claim

COLUMNS = ("channel", "chat_id", "name", "role", "place", "topics", "consent")
NEEDED = ("channel", "chat_id")

HEADINGS = {
    **dict.fromkeys(("kenh",), "channel"),
    **dict.fromkeys(
        ("chat id", "chat", "ma chat", "so chat", "id telegram", "telegram id", "ma telegram"),
        "chat_id",
    ),
    **dict.fromkeys(("ten", "ho ten", "ho va ten", "ho, ten"), "name"),
    **dict.fromkeys(("vai tro", "la ai"), "role"),
    **dict.fromkeys(
        ("noi o", "xa", "phuong", "xa phuong", "xa/phuong", "xa, phuong", "dia ban"), "place"
    ),
    **dict.fromkeys(("chu de", "linh vuc"), "topics"),
    **dict.fromkeys(("dong y", "dong y nhan tin", "dong y nhan thong bao", "nhan tin"), "consent"),
}
"""Columns by the words that offices write above them, without capitals and diacritics."""
_ROLE_WORDS = {
    "nong dan": "farmer",
    "thanh vien": "member",
    "thanh vien hop tac xa": "member",
    "thanh vien htx": "member",
    "quan ly": "manager",
    "quan ly hop tac xa": "manager",
    "quan ly htx": "manager",
    "giam doc": "manager",
    "can bo": "officer",
}
_CHANNEL = re.compile(r"[a-z][a-z0-9-]{0,15}")
_NUMBER = re.compile(r"-?[0-9]{1,19}")
_LONGEST_CHAT = 64
LONGEST_NAME = 200
"""Characters of a name, as its column has them."""
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
    """Topics by label, as `subscription.by_label` gives them."""
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
        cells = {column: unguarded(cell) for column, cell in row.cells.items()}
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


def says_yes(table: CsvTable) -> bool:
    """Say whether a row of a table says that someone agrees to announcements."""
    return any(_CONSENTS.get(row.cells.get("consent", "").lower()) for row in table.rows())


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
    if len(cell) > LONGEST_NAME:
        raise RowRefused("row_name_long", most=LONGEST_NAME)
    return cell


def _role(cell: str) -> str | None:
    role = _ROLE_WORDS.get(folded(cell), cell.lower())
    if role and role not in ROLES:
        raise RowRefused("row_role", role=cell, roles=ROLES)
    return role or None


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


AT_ONCE = 1000
"""How many entries are written in one transaction: others write between two of them."""


@dataclass
class Tally:
    """What became of entries."""

    new: int = 0
    updated: int = 0
    unchanged_consent: int = 0
    """Whose yes does not count, for they said no themselves."""
    erased: list[int] = field(default_factory=list)
    """The lines that are left out, for they are of people who were erased."""
    notices: list[Remark] = field(default_factory=list)

    @property
    def imported(self) -> int:
        """How many were kept."""
        return self.new + self.updated

    def add(self, other: "Tally") -> None:
        """Take in what became of more entries."""
        self.new += other.new
        self.updated += other.updated
        self.unchanged_consent += other.unchanged_consent
        self.erased += other.erased
        self.notices += other.notices


@dataclass(frozen=True)
class PeopleImport:
    """Writes the entries of one list."""

    identity: Identity
    wording: str
    """Where staff say that a yes comes from."""
    now: datetime
    group: str = ""
    """The saved group that people are added to; without a name none."""
    on_paper: bool = False
    """Whether `wording` names a paper, which a yes of before may lack."""

    async def write(self, session: AsyncSession, entries: Sequence[Entry]) -> Tally:
        """Make or update the people of at most `AT_ONCE` entries; what a row leaves empty stays.

        Who was erased is left out. A yes never overrides a person's own no, nor a topic the
        person's own turning it off.

        Raises:
            IntegrityError, StaleDataError: one of them wrote to the bot or was erased at this
                moment, on a database with several writers; the same in a new transaction succeeds.

        """
        await claim(session)
        # Someone erased between this look and the commit would come back: erasing has to wait.
        await hold_still(session, Suppression)
        gone = await self._erased(session, entries)
        good = [entry for entry in entries if entry not in gone]
        known = await find_many(session, [entry.chat for entry in good])
        for entry in good:
            if entry.chat in known:
                _update(known[entry.chat], entry)
        made = await self._insert(session, [entry for entry in good if entry.chat not in known])
        ids = {chat: person.id for chat, person in known.items()} | made
        refused = await self._note_consent(session, good, ids)
        off = await _choose_topics(session, good, ids)
        if self.group:
            await groups.join(session, self.group, ids.values())
        left_out = [entry.line for entry in entries if entry in gone]
        told = sorted((*refused, *off), key=lambda remark: remark.line)
        return Tally(len(made), len(known), len(refused), left_out, told)

    async def _erased(self, session: AsyncSession, entries: Sequence[Entry]) -> set[Entry]:
        """Return the entries of people who were erased, whichever key or release wrote that."""
        marks = {mark: entry for entry in entries for mark in self.identity.erased(*entry.chat)}
        return {marks[one] for one in await suppressed(session, marks)}

    async def _insert(self, session: AsyncSession, entries: Sequence[Entry]) -> Ids:
        if not entries:
            return {}
        alike = {"render_nulls": True}  # rows with the same columns go in one statement
        rows = [self._row(entry) for entry in entries]
        await session.execute(insert(Person), rows, execution_options=alike)
        return await ids_of(session, [entry.chat for entry in entries])

    def _row(self, entry: Entry) -> dict[str, object]:
        channel, chat = entry.chat
        return {
            "channel": channel,
            "chat": chat,
            "who": self.identity.of(channel, chat),
            "created_at": self.now,
            "name": entry.name,
            "role": entry.role,
            "place": entry.place,
            "agreed": False,
        }

    async def _note_consent(
        self, session: AsyncSession, entries: Iterable[Entry], ids: Ids
    ) -> list[Remark]:
        given = {ids[e.chat]: e.consent for e in entries if e.consent is not None}
        refused = await note_imported_consent(
            session, given, self.wording, self.now, on_paper=self.on_paper
        )
        told = str(RowRefused("row_own_no"))
        return [Remark(e.line, told) for e in entries if ids[e.chat] in refused]


def _update(person: Person, entry: Entry) -> None:
    person.name = entry.name or person.name
    person.role = entry.role or person.role
    person.place = entry.place or person.place


async def _choose_topics(session: AsyncSession, entries: Iterable[Entry], ids: Ids) -> list[Remark]:
    """Add the topics of entries; return what is told of those that a person has turned off."""
    lines = {(ids[entry.chat], topic): entry.line for entry in entries for topic in entry.topics}
    theirs = TopicChoice.person_id.in_({person for person, _ in lines})
    chosen = {
        (choice.person_id, choice.topic): choice.wanted
        for choice in await session.scalars(select(TopicChoice).where(theirs))
    }
    fresh = [
        {"person_id": person, "topic": topic, "wanted": True}
        for person, topic in lines
        if (person, topic) not in chosen
    ]
    if fresh:
        await session.execute(insert(TopicChoice), fresh)
    return [
        Remark(line, str(RowRefused("row_topic_off", topic=topic)))
        for (person, topic), line in lines.items()
        if chosen.get((person, topic)) is False
    ]
