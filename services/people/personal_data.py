"""What is held of a person: told to that person, given in full to staff, or erased.

Personal Data Protection Law 91/2025/QH15, article 4 (to know, to see, to correct, to delete). What
is left of an erased person is a keyed hash. It stands beside what is on its way, so that nothing is
sent twice, and among those whom no list of the office brings back.
"""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services import inbox
from services.clock import day_of
from services.conversation.pending import LINK
from services.conversation.plain import literal
from services.conversation.reply import Reply
from services.conversation.state import erase_conversation
from services.knowledge.library import Library
from services.people import groups
from services.people.end_dates import unname
from services.people.person import TELEGRAM, Identity, find
from services.people.places import place_name
from services.people.profile import consents_of, read_profile
from services.people.questions import Questions
from services.storage.dialects import insert
from services.storage.models import (
    Announcement,
    Authoring,
    Base,
    Consent,
    Conversation,
    Delivery,
    Feedback,
    GroupMember,
    Pending,
    Person,
    Press,
    Staff,
    Suppression,
    TopicChoice,
    Turn,
)
from services.storage.session import Sessions

_TRIES = 20
_PAUSE = 0.1


@dataclass(frozen=True)
class KeptDays:
    """For how many days things are kept."""

    turns: int
    backups: int


@dataclass(frozen=True)
class PersonRecord:
    """What is held of one chat; `person` is None of one who only asked."""

    person: Person | None
    consent: list[Consent]
    topics: dict[str, bool]
    """What the person chose, by topic."""
    groups: list[str]
    deliveries: list[Delivery]
    turns: list[Turn]
    judged: list[Feedback]
    """What the person thought of answers."""
    presses: list[Press]
    conversation: Conversation | None
    """What was asked last, and what is open."""
    account: str
    """The name of the account of staff that is linked to the chat."""

    @property
    def verdicts(self) -> int:
        """How many answers the person judged."""
        return len(self.judged)

    @property
    def tells_more(self) -> bool:
        """Whether anything is held but that the person came."""
        rows = (self.consent, self.topics, self.groups, self.deliveries, self.turns, self.judged)
        return any((*rows, self.presses, self.account))

    @property
    def place(self) -> str:
        """The name of the person's ward or commune, empty when none is known."""
        return place_name(self.person.place if self.person else None)

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON-ready values; times are ISO 8601, in UTC."""
        return {
            "person": _person(self.person, self.place) if self.person else None,
            "consent": [
                _plain(row, "at", "given", "purpose", "wording", "source") for row in self.consent
            ],
            "topics": self.topics,
            "groups": self.groups,
            "deliveries": [
                _plain(row, "announcement_id", "state", "reason", "at") for row in self.deliveries
            ],
            "turns": [
                _plain(row, "at", "text", "payload", "outcome", "articles") for row in self.turns
            ],
            "verdicts": self.verdicts,
            "judged": [_plain(row, "at", "article", "useful", "reason") for row in self.judged],
            "presses": [_plain(row, "announcement_id", "button", "at") for row in self.presses],
            "conversation": self.conversation
            and _plain(self.conversation, "updated_at", "question", "article"),
            "account": self.account,
        }


async def tell_held(
    session: AsyncSession, person: Person, library: Library, kept: KeptDays
) -> Reply:
    """Say in plain words everything that is held of a person, and how to change or erase it."""
    summary = Questions(library, await read_profile(session, person)).known()
    told = library.phrases.say(
        "told",
        **summary,
        name=literal(person.name),
        groups=[literal(name) for name in await groups.of_person(session, person.id)],
        staff=literal(await _account(session, person)),
        consents=[_consent(row) for row in await consents_of(session, person)],
        seen=day_of(person.seen_at) if person.seen_at else None,
        turns=await _count(session, Turn, _theirs(Turn, person)),
        verdicts=await _count(session, Feedback, _theirs(Feedback, person)),
        sent=await _count(session, Delivery, _sent(person)),
        waiting=await inbox.waiting(session, person.channel, person.chat),
        kept=kept,
    )
    return Reply("smalltalk", told)


async def held(session: AsyncSession, channel: str, chat: str) -> PersonRecord | None:
    """Return what is held of a chat, or None when that is nothing."""
    person = await find(session, channel, chat)
    mine = select(Turn).where(Turn.channel == channel, Turn.key == chat).order_by(Turn.id)
    turns = list(await session.scalars(mine))
    judged = select(Feedback).where(Feedback.channel == channel, Feedback.key == chat)
    verdicts = list(await session.scalars(judged.order_by(Feedback.id)))
    talks = select(Conversation).where(Conversation.channel == channel, Conversation.key == chat)
    talk = await session.scalar(talks)
    if person is None:
        known = turns or verdicts or talk
        return PersonRecord(None, [], {}, [], [], turns, verdicts, [], talk, "") if known else None
    pressed = select(Press).where(Press.who == person.who).order_by(Press.at)
    sent = select(Delivery).where(Delivery.person_id == person.id).order_by(Delivery.id)
    return PersonRecord(
        person,
        await consents_of(session, person),
        await _topics(session, person),
        await groups.of_person(session, person.id),
        list(await session.scalars(sent)),
        turns,
        verdicts,
        list(await session.scalars(pressed)),
        talk,
        await _account(session, person),
    )


async def _topics(session: AsyncSession, person: Person) -> dict[str, bool]:
    rows = await session.scalars(select(TopicChoice).where(TopicChoice.person_id == person.id))
    return {row.topic: row.wanted for row in rows}


def _consent(row: Consent) -> dict[str, object]:
    """Return a yes or a no as it is told."""
    return {
        "day": day_of(row.at),
        "given": row.given,
        "own": row.source == "self",
        "wording": literal(row.wording),
    }


def _theirs(table: type[Turn | Feedback], person: Person) -> ColumnElement[bool]:
    return and_(table.channel == person.channel, table.key == person.chat)


def _sent(person: Person) -> ColumnElement[bool]:
    return and_(Delivery.person_id == person.id, Delivery.state == "sent")


async def _count(session: AsyncSession, table: type[Base], which: ColumnElement[bool]) -> int:
    return await session.scalar(select(func.count()).select_from(table).where(which)) or 0


async def _account(session: AsyncSession, person: Person) -> str:
    """Return the name of the account of staff that is linked to this chat, if any."""
    query = select(Staff.name).where(Staff.chat == person.chat)
    return await session.scalar(query) or ""


def _person(person: Person, place: str) -> dict[str, Any]:
    names = ("name", "role", "agreed", "stopped", "stopped_at", "created_at", "seen_at")
    where = {"place": person.place, "place_name": place}
    return {"channel": person.channel, "chat_id": person.chat, **where, **_plain(person, *names)}


def _plain(row: Any, *names: str) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in names}
    return {n: v.isoformat() if hasattr(v, "isoformat") else v for n, v in values.items()}


@dataclass(frozen=True)
class Erased:
    """What was erased of a person."""

    known: bool
    """Whether the person was known, beside their questions."""
    turns: int
    """How many turns of their conversation."""


async def erase(
    session: AsyncSession, identity: Identity, channel: str, chat: str, now: datetime
) -> Erased:
    """Erase a person, their conversation and their link to staff; nothing more is sent to them.

    Deliveries of what is on its way keep their hash, so that no announcement comes twice, and
    lists of the office leave the person out from now on, known here before or not.
    """
    count = await erase_conversation(session, channel, chat)
    if channel == TELEGRAM:
        await _leave_staff(session, chat)
    suppressed = insert(session, Suppression).values(who=identity.of(channel, chat), at=now)
    await session.execute(suppressed.on_conflict_do_nothing())
    person = await find(session, channel, chat)
    if person is None:
        return Erased(known=False, turns=count)
    theirs = Delivery.person_id == person.id
    waiting = update(Delivery).where(theirs, Delivery.state == "pending")
    await session.execute(waiting.values(state="stopped", reason="erased"))
    await unname(session, person.who)
    await session.execute(update(Delivery).where(theirs).values(person_id=None))
    for table in (Consent, TopicChoice, GroupMember):
        await session.execute(delete(table).where(table.person_id == person.id))
    await session.execute(delete(Person).where(Person.id == person.id))
    return Erased(known=True, turns=count)


async def suppressed(session: AsyncSession, hashes: Collection[str]) -> set[str]:
    """Return which of some keyed hashes, a thousand at most, are of people who were erased."""
    query = select(Suppression.who).where(Suppression.who.in_(hashes))
    return set(await session.scalars(query))


async def lift_suppression(session: AsyncSession, who: str) -> None:
    """Let lists count again for someone who was erased and starts anew, by their keyed hash."""
    await session.execute(delete(Suppression).where(Suppression.who == who))


async def _leave_staff(session: AsyncSession, chat: str) -> None:
    """Take a chat away from its account, what was half written there, and what it follows."""
    await session.execute(delete(Pending).where(Pending.channel == LINK, Pending.key == chat))
    theirs = select(Staff.id).where(Staff.chat == chat)
    await session.execute(delete(Authoring).where(Authoring.staff_id.in_(theirs)))
    followed = Announcement.progress[0].as_string() == chat
    await session.execute(update(Announcement).where(followed).values(progress=[]))
    await session.execute(update(Staff).where(Staff.chat == chat).values(chat=None, linked_at=None))


async def hold_back(sessions: Sessions, channel: str, chat: str) -> bool:
    """Before erasing: let nothing begin to be sent to a person, and what has begun arrive.

    It would else arrive after the person was told that all is erased. Two seconds are waited at
    most; returns whether nothing is under way.
    """
    async with sessions.begin() as session:
        person = await find(session, channel, chat)
        if person is None:
            return True
        person.agreed = False
    sending = exists().where(Delivery.person_id == person.id, Delivery.state == "sending")
    for _ in range(_TRIES):
        async with sessions() as session:
            if not await session.scalar(select(sending)):
                return True
        await asyncio.sleep(_PAUSE)
    return False
