"""All that is held of a person, as a file of their own: every row, in words.

Personal Data Protection Law 91/2025/QH15, article 4 (to see one's data, to be given them).
"""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.clock import VIETNAM
from services.conversation.plain import literal
from services.conversation.reply import Reply
from services.knowledge.library import Library
from services.people.person import Identity
from services.people.profile import read_profile
from services.people.questions import Questions
from services.people.record import PersonRecord, record_of
from services.storage.models import Announcement, Consent, Feedback, Person, Turn

NAME = "du-lieu-cua-ba-con.txt"


async def data_file(
    session: AsyncSession, identity: Identity, person: Person, library: Library, now: datetime
) -> str | None:
    """Return the file's text; None while nothing is known but that the person came."""
    found = await record_of(session, identity, person.channel, person.chat)
    if found is None or not found.tells_more:
        return None
    summary = Questions(library, await read_profile(session, person)).known()
    titles = await _titles(session, found)
    return library.phrases.say(
        "told_file",
        **summary,
        at=_at(now),
        channel=person.channel,
        chat=person.chat,
        name=person.name,
        since=_at(person.created_at),
        seen=_at(person.seen_at),
        groups=found.groups,
        staff=found.account,
        drafting=_json(found.drafting),
        named_in=[row.title for row in found.named_in],
        follows=[row.title for row in found.follows],
        barred=_at(found.barred.at) if found.barred else "",
        open=_open(found, library),
        pending=[_json(row.asked) for row in found.pending if row.asked],
        waiting=[
            {"at": _at(row.at), "words": _json(row.content or row.reaction)}
            for row in found.waiting
        ],
        consents=[_consent(row) for row in found.consent],
        turns=[_turn(row, library) for row in found.turns],
        judged=list(_judged(found.judged, library)),
        deliveries=[
            {"at": _at(row.at), "title": titles[row.announcement_id], "state": row.state}
            for row in found.deliveries
        ],
        presses=[
            {"at": _at(row.at), "title": titles[row.announcement_id], "button": row.button}
            for row in found.presses
        ],
    )


def tell_turns(turns: Sequence[Turn], library: Library, days: int) -> Reply:
    """Say what a conversation has asked that is still kept, to one who is known by it alone."""
    rows = [{"at": _at(row.at), "text": literal(row.text or f"[{row.payload}]")} for row in turns]
    return Reply("smalltalk", library.phrases.say("told_turns", turns=rows, days=days))


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
    title, shown = _title(talk.article or "", library), [*talk.choices, *talk.trail]
    return {"question": talk.question, "title": title, "shown": ", ".join(shown)}


def _json(held: Any) -> str:
    """Return what has no words of its own as it is held."""
    return json.dumps(held, ensure_ascii=False) if held else ""


def _title(name: str, library: Library) -> str:
    article = library.articles.get(name)
    return article.head.title if article else name


def _at(moment: datetime | None) -> str:
    return f"{moment.astimezone(VIETNAM):%H:%M %d/%m/%Y}" if moment else ""
