"""What a person has said of himself, and of announcements: read once, changed in place."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.people.consent import PURPOSE
from services.people.places import Place, places
from services.storage.models import Consent, Person, TopicChoice


@dataclass
class Profile:
    """What is known of a person; what changes is in the session at once, the caller commits."""

    session: AsyncSession
    person: Person
    choices: dict[str, TopicChoice]
    """What was chosen of single topics."""
    last: Consent | None
    """The last yes or no to announcements, if there ever was one."""

    @property
    def place(self) -> Place | None:
        """Where the person lives, if that is known."""
        return places().get(self.person.place or "")

    @property
    def agreed(self) -> bool:
        """Whether the person agrees to announcements."""
        return self.person.agreed

    @property
    def answered(self) -> bool:
        """Whether there ever was a yes or a no to announcements."""
        return self.last is not None

    def wants(self, topic: str) -> bool:
        """Say whether a topic is wanted; whoever refused announcements wants none."""
        if self.answered and not self.agreed:
            return False
        chosen = self.choices.get(topic)
        return chosen.wanted if chosen else self.agreed

    def choose(self, topic: str, *, wanted: bool) -> None:
        """Note that a topic is wanted, or is not."""
        if topic in self.choices:
            self.choices[topic].wanted = wanted
            return
        row = TopicChoice(person_id=self.person.id, topic=topic, wanted=wanted)
        self.session.add(row)
        self.choices[topic] = row

    def want_only(
        self, wanted: Collection[str], topics: Collection[str], wording: str, now: datetime
    ) -> None:
        """Note a yes to announcements of some of the topics there are, and of no other."""
        for topic in topics:
            self.choose(topic, wanted=topic in wanted)
        self.answer(given=True, wording=wording, now=now)

    def want_also(self, topic: str, topics: Collection[str], wording: str, now: datetime) -> None:
        """Note that a topic is wanted beside those wanted already: a yes, where there was none."""
        if self.agreed:
            self.choose(topic, wanted=True)
            return
        ticked = [name for name in topics if self.wants(name)]
        self.want_only({*ticked, topic}, topics, wording, now)

    def answer(self, *, given: bool, wording: str, now: datetime) -> None:
        """Note the person's own yes or no to announcements, with the words that it answers.

        The topics that were chosen stay. The same answer to the same words is noted once: a button
        may be pressed twice.
        """
        self.person.agreed = given
        last = self.last
        if last and (last.given, last.source, last.wording) == (given, "self", wording):
            return
        self.last = Consent(
            person_id=self.person.id,
            purpose=PURPOSE,
            given=given,
            at=now,
            wording=wording,
            source="self",
        )
        self.session.add(self.last)


async def read_profile(session: AsyncSession, person: Person) -> Profile:
    """Return what a person has said so far."""
    chosen = select(TopicChoice).where(TopicChoice.person_id == person.id)
    answers = select(Consent).where(Consent.person_id == person.id).order_by(Consent.id.desc())
    return Profile(
        session,
        person,
        {choice.topic: choice for choice in await session.scalars(chosen)},
        await session.scalar(answers.limit(1)),
    )
