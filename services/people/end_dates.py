"""When what is kept of people ends: those who never come back, whose old records are.

Personal Data Protection Law 91/2025/QH15, article 3 (no longer than the purpose needs). Deliveries
and presses stay as numbers of their report; whose they were is overwritten by chance, so that not
even the key tells it. Of consents the last word stays as long as the person does.
"""

import secrets
from collections.abc import Callable, Collection, Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    delete,
    exists,
    func,
    not_,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from services.people.person import NOBODY, Identity, identity_of
from services.settings import Settings
from services.storage.dialects import insert
from services.storage.models import (
    Announcement,
    Consent,
    Delivery,
    Dossier,
    FormRun,
    GroupMember,
    Person,
    Press,
    Reminder,
    Suppression,
    TopicChoice,
    Turn,
)
from services.storage.session import Sessions, claim

_BATCH = 1000
"""Rows of one transaction: others write between two of them."""
_UNDER_WAY = ("queued", "sending", "paused")
_OVER = ("done", "cancelled", "failed")


@dataclass(frozen=True)
class EndDates:
    """From which moments back what is kept has ended."""

    now: datetime
    turns: datetime
    people: datetime
    records: datetime
    identity: Identity
    """What hides who people are."""

    @classmethod
    def of(cls, settings: Settings, now: datetime) -> "EndDates":
        """Return them, counted from now."""
        kept = (settings.keep_days, settings.people_days, settings.record_days)
        turns, people, records = (now - timedelta(days=days) for days in kept)
        return cls(now, turns, people, records, identity_of(settings))


_End: TypeAlias = Callable[[AsyncSession, EndDates], Coroutine[Any, Any, int]]


async def end_old(sessions: Sessions, ends: EndDates) -> int:
    """Let go of all that has ended; return of how many rows."""
    gone = 0
    works: tuple[_End, ...] = (
        _forget_people,
        _unname_erased,
        _unname_deliveries,
        _unname_presses,
        _drop_consents,
    )
    for work in works:
        while taken := await _one_batch(sessions, work, ends):
            gone += taken
    return gone


async def overdue(session: AsyncSession, ends: EndDates) -> int:
    """Count what has ended and is still there; what is tidied daily has a day more."""
    day_ago = ends.now - timedelta(days=1)
    turns = select(Turn.id).where(Turn.at < ends.turns - timedelta(days=1))
    forms = select(FormRun.id).where(FormRun.until < day_ago)
    dossiers = select(Dossier.id).where(Dossier.until < day_ago)
    tidied = (turns, forms, dossiers)
    each = (*tidied, _people(ends), _deliveries(ends), _presses(ends), _consents(ends))
    counts = [select(func.count()).select_from(rows.subquery()) for rows in each]
    return sum([await session.scalar(count) or 0 for count in counts])


async def unname(session: AsyncSession, person: int, hashes: Collection[str], mark: str) -> None:
    """Take someone's keyed hashes from all records, for they are erased; what waits is stopped.

    Beside an announcement that is not over the mark takes their place: it bars a second letter.
    """
    # by both: where a chat was moved, its old hash stands beside the person
    theirs = or_(Delivery.who.in_((*hashes, mark)), Delivery.person_id == person)
    waiting = update(Delivery).where(theirs, Delivery.state == "pending")
    await session.execute(waiting.values(state="stopped", reason="erased"))
    going = select(Delivery).join(Announcement).where(theirs, Announcement.state.not_in(_OVER))
    marked = set[int]()
    for row in await session.scalars(going.order_by(Delivery.id)):
        # where a chat was moved there may be two of them; one bars as well as both
        row.who = _nobody() if row.announcement_id in marked else mark
        row.person_id = None
        marked.add(row.announcement_id)
    await session.flush()
    over = Delivery.announcement_id.in_(_ended())
    await _take_names(session, select(Delivery.id).where(theirs, over))
    pressed = select(Press.announcement_id, Press.who, Press.button).where(Press.who.in_(hashes))
    await _take_names_of_presses(session, pressed)


async def _one_batch(sessions: Sessions, work: _End, ends: EndDates) -> int:
    async with sessions.begin() as session:
        await claim(session)
        return await work(session, ends)


async def _forget_people(session: AsyncSession, ends: EndDates) -> int:
    """Delete people and what hangs on them; they may come back, and lists may bring them.

    Not those who said no themselves: nothing but that would tell a list of their no.
    """
    oldest = _people(ends).limit(_BATCH).with_for_update(skip_locked=True)
    ids = list(await session.scalars(oldest))
    refused = (await session.execute(_refused(ids))).all()
    marks = [{"who": ends.identity.erased(*chat)[0], "at": ends.now} for chat in refused]
    if marks:
        await session.execute(insert(session, Suppression).on_conflict_do_nothing(), marks)
    for table in (Consent, TopicChoice, GroupMember):
        await session.execute(delete(table).where(table.person_id.in_(ids)))
    theirs = update(Delivery).where(Delivery.person_id.in_(ids))
    await session.execute(theirs.values(person_id=None))
    await session.execute(delete(Person).where(Person.id.in_(ids)))
    return len(ids)


