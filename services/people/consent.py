"""What a person agreed to: a ledger per purpose, with the time and the wording.

Personal Data Protection Law 91/2025/QH15, article 4 (consent, its withdrawal).
"""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Literal

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.storage.models import Consent, Person, TopicChoice

Purpose = Literal["announcements"]
Source = Literal["self", "import"]


@dataclass(frozen=True)
class Said:
    """A yes or no to announcements, as it was said."""

    given: bool
    wording: str
    """What the person was asked, or where staff say the yes comes from."""
    source: Source


async def say(session: AsyncSession, person: Person, said: Said, now: datetime) -> bool:
    """Note a person's yes or no to announcements; return whether it counts.

    A yes that staff import never overrides a no that the person said.
    """
    if said.source == "import" and said.given:
        words = await _words(session, (person.id,))
        if words.own.get(person.id) is False:
            return False
    person.agreed = said.given
    row = Consent(person_id=person.id, purpose="announcements", at=now, **asdict(said))
    session.add(row)
    return True


async def say_for_many(
    session: AsyncSession, given: Mapping[int, bool], wording: str, now: datetime
) -> set[int]:
    """Note what staff import of many people, by their ids; return those whose yes does not count.

    A yes never overrides the person's own no; what was the last word already is not noted again.
    """
    words = await _words(session, given)
    refused = {person for person, yes in given.items() if yes and words.own.get(person) is False}
    fresh = {
        person: yes
        for person, yes in given.items()
        if person not in refused and words.last.get(person) is not yes
    }
    if not fresh:
        return refused
    common = {"purpose": "announcements", "at": now, "wording": wording, "source": "import"}
    rows = [{"person_id": person, "given": yes, **common} for person, yes in fresh.items()]
    await session.execute(insert(Consent), rows)
    for yes in (True, False):
        those = [person for person, said in fresh.items() if said is yes]
        await session.execute(update(Person).where(Person.id.in_(those)).values(agreed=yes))
    return refused


async def choose(session: AsyncSession, person: Person, topic: str, *, wanted: bool) -> None:
    """Note that a person wants, or does not want, to be told about a topic."""
    known = await session.get(TopicChoice, (person.id, topic))
    if known is None:
        session.add(TopicChoice(person_id=person.id, topic=topic, wanted=wanted))
    else:
        known.wanted = wanted


async def choices(session: AsyncSession, person: Person) -> dict[str, bool]:
    """Return what a person chose, by topic."""
    rows = await session.scalars(select(TopicChoice).where(TopicChoice.person_id == person.id))
    return {row.topic: row.wanted for row in rows}


async def ledger(session: AsyncSession, person: Person) -> list[Consent]:
    """Return every yes and no of a person, the oldest first."""
    query = select(Consent).where(Consent.person_id == person.id).order_by(Consent.id)
    return list(await session.scalars(query))


@dataclass(frozen=True)
class _Words:
    """The last word of people: whoever said it, and of those who spoke themselves their own."""

    last: dict[int, bool] = field(default_factory=dict)
    own: dict[int, bool] = field(default_factory=dict)


async def _words(session: AsyncSession, people: Collection[int]) -> _Words:
    columns = select(Consent.person_id, Consent.given, Consent.source)
    theirs = columns.where(Consent.person_id.in_(people)).order_by(Consent.id)
    words = _Words()
    for person, given, source in await session.execute(theirs):
        words.last[person] = given
        if source == "self":
            words.own[person] = given
    return words
