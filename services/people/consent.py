"""What people agreed to: a ledger per purpose, with the time and the wording.

Personal Data Protection Law 91/2025/QH15, article 4 (consent, its withdrawal). What a person says
himself goes through `services.people.profile`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.storage.models import Consent, Person

PURPOSE = "announcements"


async def note_imported(
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
    common = {"purpose": PURPOSE, "at": now, "wording": wording, "source": "import"}
    rows = [{"person_id": person, "given": yes, **common} for person, yes in fresh.items()]
    await session.execute(insert(Consent), rows)
    for yes in (True, False):
        those = [person for person, given_now in fresh.items() if given_now is yes]
        await session.execute(update(Person).where(Person.id.in_(those)).values(agreed=yes))
    return refused


async def ledger(session: AsyncSession, person: Person) -> list[Consent]:
    """Return every yes and no of a person, the oldest first."""
    query = select(Consent).where(Consent.person_id == person.id).order_by(Consent.id)
    return list(await session.scalars(query))


@dataclass(frozen=True)
class _LastWords:
    """The last word of people: whoever said it, and of those who spoke themselves their own."""

    last: dict[int, bool] = field(default_factory=dict)
    own: dict[int, bool] = field(default_factory=dict)


async def _words(session: AsyncSession, people: Collection[int]) -> _LastWords:
    columns = select(Consent.person_id, Consent.given, Consent.source)
    theirs = columns.where(Consent.person_id.in_(people)).order_by(Consent.id)
    words = _LastWords()
    for person, given, source in await session.execute(theirs):
        words.last[person] = given
        if source == "self":
            words.own[person] = given
    return words
