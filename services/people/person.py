"""A person as met: made at the first message, revived by the next, stopped when gone."""

import hashlib
import hmac
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

from sqlalchemy import (
    ColumnElement,
    Text,
    and_,
    cast,
    delete,
    false,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from services.settings import Settings
from services.storage.dialects import insert
from services.storage.models import Announcement, Authoring, Delivery, Person, Suppression

Ids = dict[tuple[str, str], int]
"""The ids of people by channel and chat."""
Role = Literal["farmer", "member", "manager", "officer"]
ROLES: tuple[Role, ...] = get_args(Role)
_HASH = re.compile('"([0-9a-f]{64})"')
NOBODY = "-"
"""How what stands for nobody any more begins; a keyed hash never does."""
TELEGRAM = "telegram"
"""The channel of a list that names none, and of staff's links."""
PAGE = "web"
"""The channel of the page and of what programs ask."""
Stop = Literal["blocked", "deactivated", "not_found"]
"""Why nothing reaches a person; see https://core.telegram.org/bots/api#making-requests."""
SEEN_EVERY = timedelta(hours=1)
"""How often it is written down that somebody was seen."""


@dataclass(frozen=True)
class Identity:
    """Who someone is to a row that must outlive them: a keyed hash, which opens nothing."""

    key: str
    """The product's secret key."""
    former: tuple[str, ...] = ()
    """Keys that were in use before it."""

    def of(self, channel: str, chat: str) -> str:
        """Return 64 hexadecimal digits, the same for the same chat as long as the key is kept."""
        return _hash(self.key, channel, chat)

    def every(self, channel: str, chat: str) -> list[str]:
        """Return who a chat is, and who it was under the keys that were in use before."""
        return [_hash(key, channel, chat) for key in (self.key, *self.former)]

    def erased(self, channel: str, chat: str) -> list[str]:
        """Return by what one who was erased is known again; the first is what is written now.

        It lies in a space of its own: an old copy of the database, in which the other hash stands
        beside the chat, does not tell whose it is. Former keys and releases wrote the others.
        """
        return [*self.every(f"erased-{channel}", chat), *self.every(channel, chat)]


def identity_of(settings: Settings) -> Identity:
    """Return what tells who people are, by the keys of the settings."""
    former = settings.former_keys.get_secret_value().split(",")
    keys = tuple(key.strip() for key in former if key.strip())
    return Identity(settings.secret_key.get_secret_value(), keys)


def _hash(key: str, channel: str, chat: str) -> str:
    named = f"person\x00{channel}\x00{chat}".encode()
    return hmac.new(key.encode(), named, hashlib.sha256).hexdigest()


def struck(who: str) -> str:
    """Return what stands in a list for the hash of one who was erased.

    A list of nobody else then names nobody, not everybody; and that it is the list that was
    approved can still be told.
    """
    return f"{NOBODY}{hashlib.sha256(who.encode()).hexdigest()[:32]}"


def struck_out(rule: dict[str, Any], hashes: Iterable[str]) -> dict[str, Any]:
    """Return JSON in which some hashes are struck, wherever they stand."""
    return with_hashes(rule, {who: struck(who) for who in hashes})


def with_hashes(rule: dict[str, Any], others: Mapping[str, str]) -> dict[str, Any]:
    """Return JSON in which others take the places of some hashes, wherever they stand."""
    words = _HASH.sub(lambda found: f'"{others.get(found[1], found[1])}"', json.dumps(rule))
    told: dict[str, Any] = json.loads(words)
    return told


def naming(column: InstrumentedAttribute[Any], hashes: Iterable[str]) -> ColumnElement[bool]:
    """Return what holds for JSON of a column that names any of some hashes."""
    return or_(*(cast(column, Text).contains(who) for who in hashes))


async def rename_in_audiences(session: AsyncSession, others: Mapping[str, str]) -> None:
    """Have audiences, kept or half written, name others in the places of some hashes."""
    kept = select(Announcement).where(naming(Announcement.audience, others))
    for announcement in await session.scalars(kept):
        announcement.audience = with_hashes(announcement.audience, others)
    written = select(Authoring).where(naming(Authoring.fields, others))
    for draft in await session.scalars(written):
        draft.fields = with_hashes(draft.fields, others)


def is_listed(channel: str) -> bool:
    """Say whether lists and announcements reach a channel: not what is asked on the page."""
    return channel != PAGE


async def bar(session: AsyncSession, marks: Sequence[str], at: datetime) -> None:
    """Have lists bring somebody back no more; `marks` are those of `Identity.erased`."""
    mark, *others = marks
    await session.execute(delete(Suppression).where(Suppression.who.in_(others)))
    barred = insert(session, Suppression).values(who=mark, at=at)
    await session.execute(barred.on_conflict_do_nothing())


async def find(session: AsyncSession, channel: str, chat: str) -> Person | None:
    """Return the person of a chat, if known."""
    query = select(Person).where(Person.channel == channel, Person.chat == chat)
    return await session.scalar(query)


async def find_many(
    session: AsyncSession, chats: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], Person]:
    """Return those who are known of some chats, a thousand at most, by channel and chat."""
    found = await session.scalars(select(Person).where(_met_in(chats)))
    return {(person.channel, person.chat): person for person in found}


