"""All that is held of a person, as a file of their own: every row, in words.

Personal Data Protection Law 91/2025/QH15, article 4 (to see one's data, to be given them).
"""

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.clock import VIETNAM, day_of
from services.conversation.days import write_day
from services.conversation.known import in_words
from services.conversation.names import CHANNEL
from services.conversation.plain import literal
from services.conversation.reply import Reply
from services.knowledge.library import Library
from services.people.person import Identity
from services.people.profile import read_profile
from services.people.questions import Questions
from services.people.record import PersonRecord, record_of
from services.storage.models import (
    Announcement,
    Consent,
    Dossier,
    Feedback,
    FormRun,
    Person,
    Reminder,
    Ticket,
    TicketMessage,
    Turn,
)

NAME = "du-lieu-cua-ba-con.txt"
ENCODING = "utf-8-sig"
"""With a mark of it, without which Windows reads Vietnamese as something else."""
_SIGNS = 400_000
"""Of a file: some thousand questions; more is told to be there."""
TellsAnswers: TypeAlias = Callable[[FormRun, Library], tuple[str, str]]
"""Words which form somebody answered, and what: that is the tools' affair."""
_NOBODY = {"role": "", "place": "", "news": ""}
_AT_ONCE = 50
"""Turns told at a time: to write them takes a tenth of a second where each is as long as may be."""


async def data_file(  # noqa: PLR0913  # because each is another thing, and none has a default
    session: AsyncSession,
    identity: Identity,
    person: Person,
    library: Library,
    now: datetime,
    *,
    answering: int,
    told_answers: TellsAnswers,
) -> str | None:
    """Return the file's text; None while nothing is known but that the person came.

    It is written in a thread: meanwhile others are answered. `answering` is the row of the message
    by which it was asked for, which waits for this alone; `told_answers` words what forms hold.
    """
    found = await record_of(session, identity, person.channel, person.chat, _SIGNS)
    if found is None or not found.tells_more:
        return None
    found.waiting = [row for row in found.waiting if row.id != answering]
    summary = Questions(library, await read_profile(session, person)).known()
    titles = await _titles(session, found)
    kept = _forms(found, library, told_answers) | _dossiers(found, library)
    return await asyncio.to_thread(_written, found, library, now, titles, {**summary, **kept})


async def talk_file(  # noqa: PLR0913  # because each is another thing, and none has a default
    session: AsyncSession,
    identity: Identity,
    keys: Sequence[str],
    library: Library,
    now: datetime,
    *,
    told_answers: TellsAnswers,
) -> str:
    """Return the file of a conversation on the page, which nobody is known of, by its names."""
    each = [await record_of(session, identity, CHANNEL, key, _SIGNS) for key in keys]
    found = [one for one in each if one is not None] or [PersonRecord()]
    told = []
    for one in found:
        kept = _NOBODY | _forms(one, library, told_answers) | _dossiers(one, library)
        told.append(await asyncio.to_thread(_written, one, library, now, {}, kept))
    return "\n\n".join(told)


def _written(
    found: PersonRecord,
    library: Library,
    now: datetime,
    titles: Mapping[int, str],
    summary: Mapping[str, Any],
) -> str:
    """Write a record down; without a summary where a conversation is all that is known."""
    letters = {
        "deliveries": [
            {"at": _at(row.at), "title": titles[row.announcement_id], "state": row.state}
            for row in found.deliveries
        ],
        "presses": [
            {"at": _at(row.at), "title": titles[row.announcement_id], "button": row.button}
            for row in found.presses
        ],
    }
    return library.phrases.say(
        "told_file",
        **summary,
        **letters,
        **_of_person(found),
        at=_at(now),
        open=_open(found, library),
        pending=[_json(row.asked) for row in found.pending if row.asked],
        waiting=[
            {"at": _at(row.at), "words": _json(row.content or row.reaction)}
            for row in found.waiting
        ],
        reminders=list(map(_reminder, found.reminders)),
        tickets=list(map(_ticket, found.tickets)),
        written=list(map(_written_in, found.written)),
        notices=[
            {"at": _at(row.created_at), "text": row.text, "state": row.state}
            for row in found.notices
        ],
        agreed=[
            {"at": _at(row.at), "given": row.given, "wording": row.wording} for row in found.agreed
        ],
        awaited=[{"at": _at(row.at), "text": row.text} for row in found.awaited],
        unanswered=[{"at": _at(row.at), "text": row.text} for row in found.unanswered],
        turns=[_turn(row, library) for row in found.turns],
        older=found.older,
        judged=list(_judged(found.judged, library)),
    )


def _of_person(found: PersonRecord) -> dict[str, Any]:
    """Return what hangs on the person; nobody is known to have written on the page."""
    person = found.person
    return {
        "known": person is not None,
        "channel": person.channel if person else CHANNEL,
        "chat": person.chat if person else "",
        "name": person.name if person else "",
        "since": _at(person.created_at if person else None),
        "seen": _at(person.seen_at if person else None),
        "groups": found.groups,
        "staff": found.account,
        "drafting": _json(found.drafting),
        "named_in": [row.title for row in found.named_in],
        "follows": [row.title for row in found.follows],
        "barred": _at(found.barred.at) if found.barred else "",
        "consents": [_consent(row) for row in found.consent],
    }


