"""What a person agreed to: a ledger per purpose, with the time and the wording.

Personal Data Protection Law 91/2025/QH15, article 4 (consent, its withdrawal).
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import delete, select
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
    if said.source == "import" and said.given and await _refused(session, person):
        return False
    person.agreed = said.given
    row = Consent(person_id=person.id, purpose="announcements", at=now, **asdict(said))
    session.add(row)
    return True


async def choose(session: AsyncSession, person: Person, topic: str, *, wanted: bool) -> None:
    """Note that a person wants, or does not want, to be told about a topic."""
    known = await session.get(TopicChoice, (person.id, topic))
    if known is None:
        session.add(TopicChoice(person_id=person.id, topic=topic, wanted=wanted))
    else:
        known.wanted = wanted


async def forget_choices(session: AsyncSession, person: Person) -> None:
    """Forget what a person chose of every topic."""
    await session.execute(delete(TopicChoice).where(TopicChoice.person_id == person.id))


async def choices(session: AsyncSession, person: Person) -> dict[str, bool]:
    """Return what a person chose, by topic."""
    rows = await session.scalars(select(TopicChoice).where(TopicChoice.person_id == person.id))
    return {row.topic: row.wanted for row in rows}


async def ledger(session: AsyncSession, person: Person) -> list[Consent]:
    """Return every yes and no of a person, the oldest first."""
    query = select(Consent).where(Consent.person_id == person.id).order_by(Consent.id)
    return list(await session.scalars(query))


async def _refused(session: AsyncSession, person: Person) -> bool:
    """Say whether the last word is a no of the person's own."""
    said = await ledger(session, person)
    return bool(said) and not said[-1].given and said[-1].source == "self"
