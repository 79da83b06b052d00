"""A person whom tests speak for, and what the database knows of people."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.bootstrap import Services
from services.people.enrolment import press
from services.people.identity import Identity
from services.people.meeting import Meeting
from services.people.person import meet
from services.storage.models import Announcement, Base, Consent, Delivery, Person, Turn

WORDING = "consent_announcements"


async def meeting_of(services: Services, session: AsyncSession, chat: str = "7") -> Meeting:
    """Return a meeting with the person of a chat, who writes now."""
    identity = Identity(services.settings.secret_key.get_secret_value())
    now = services.dialogue.now()
    person = await meet(session, identity, "telegram", chat, now)
    return Meeting(session, person, services.library, now)


async def tap(meeting: Meeting, *payloads: str) -> str:
    """Press buttons of the walk one after the other, each under its words; return what is said."""
    said = ""
    for payload in payloads:
        words = "\n".join(meeting.say(name) for name in (WORDING, "consent_topics", "stopped"))
        reply = await press(meeting, payload, words)
        said = reply.lead if reply else "stale"
    return said


async def ledger(session: AsyncSession) -> list[tuple[bool, str]]:
    """Return every yes and no there is, with its words."""
    rows = await session.scalars(select(Consent).order_by(Consent.id))
    return [(row.given, row.wording) for row in rows]


async def only_person(services: Services) -> Person:
    """Return the one person there is."""
    async with services.sessions() as session:
        return (await session.scalars(select(Person))).one()


async def count(services: Services, table: type[Base]) -> int:
    """Count the rows of a table."""
    async with services.sessions() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def questions_kept(services: Services) -> list[str]:
    """Return the questions that were kept, in their order."""
    async with services.sessions() as session:
        return list(await session.scalars(select(Turn.text).order_by(Turn.id)))


async def announce(session: AsyncSession, now: datetime) -> Announcement:
    """Add an announcement on its way; nobody is told of it."""
    made = Announcement(
        title="Họp",
        topic="ocop",
        body="Mời bà con.",
        audience={},
        author="Lan",
        created_at=now,
        queued_at=now,
    )
    session.add(made)
    await session.flush()
    return made


async def deliver(session: AsyncSession, person: Person, state: str, now: datetime) -> Delivery:
    """Add an announcement and its delivery to a person, in a state."""
    made = await announce(session, now)
    row = Delivery(
        announcement_id=made.id, person_id=person.id, who=person.who, batch=0, state=state
    )
    session.add(row)
    await session.flush()
    return row
