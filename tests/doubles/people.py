"""A person whom tests speak for, and what the database knows of people."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.bootstrap import Services
from services.conversation.reply import Reply
from services.knowledge.library import Library
from services.people import enrolment, subscription
from services.people.deeplink import Deeplink
from services.people.person import Identity, meet
from services.people.profile import Profile, read_profile
from services.people.questions import Questions
from services.storage.models import Announcement, Base, Consent, Delivery, Person, Turn

WORDING = "consent_announcements"


@dataclass(frozen=True)
class Someone:
    """A person who talks with the product, and what keeps their words."""

    session: AsyncSession
    person: Person
    library: Library
    now: datetime

    async def begin(self, link: Deeplink = enrolment.NOWHERE) -> Reply:
        """Start."""
        return await enrolment.begin(self.session, self.person, self.library, self.now, link)

    async def press(self, what: str) -> Reply | None:
        """Press a button of the walk, by its payload as it is."""
        return await enrolment.press(self.session, self.person, self.library, self.now, what)

    async def tap(self, *buttons: str) -> str:
        """Press buttons under today's words, one after the other; return the last reply."""
        text = ""
        for what in buttons:
            stamp = Questions(self.library, await self.profile()).stamp(what.partition("-")[0])
            reply = await self.press(f"{what}.{stamp}" if stamp else what)
            text = reply.lead if reply else "stale"
        return text

    async def write_place(self, text: str) -> Reply | None:
        """Write what may be the name of a place."""
        return await enrolment.write_place(self.session, self.person, self.library, self.now, text)

    async def stop(self, named: str = "") -> Reply:
        """Stop announcements, or those of a topic."""
        return await subscription.stop(self.session, self.person, self.library, self.now, named)

    async def start(self, named: str = "") -> Reply:
        """Start announcements, or those of a topic."""
        return await subscription.start(self.session, self.person, self.library, self.now, named)

    async def press_under(self, payload: str) -> Reply | None:
        """Press a button under an announcement."""
        return await subscription.press(self.session, self.person, self.library, self.now, payload)

    async def profile(self) -> Profile:
        """Return what is known of the person."""
        await self.session.flush()
        return await read_profile(self.session, self.person)

    async def choices(self) -> dict[str, bool]:
        """Return what the person chose, by topic."""
        return {name: row.wanted for name, row in (await self.profile()).choices.items()}

    def say(self, phrase: str, **values: object) -> str:
        """Render a phrase; of what a yes answers the terms are part."""
        return words(self.library, phrase, **values)


def words(library: Library, phrase: str, **values: object) -> str:
    """Return a phrase as people read it."""
    terms = library.phrases.say("consent_terms")
    return library.phrases.say(phrase, terms=terms, **values)


async def someone_in(services: Services, session: AsyncSession, chat: str = "7") -> Someone:
    """Return the person of a chat, who writes now."""
    identity = Identity(services.settings.secret_key.get_secret_value())
    now = services.now()
    person = await meet(session, identity, "telegram", chat, now)
    return Someone(session, person, services.library, now)


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