async def _unname_erased(session: AsyncSession, _ends: EndDates) -> int:
    """Take the mark of who was erased from what was on its way then and is over now."""
    barred = Delivery.who.in_(select(Suppression.who)) & Delivery.person_id.is_(None)
    over = Delivery.announcement_id.in_(_ended())
    return await _take_names(session, select(Delivery.id).where(barred, over).limit(_BATCH))


async def _unname_deliveries(session: AsyncSession, ends: EndDates) -> int:
    return await _take_names(session, _deliveries(ends).limit(_BATCH))


async def _unname_presses(session: AsyncSession, ends: EndDates) -> int:
    return await _take_names_of_presses(session, _presses(ends).limit(_BATCH))


async def _take_names(session: AsyncSession, deliveries: Select[int]) -> int:
    ids = list(await session.scalars(deliveries))
    rows = [{"id": number, "who": _nobody(), "person_id": None} for number in ids]
    if rows:
        await session.execute(update(Delivery), rows)
    return len(rows)


async def _take_names_of_presses(session: AsyncSession, presses: Select[int, str, str]) -> int:
    pressed = (await session.execute(presses)).all()
    rows = [
        {"of": of, "whose": who, "what": what, "nobody": _nobody()} for of, who, what in pressed
    ]
    if rows:
        theirs = and_(
            Press.announcement_id == bindparam("of"),
            Press.who == bindparam("whose"),
            Press.button == bindparam("what"),
        )
        connection = await session.connection()
        await connection.execute(update(Press).where(theirs).values(who=bindparam("nobody")), rows)
    return len(rows)


async def _drop_consents(session: AsyncSession, ends: EndDates) -> int:
    ids = list(await session.scalars(_consents(ends).limit(_BATCH)))
    await session.execute(delete(Consent).where(Consent.id.in_(ids)))
    return len(ids)


def _people(ends: EndDates) -> Select[int]:
    """Select those who wrote nothing for so long and get nothing, or can't be reached so long.

    Who waits to be reminded of something gets that.
    """
    waits = exists().where(Reminder.channel == Person.channel, Reminder.key == Person.chat)
    silent = func.coalesce(Person.seen_at, Person.created_at) < ends.people
    lost = and_(Person.stopped.is_not(None), Person.stopped_at < ends.people)
    gone = or_(and_(not_(Person.agreed), ~waits), lost)
    return select(Person.id).where(silent, gone).order_by(Person.id)


def _refused(people: Collection[int]) -> Select[str, str]:
    """Select the chats of those, of some people, whose own last word of announcements is no."""
    later = aliased(Consent)
    own = Consent.person_id == Person.id, Consent.source == "self"
    taken_back = exists().where(
        later.person_id == Consent.person_id, later.source == "self", later.id > Consent.id
    )
    their_no = exists().where(*own, not_(Consent.given), not_(taken_back))
    return select(Person.channel, Person.chat).where(Person.id.in_(people), their_no)


def _deliveries(ends: EndDates) -> Select[int]:
    named = not_(Delivery.who.startswith(NOBODY))
    of_old = Delivery.announcement_id.in_(_announcements(ends))
    return select(Delivery.id).where(of_old, named).order_by(Delivery.id)


def _presses(ends: EndDates) -> Select[int, str, str]:
    named = not_(Press.who.startswith(NOBODY))
    of_old = Press.announcement_id.in_(_announcements(ends))
    return select(Press.announcement_id, Press.who, Press.button).where(of_old, named)


def _announcements(ends: EndDates) -> Select[int]:
    ended = func.coalesce(Announcement.finished_at, Announcement.queued_at, Announcement.created_at)
    at_rest: ColumnElement[bool] = Announcement.state.not_in(_UNDER_WAY)
    return select(Announcement.id).where(ended < ends.records, at_rest)


def _ended() -> Select[int]:
    return select(Announcement.id).where(Announcement.state.in_(_OVER))


def _consents(ends: EndDates) -> Select[int]:
    """Select what another word took the place of, that long ago."""
    later = aliased(Consent)
    replaced = exists().where(
        later.person_id == Consent.person_id,
        later.purpose == Consent.purpose,
        later.id > Consent.id,
        later.at < ends.records,
    )
    return select(Consent.id).where(replaced).order_by(Consent.id)


def _nobody() -> str:
    return f"{NOBODY}{secrets.token_hex(16)}"