async def ids_of(session: AsyncSession, chats: Iterable[tuple[str, str]]) -> Ids:
    """Return the ids of those who are known of some chats, a thousand at most."""
    columns = select(Person.channel, Person.chat, Person.id).where(_met_in(chats))
    return {(channel, chat): person for channel, chat, person in await session.execute(columns)}


async def meet(
    session: AsyncSession, identity: Identity, channel: str, chat: str, now: datetime
) -> Person:
    """Return the person of a chat who writes now: made if unknown, revived if stopped."""
    found = await find(session, channel, chat)
    if found is None:
        found = Person(
            channel=channel, chat=chat, who=identity.of(channel, chat), created_at=now, seen_at=now
        )
        session.add(found)
        await _recognise(session, identity, found)
        await session.flush()
    elif is_due(found, now):
        found.seen_at, found.stopped, found.stopped_at = now, None, None
    return found


async def _recognise(session: AsyncSession, identity: Identity, found: Person) -> None:
    """Know again who was erased: what is still on its way does not come a second time.

    What bars lists stays, under the key in use.
    """
    mark, *others = identity.erased(found.channel, found.chat)
    barred = select(Suppression).where(Suppression.who.in_((mark, *others)))
    gone = await session.scalar(barred)
    if gone is None:
        return
    if gone.who != mark:
        await bar(session, (mark, *others), gone.at)
    theirs = Delivery.who.in_((mark, *others)) & Delivery.person_id.is_(None)
    await session.execute(update(Delivery).where(theirs).values(who=found.who))


async def count(session: AsyncSession) -> tuple[int, int]:
    """Return how many people are known, and how many of them agreed to announcements."""
    known = await session.scalar(select(func.count()).select_from(Person))
    agreed = await session.scalar(select(func.count()).where(Person.agreed))
    return known or 0, agreed or 0


def is_due(found: Person | None, now: datetime) -> bool:
    """Say whether meeting a person now changes anything: for most, once an hour."""
    if found is None or found.stopped or found.seen_at is None:
        return True
    return now - found.seen_at >= SEEN_EVERY


def stop(person: Person, reason: Stop, now: datetime) -> None:
    """Note that nothing reaches a person any more, until they write again."""
    person.stopped, person.stopped_at = reason, now


def _met_in(chats: Iterable[tuple[str, str]]) -> ColumnElement[bool]:
    by_channel = defaultdict(list)
    for channel, chat in chats:
        by_channel[channel].append(chat)
    theirs = (
        and_(Person.channel == channel, Person.chat.in_(named))
        for channel, named in by_channel.items()
    )
    return or_(false(), *theirs)