async def tell_turns(
    session: AsyncSession, keys: Sequence[str], library: Library, days: int, page: int
) -> Reply:
    """Say what a conversation has asked that is still kept, to one who is known by it alone.

    A page has the last fifty turns, the second the fifty before them, and so on.
    """
    mine = Turn.channel == CHANNEL, Turn.key.in_(keys)
    count = await session.scalar(select(func.count()).select_from(Turn).where(*mine)) or 0
    newest = select(Turn).where(*mine).order_by(Turn.id.desc())
    end = count - (page - 1) * _AT_ONCE
    turns = await session.scalars(newest.offset((page - 1) * _AT_ONCE).limit(_AT_ONCE))
    rows = [
        {"at": _at(row.at), "text": literal(row.text or f"[{row.payload}]")}
        for row in reversed(turns.all())
    ]
    told = library.phrases.say(
        "told_turns",
        turns=rows,
        count=count,
        dossiers=await _held(session, Dossier, keys),
        forms=await _held(session, FormRun, keys),
        paged=bool(rows) and len(rows) < count,
        start=end - len(rows) + 1,
        end=end,
        next=page + 1 if end > _AT_ONCE else 0,
        days=days,
    )
    return Reply("smalltalk", told)


async def _held(session: AsyncSession, table: type[Dossier | FormRun], keys: Sequence[str]) -> int:
    mine = table.channel == CHANNEL, table.key.in_(keys)
    return await session.scalar(select(func.count()).select_from(table).where(*mine)) or 0


async def _titles(session: AsyncSession, found: PersonRecord) -> dict[int, str]:
    numbers = {row.announcement_id for row in found.deliveries}
    numbers |= {row.announcement_id for row in found.presses}
    query = select(Announcement.id, Announcement.title).where(Announcement.id.in_(numbers))
    return {row.id: row.title for row in await session.execute(query)}


def _consent(row: Consent) -> dict[str, object]:
    own = row.source == "self"
    return {"at": _at(row.at), "given": row.given, "own": own, "wording": row.wording}


def _turn(row: Turn, library: Library) -> dict[str, object]:
    told = [_title(name, library) for name in row.articles]
    return {"at": _at(row.at), "text": row.text, "payload": row.payload, "told": told}


def _ticket(row: Ticket) -> dict[str, Any]:
    told = {"number": row.id, "about": row.about, "phone": row.phone}
    return told | {"at": _at(row.opened_at), "closed": _at(row.closed_at)}


def _reminder(row: Reminder) -> dict[str, Any]:
    told = {"at": _at(row.created_at), "what": row.what, "day": write_day(row.day)}
    return told | {"before": row.before, "next": _at(row.due_at)}


def _written_in(row: TicketMessage) -> dict[str, Any]:
    told = {"number": row.ticket_id, "at": _at(row.at), "kind": row.kind, "text": row.text}
    return told | {"files": [file.name for file in row.files]}


def _forms(found: PersonRecord, library: Library, tells: TellsAnswers) -> dict[str, Any]:
    rows = []
    for row in found.forms:
        title, answers = tells(row, library)
        until = {"until": write_day(day_of(row.until)), "days": row.keep_days or 0}
        rows.append({"at": _at(row.updated_at), "title": title, "answers": answers, **until})
    return {"forms": rows}


def _dossiers(found: PersonRecord, library: Library) -> dict[str, Any]:
    rows = []
    for row in found.dossiers:
        procedure = library.procedures.get(row.procedure)
        marks, words = found.marks.get(row.id, ()), library.marks_in(row.procedure)
        told = {
            "title": procedure.title if procedure else row.procedure,
            "cooperative": row.cooperative,
            "began": write_day(row.began),
            "until": write_day(day_of(row.until)),
            "links": [link for link in (row.shown_until, row.given_until) if link],
            "marks": [f"{words.get(one.item, one.item)}: {write_day(one.day)}" for one in marks],
        }
        rows.append(told)
    return {"dossiers": rows}


def _judged(rows: list[Feedback], library: Library) -> Iterator[dict[str, Any]]:
    for row in rows:
        why = library.phrases.say(f"reason_{row.reason}") if row.reason else ""
        title = _title(row.article, library)
        yield {"at": _at(row.at), "title": title, "useful": row.useful, "why": why}


def _open(found: PersonRecord, library: Library) -> dict[str, str] | None:
    """Return what a next message would be read with."""
    talk = found.conversation
    if talk is None:
        return None
    title = _title(talk.article or "", library)
    shown = [*talk.choices, *talk.trail, *in_words(talk.known)]
    return {"question": talk.question, "title": title, "shown": ", ".join(shown)}


def _json(held: Any) -> str:
    """Return what has no words of its own as it is held."""
    return json.dumps(held, ensure_ascii=False) if held else ""


def _title(name: str, library: Library) -> str:
    article = library.articles.get(name)
    return article.head.title if article else name


def _at(moment: datetime | None) -> str:
    return f"{moment.astimezone(VIETNAM):%H:%M %d/%m/%Y}" if moment else ""
