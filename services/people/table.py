"""The table of people that staff keep in Excel, written into the database many rows at a time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.people import consent, groups
from services.people.entry import Entry
from services.people.identity import Identity
from services.people.person import Ids, find_many, ids_of
from services.people.sheet import Remark
from services.storage.models import Person, TopicChoice
from services.storage.session import claim

AT_ONCE = 1000
"""How many entries are written in one transaction: others write between two of them."""

_NO_IS_NO = "đã tự nói không nhận thông báo, nên “yes” của bảng không tính"


@dataclass
class Tally:
    """What became of entries."""

    new: int = 0
    updated: int = 0
    unchanged_consent: int = 0
    """Whose yes does not count, for they said no themselves."""
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
        self.notices += other.notices


@dataclass(frozen=True)
class Table:
    """Writes the entries of one import."""

    identity: Identity
    wording: str
    """Where staff say that a yes comes from."""
    now: datetime
    group: str = ""
    """The saved group that people are added to; without a name none."""

    async def write(self, session: AsyncSession, entries: Sequence[Entry]) -> Tally:
        """Make or update the people of at most `AT_ONCE` entries; what a row leaves empty stays.

        A yes never overrides a person's own no, nor a topic the person's own turning it off.

        Raises:
            IntegrityError: one of them wrote to the bot or was erased at this moment, on a
                database with several writers; the same in a new transaction succeeds.

        """
        await claim(session)
        known = await find_many(session, [entry.chat for entry in entries])
        for entry in entries:
            if entry.chat in known:
                _update(known[entry.chat], entry)
        made = await self._insert(session, [entry for entry in entries if entry.chat not in known])
        ids = {chat: person.id for chat, person in known.items()} | made
        refused = await self._note_consent(session, entries, ids)
        off = await _choose_topics(session, entries, ids)
        if self.group:
            await groups.join(session, self.group, ids.values())
        told = sorted((*refused, *off), key=lambda remark: remark.line)
        return Tally(len(made), len(known), len(refused), told)

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
        refused = await consent.say_for_many(session, given, self.wording, self.now)
        return [Remark(e.line, _NO_IS_NO) for e in entries if ids[e.chat] in refused]


def _update(person: Person, entry: Entry) -> None:
    person.name = entry.name or person.name
    person.role = entry.role or person.role
    person.place = entry.place or person.place


async def _choose_topics(session: AsyncSession, entries: Iterable[Entry], ids: Ids) -> list[Remark]:
    """Add the topics of entries; return what is said of those that a person has turned off."""
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
        Remark(line, f"đã tự tắt chủ đề {topic}, nên bảng không bật lại")
        for (person, topic), line in lines.items()
        if chosen.get((person, topic)) is False
    ]
