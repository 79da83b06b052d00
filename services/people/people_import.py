"""The list of people that staff keep in Excel, written into the database many rows at a time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.errors import RowRefused
from services.people import consent, groups
from services.people.entry import Entry
from services.people.erasing import suppressed
from services.people.people_csv import Remark
from services.people.person import Identity, Ids, find_many, ids_of
from services.storage.dialects import hold_still
from services.storage.models import Person, Suppression, TopicChoice
from services.storage.session import claim

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
        hashes = {entry: self.identity.of(*entry.chat) for entry in entries}
        gone = await suppressed(session, hashes.values())
        good = [entry for entry in entries if hashes[entry] not in gone]
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
        left_out = [entry.line for entry in entries if hashes[entry] in gone]
        told = sorted((*refused, *off), key=lambda remark: remark.line)
        return Tally(len(made), len(known), len(refused), left_out, told)

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
        refused = await consent.note_imported(session, given, self.wording, self.now)
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
