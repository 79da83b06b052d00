"""What a person has said of himself, and the consent to announcements: when, and in which words.

Personal Data Protection Law 91/2025/QH15, article 4 (consent, its withdrawal). What a person says
is read once and changed in place; what staff import of many is noted at once.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.knowledge.schema import Topic
from services.people.places import Place, places
from services.storage.models import Consent, Person, TopicChoice

_PURPOSE = "announcements"


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

    def wants(self, name: str, topic: Topic) -> bool:
        """Say whether a topic is wanted; whoever refused announcements wants none.

        Who agreed wants all that they did not turn off, but for what is no matter of the articles:
        the words that they agreed to were of those alone.
        """
        if self.answered and not self.agreed:
            return False
        chosen = self.choices.get(name)
        return chosen.wanted if chosen else self.agreed and topic.subject is not None

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

    def want_also(
        self, topic: str, topics: Mapping[str, Topic], wording: str, now: datetime
    ) -> None:
        """Note that a topic is wanted beside those wanted already: a yes, where there was none."""
        if self.agreed:
            self.choose(topic, wanted=True)
            return
        ticked = [name for name, one in topics.items() if self.wants(name, one)]
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
            purpose=_PURPOSE,
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


async def note_imported_consent(
    session: AsyncSession,
    given: Mapping[int, bool],
    wording: str,
    now: datetime,
    *,
    on_paper: bool = False,
) -> set[int]:
    """Note what staff import of many people, by their ids; return those whose yes does not count.

    A yes never overrides the person's own no. What was the last word already is noted again only
    where a paper is named now, and staff had said it without, or by another.
    """
    words = await _words(session, given)
    refused = {person for person, yes in given.items() if yes and words.own.get(person) is False}
    fresh = {
        person: yes
        for person, yes in given.items()
        if person not in refused
        and (words.last.get(person) is not yes or (on_paper and words.differs(person, wording)))
    }
    if not fresh:
        return refused
    common = {"purpose": _PURPOSE, "at": now, "wording": wording, "source": "import"}
    rows = [{"person_id": person, "given": yes, **common} for person, yes in fresh.items()]
    await session.execute(insert(Consent), rows)
    for yes in (True, False):
        those = [person for person, given_now in fresh.items() if given_now is yes]
        await session.execute(update(Person).where(Person.id.in_(those)).values(agreed=yes))
    return refused


async def consents_of(session: AsyncSession, person: Person) -> list[Consent]:
    """Return every yes and no of a person, the oldest first."""
    query = select(Consent).where(Consent.person_id == person.id).order_by(Consent.id)
    return list(await session.scalars(query))


@dataclass(frozen=True)
class _LastWords:
    """The last word of people: whoever said it, and of those who spoke themselves their own."""

    last: dict[int, bool] = field(default_factory=dict)
    own: dict[int, bool] = field(default_factory=dict)
    imported: dict[int, str] = field(default_factory=dict)
    """Where staff said that the last word comes from, of people of whom it is theirs."""

    def differs(self, person: int, wording: str) -> bool:
        """Say whether staff said the last word about someone, in other words than these."""
        return self.imported.get(person, wording) != wording


async def _words(session: AsyncSession, people: Collection[int]) -> _LastWords:
    columns = select(Consent.person_id, Consent.given, Consent.source, Consent.wording)
    theirs = columns.where(Consent.person_id.in_(people)).order_by(Consent.id)
    words = _LastWords()
    for person, given, source, wording in await session.execute(theirs):
        words.last[person] = given
        if source == "self":
            words.own[person] = given
            words.imported.pop(person, None)
        else:
            words.imported[person] = wording
    return words
