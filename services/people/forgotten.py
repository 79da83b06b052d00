"""Who was erased, written down beside the database: no backup brings them back.

A line holds a keyed hash and the time, and is kept as long as a backup is. The hash is another
than the one that stands in the database, so that nothing joins the two without the key.
"""

import json
import os
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services import inbox
from services.people import personal_data
from services.people.person import Identity
from services.storage.models import Conversation, Feedback, Person, Suppression, Turn
from services.storage.session import Sessions

_FILE = "forgotten.jsonl"
_SPACE = "forgotten"


def note(folder: Path, identity: Identity, channel: str, chat: str, now: datetime) -> None:
    """Write down that a conversation, and whoever had it, is erased now."""
    line = json.dumps({"who": _hash(identity, channel, chat), "at": now.isoformat()})
    # One write to a file that is only added to: lines of two processes do not mix.
    file = os.open(folder / _FILE, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(file, f"{line}\n".encode())
    finally:
        os.close(file)


def expire(folder: Path, now: datetime, days: int) -> None:
    """Let go of lines older than any backup; one that is written meanwhile may be lost.

    Such a line would only be needed if what it erased were restored on the same day.
    """
    kept = [f"{line}\n" for line, at in _lines(folder) if now - at <= timedelta(days=days)]
    path = folder / _FILE
    if path.exists() and len(kept) != len(path.read_text(encoding="ascii").splitlines()):
        draft = path.with_suffix(".new")
        draft.touch(mode=0o600)
        draft.write_text("".join(kept), encoding="ascii")
        draft.replace(path)


async def replay(sessions: Sessions, folder: Path, identity: Identity) -> int:
    """Erase whoever a backup has brought back; return how many. Who came again since stays."""
    gone = {json.loads(line)["who"]: at for line, at in _lines(folder)}
    async with sessions() as session:
        found = _brought_back(session, gone, identity)
        due = {(channel, chat): at async for channel, chat, at in found}
    for (channel, chat), at in due.items():
        async with sessions.begin() as session:
            await personal_data.erase(session, identity, channel, chat, at)
            await inbox.forget(session, channel, chat)
    return len(due)


async def _brought_back(
    session: AsyncSession, gone: dict[str, datetime], identity: Identity
) -> AsyncIterator[tuple[str, str, datetime]]:
    """Yield who is known from before they were erased, and when that was."""
    suppressed = select(Person.channel, Person.chat, Suppression.at).join(
        Suppression, (Suppression.who == Person.who) & (Person.created_at < Suppression.at)
    )
    for channel, chat, at in await session.execute(suppressed):
        yield channel, chat, at
    if not gone:
        return
    for first in (
        select(Person.channel, Person.chat, Person.created_at),
        select(Turn.channel, Turn.key, func.min(Turn.at)).group_by(Turn.channel, Turn.key),
        select(Feedback.channel, Feedback.key, func.min(Feedback.at)).group_by(
            Feedback.channel, Feedback.key
        ),
        select(Conversation.channel, Conversation.key, Conversation.updated_at),
    ):
        for channel, chat, since in await session.execute(first):
            erased = next(filter(None, map(gone.get, _hashes(identity, channel, chat))), None)
            if erased and since < erased:
                yield channel, chat, erased


def _lines(folder: Path) -> Iterator[tuple[str, datetime]]:
    """Yield what was written down, each with its time; the last line of a crash may be half."""
    path = folder / _FILE
    for line in path.read_text(encoding="ascii").splitlines() if path.exists() else ():
        try:
            yield line, datetime.fromisoformat(json.loads(line)["at"])
        except (ValueError, KeyError, TypeError):
            continue


def _hash(identity: Identity, channel: str, chat: str) -> str:
    return identity.of(f"{_SPACE}-{channel}", chat)


def _hashes(identity: Identity, channel: str, chat: str) -> list[str]:
    """Return what a line may have: the hash of the key in use, and of those before it."""
    named = f"{_SPACE}-{channel}"
    return [identity.of(named, chat), *identity.once_of(named, chat)]
