"""Who was erased, written down beside the database: no backup brings them back.

A line holds a keyed hash and the time, and is kept as long as a backup is. The hash is another
than those that stand in the database, which are sealed beside it: nothing joins them without the
key, and a database that is put back may hold them where it no longer holds the chat.

The database keeps the time of the last line that it knows. Only one that was put back, by whatever
tool, lags behind the file: the lines after that are done again, once. No line has the time of one
before it or an earlier one, so that a clock that is set back changes nothing.
"""

import base64
import json
import os
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services import inbox
from services.conversation.pending import LINK
from services.people import personal_data
from services.people.person import TELEGRAM, Identity, bar, is_listed
from services.storage.dialects import insert
from services.storage.models import (
    Awaited,
    Conversation,
    Dossier,
    Feedback,
    Forgotten,
    FormRun,
    GapQuestion,
    Notice,
    NoticeConsent,
    Pending,
    Person,
    Received,
    Reminder,
    Staff,
    Ticket,
    Turn,
)
from services.storage.session import Sessions

_FILE = "forgotten.jsonl"
_SPACE = "forgotten"
_NOBODY: Mapping[str, datetime] = MappingProxyType({})
_NEVER = datetime.fromtimestamp(0, UTC)
_TICK = timedelta(microseconds=1)


async def note(
    session: AsyncSession, folder: Path, trace: Mapping[str, str], now: datetime
) -> None:
    """Write down that whoever has left this trace is erased now, in this transaction."""
    at = max(now, await _known_until(session) + _TICK)
    await session.execute(update(Forgotten).values(until=at))
    line = json.dumps({**trace, "at": at.isoformat()})
    # One write to a file that is only added to: lines of two processes do not mix.
    file = os.open(folder / _FILE, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        size = os.fstat(file).st_size
        whole = not size or os.pread(file, 1, size - 1) == b"\n"  # else a crash cut the last one
        left = f"{line}\n".encode() if whole else f"\n{line}\n".encode()
        while left:  # a full disk takes a part, and fails at the rest
            left = left[os.write(file, left) :]
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


async def replay(
    sessions: Sessions,
    folder: Path,
    identity: Identity,
    erased: Mapping[str, datetime] = _NOBODY,
) -> int:
    """Erase whoever a backup has brought back, and who bears one of some marks; return how many.

    `erased` tells of each mark since when. A phone that was linked to staff since stays so.
    Nothing is done where the database knows all that is written down, as it does but after a
    restore: who came back since stays, and so do those who are in a backup of after that.
    """
    async with sessions() as session:
        known = await session.scalar(select(Forgotten.until)) or _NEVER
    if not erased and all(at <= known for _, at in _lines(folder)):
        return 0
    async with sessions.begin() as session:
        known = await _known_until(session)
        new = [(json.loads(line), at) for line, at in _lines(folder) if at > known]
        noted = {line["who"]: at for line, at in new}
        for line, at in new:
            if marks := _opened(identity, line.get("left", "")):
                await bar(session, marks, at)
                await personal_data.take_from_records(session, marks)
        gone = {**erased, **noted}
        due = {(channel, chat): at async for channel, chat, at in _held(session, gone, identity)}
        for (channel, chat), at in due.items():
            linked = select(Staff.id).where(Staff.chat == chat, Staff.linked_at > at)
            again = channel == TELEGRAM and await session.scalar(linked) is not None
            erasing = personal_data.erase_person if again else personal_data.erase
            await erasing(session, identity, channel, chat, at)
            await inbox.forget(session, channel, chat)
        await session.execute(update(Forgotten).values(until=max((known, *noted.values()))))
    return len(due)


async def _known_until(session: AsyncSession) -> datetime:
    """Return up to where the database knows; whoever else would write that waits from now on."""
    kept = insert(session, Forgotten).values(id=1, until=_NEVER)
    unchanged = {"until": Forgotten.until}
    await session.execute(kept.on_conflict_do_update(index_elements=["id"], set_=unchanged))
    return (await session.execute(select(Forgotten.until))).scalar_one()


async def _held(
    session: AsyncSession, gone: dict[str, datetime], identity: Identity
) -> AsyncIterator[tuple[str, str, datetime]]:
    """Yield of whom anything is held who is to be gone, and since when."""
    for chats in (
        select(Person.channel, Person.chat),
        select(Turn.channel, Turn.key).distinct(),
        select(Feedback.channel, Feedback.key).distinct(),
        select(Conversation.channel, Conversation.key),
        select(Pending.channel, Pending.key),
        select(Notice.channel, Notice.key).distinct(),
        select(Ticket.channel, Ticket.key).distinct(),
        select(NoticeConsent.channel, NoticeConsent.key).distinct(),
        select(GapQuestion.channel, GapQuestion.key).distinct(),
        select(Awaited.channel, Awaited.key).distinct(),
        select(FormRun.channel, FormRun.key).distinct(),
        select(Dossier.channel, Dossier.key).distinct(),
        select(Reminder.channel, Reminder.key).distinct(),
        select(literal(TELEGRAM), Pending.key).where(Pending.channel == LINK),
        select(Received.channel, Received.conversation).where(Received.conversation != ""),
        select(literal(TELEGRAM), func.coalesce(Staff.chat, "")).where(Staff.chat.is_not(None)),
    ):
        for channel, chat in await session.execute(chats):
            erased = next(filter(None, map(gone.get, _hashes(identity, channel, chat))), None)
            if erased:
                yield channel, chat, erased


def _lines(folder: Path) -> Iterator[tuple[str, datetime]]:
    """Yield what was written down, each with its time; the last line of a crash may be half."""
    path = folder / _FILE
    for line in path.read_text(encoding="ascii").splitlines() if path.exists() else ():
        try:
            yield line, datetime.fromisoformat(json.loads(line)["at"])
        except (ValueError, KeyError, TypeError):
            continue


def trace_of(identity: Identity, channel: str, chat: str) -> dict[str, str]:
    """Return by what a conversation, and whoever has it, is known in the file."""
    trace = {"who": identity.of(f"{_SPACE}-{channel}", chat)}
    if is_listed(channel):
        marks = json.dumps(identity.erased(channel, chat))
        trace["left"] = _seal(identity).encrypt(marks.encode()).decode()
    return trace


def _seal(identity: Identity) -> MultiFernet:
    keys = (bytes.fromhex(key) for key in identity.every(_SPACE, "seal"))
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])


def _opened(identity: Identity, sealed: str) -> list[str]:
    """Return what a line has sealed; nothing of an earlier release's, or where no key opens it."""
    try:
        marks: list[str] = json.loads(_seal(identity).decrypt(sealed.encode()))
    except InvalidToken:
        return []
    return marks


def _hashes(identity: Identity, channel: str, chat: str) -> list[str]:
    """Return what a line may have, by any key, and by what the database knows who was erased."""
    return [*identity.every(f"{_SPACE}-{channel}", chat), *identity.erased(channel, chat)]
