"""What is held of a person: told to that person, or erased; all its rows are in `record`.

Personal Data Protection Law 91/2025/QH15, article 4 (to know, to see, to correct, to delete). What
is left of an erased person is a keyed hash that was never theirs while they were here, so that it
joins to nothing that was kept or copied before. It stands beside what is on its way, so that
nothing is sent twice, until that is over; and among those whom no list of the office brings back:
to heed "let me be" for good it must be known again who said so, and this is the least that does.
"""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from textwrap import shorten

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services import inbox
from services.clock import day_of
from services.conversation.kept import erase_conversation
from services.conversation.pending import LINK
from services.conversation.plain import literal
from services.conversation.reply import Reply
from services.knowledge.library import Library
from services.people import groups
from services.people.end_dates import unname
from services.people.person import (
    TELEGRAM,
    Identity,
    bar,
    find,
    is_listed,
    rename_in_audiences,
    struck,
)
from services.people.profile import consents_of, read_profile
from services.people.questions import Questions
from services.people.record import account_of
from services.storage.dialects import rows_of
from services.storage.models import (
    Announcement,
    Authoring,
    Base,
    Consent,
    Delivery,
    Dossier,
    Feedback,
    FormRun,
    GroupMember,
    Notice,
    Pending,
    Person,
    Reminder,
    Staff,
    Suppression,
    TopicChoice,
    Turn,
)
from services.storage.session import Sessions

_TRIES = 20
_PAUSE = 0.1
_WORDS_SHOWN = 120
_WISH = "/xoa"
"""The words of whoever wants all to be gone."""


async def tell_held(session: AsyncSession, person: Person, library: Library) -> Reply:
    """Say in plain words everything that is held of a person, and how to change or erase it."""
    summary = Questions(library, await read_profile(session, person)).known()
    told = library.phrases.say(
        "told",
        **summary,
        name=literal(person.name),
        groups=[literal(name) for name in await groups.of_person(session, person.id)],
        staff=literal(await account_of(session, person.chat)),
        consents=[_consent(row) for row in await consents_of(session, person)],
        seen=day_of(person.seen_at) if person.seen_at else None,
        turns=await _count(session, Turn, _theirs(Turn, person)),
        verdicts=await _count(session, Feedback, _theirs(Feedback, person)),
        sent=await _count(session, Delivery, _sent(person)),
        dossiers=await _count(session, Dossier, _theirs(Dossier, person)),
        forms=await _count(session, FormRun, _theirs(FormRun, person)),
        reminders=await _count(session, Reminder, _theirs(Reminder, person)),
        waiting=await inbox.waiting(session, person.channel, person.chat),
        kept=library.phrases.keeper,  # as content of before calls it
    )
    return Reply("smalltalk", told)


def _consent(row: Consent) -> dict[str, object]:
    """Return a yes or a no as it is told; all its words are in the file."""
    return {
        "day": day_of(row.at),
        "given": row.given,
        "own": row.source == "self",
        "wording": literal(shorten(row.wording, _WORDS_SHOWN, placeholder=" …")),
    }


def _theirs(
    table: type[Turn | Feedback | Dossier | FormRun | Reminder], person: Person
) -> ColumnElement[bool]:
    return and_(table.channel == person.channel, table.key == person.chat)


def _sent(person: Person) -> ColumnElement[bool]:
    return and_(Delivery.person_id == person.id, Delivery.state == "sent")


async def _count(session: AsyncSession, table: type[Base], which: ColumnElement[bool]) -> int:
    return await session.scalar(select(func.count()).select_from(table).where(which)) or 0


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

    Deliveries of what is on its way keep a hash, so that no announcement comes twice, and lists of
    the office leave the person out from now on, known here before or not.
    """
    if channel == TELEGRAM:
        await _leave_staff(session, chat)
    return await erase_person(session, identity, channel, chat, now)


async def erase_person(
    session: AsyncSession, identity: Identity, channel: str, chat: str, now: datetime
) -> Erased:
    """Erase all of them but their link to staff."""
    count = await erase_conversation(session, channel, chat)
    marks = identity.erased(channel, chat)
    if is_listed(channel):
        await bar(session, marks, now)  # first: it waits for a list that brings them just now
    person = await find(session, channel, chat)
    marks += [person.who] if person else []
    await take_from_records(session, marks, person.id if person else 0)
    if person is None:
        return Erased(known=False, turns=count)
    for table in (Consent, TopicChoice, GroupMember):
        await session.execute(delete(table).where(table.person_id == person.id))
    await session.execute(delete(Person).where(Person.id == person.id))
    return Erased(known=True, turns=count)


async def take_from_records(session: AsyncSession, marks: Sequence[str], person: int = 0) -> None:
    """Take the hashes of somebody who is erased from deliveries, presses and audiences.

    `marks` are those of `Identity.erased`; nobody has the id nought.
    """
    mark, *hashes = marks
    await unname(session, person, hashes, mark)
    await rename_in_audiences(session, {who: struck(who) for who in hashes})


async def suppressed(session: AsyncSession, hashes: Collection[str]) -> set[str]:
    """Return which of some hashes, as `Identity.erased` gives them, are of the erased."""
    query = select(Suppression.who).where(Suppression.who.in_(rows_of(tuple(hashes))))
    return set(await session.scalars(query))


async def lift_suppression(
    session: AsyncSession, identity: Identity, channel: str, chat: str
) -> None:
    """Let lists count again for someone who was erased and starts anew."""
    theirs = Suppression.who.in_(identity.erased(channel, chat))
    await session.execute(delete(Suppression).where(theirs))


async def _leave_staff(session: AsyncSession, chat: str) -> None:
    """Take a chat away from its account, what was half written there, and what it follows."""
    await session.execute(delete(Pending).where(Pending.channel == LINK, Pending.key == chat))
    theirs = select(Staff.id).where(Staff.chat == chat)
    await session.execute(delete(Authoring).where(Authoring.staff_id.in_(theirs)))
    followed = Announcement.progress[0].as_string() == chat
    await session.execute(update(Announcement).where(followed).values(progress=[]))
    await session.execute(update(Staff).where(Staff.chat == chat).values(chat=None, linked_at=None))


async def hold_back(sessions: Sessions, channel: str, chat: str, now: datetime) -> bool:
    """Before erasing: let nothing begin to be sent to a person, and what has begun arrive.

    It would else arrive after the person was told that all is erased. Two seconds are waited at
    most; returns whether nothing is under way. Should the erasure fail, that they are sent nothing
    any more is told as their own no.
    """
    noticed = and_(Notice.channel == channel, Notice.key == chat)
    async with sessions.begin() as session:
        waiting = update(Notice).where(noticed, Notice.state == "pending")
        await session.execute(waiting.values(state="stopped", reason="erased"))
        person = await find(session, channel, chat)
        if person is not None and person.agreed:
            profile = await read_profile(session, person)
            profile.answer(given=False, wording=_WISH, now=now)
    number = person.id if person else 0  # which nobody has
    letters = and_(Delivery.person_id == number, Delivery.state == "sending")
    sending = or_(exists().where(letters), exists().where(noticed, Notice.state == "sending"))
    for _ in range(_TRIES):
        async with sessions() as session:
            if not await session.scalar(select(sending)):
                return True
        await asyncio.sleep(_PAUSE)
    return False
