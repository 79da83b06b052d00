"""What a leak would have laid open: what is kept of people, where, since when; counts, no names.

Personal Data Protection Law 91/2025/QH15 asks for a report within 72 hours (article 23, by a
secondary source): whoever writes it has no time to count by hand. Only numbers leave here, so that
the report itself can be sent on. What was deleted since is in the backups of before alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, func, not_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from services.people.person import NOBODY
from services.private_files import open_to_others
from services.settings import Settings
from services.storage.models import (
    Audit,
    Consent,
    Delivery,
    Dossier,
    Feedback,
    GroupMember,
    Person,
    Press,
    Received,
    Staff,
    Suppression,
    Turn,
)

_FILES = ("secret-key", "nlu-token", "forgotten.jsonl", "nlu.log", "worker.log")


class _Source(NamedTuple):
    """Where one kind of data stands: what tells whose it is, since when, and which rows count."""

    whose: tuple[InstrumentedAttribute[Any], ...]
    at: InstrumentedAttribute[Any] | None
    counts: ColumnElement[bool]


def _sources() -> dict[str, _Source]:
    named, pressed = not_(Delivery.who.startswith(NOBODY)), not_(Press.who.startswith(NOBODY))
    unanswered = or_(Received.content.is_not(None), Received.reaction.is_not(None))
    judged = (Feedback.channel, Feedback.key)
    known = Person.id.is_not(None)
    return {
        "person": _Source((Person.id,), Person.created_at, known),
        "name": _Source((Person.id,), Person.created_at, Person.name != ""),
        "place": _Source((Person.id,), Person.created_at, Person.place.is_not(None)),
        "consent": _Source((Consent.person_id,), Consent.at, Consent.id.is_not(None)),
        "group": _Source((GroupMember.person_id,), None, GroupMember.name != ""),
        "words": _Source((Turn.channel, Turn.key), Turn.at, Turn.text != ""),
        "verdict": _Source(judged, Feedback.at, Feedback.id.is_not(None)),
        "dossier": _Source((Dossier.channel, Dossier.key), None, Dossier.id.is_not(None)),
        "waiting": _Source((Received.channel, Received.conversation), Received.at, unanswered),
        "delivery": _Source((Delivery.who,), Delivery.at, named),
        "press": _Source((Press.who,), Press.at, pressed),
        "erased": _Source((Suppression.who,), Suppression.at, Suppression.who != ""),
        "staff": _Source((Staff.id,), Staff.created_at, Staff.name != ""),
    }


@dataclass(frozen=True)
class Kind:
    """One kind of data: how many rows, of how many people or conversations, from when to when."""

    name: str
    rows: int
    people: int
    first: datetime | None
    last: datetime | None


@dataclass(frozen=True)
class Kept:
    """A file in which something of people or a key stands."""

    name: str
    size: int
    is_open: bool
    """Whether other accounts of the machine may read it."""


@dataclass(frozen=True)
class Incident:
    """What lay where between two moments."""

    since: datetime
    until: datetime
    kinds: list[Kind]
    files: list[Kept]
    backups: list[Kept]
    done: dict[str, int]
    """What staff did in between, by the audit: how often."""
    abroad: bool
    """Whether messages went by a channel whose servers are abroad."""


async def look_into(
    session: AsyncSession, settings: Settings, since: datetime, until: datetime
) -> Incident:
    """Return what lay where between two moments, as far as it is still there."""
    kinds = [await _kind(session, name, source, until) for name, source in _sources().items()]
    between = and_(Audit.at >= since, Audit.at <= until)
    done = select(Audit.did, func.count()).where(between).group_by(Audit.did).order_by(Audit.did)
    folder = settings.data_dir
    path = settings.sqlite_path
    database = (path, Path(f"{path}-wal")) if path else ()  # what was written last is in its log
    files = (*database, *(folder / name for name in _FILES), Path(".env"))
    return Incident(
        since,
        until,
        [kind for kind in kinds if kind.rows],
        list(_kept(files)),
        list(_kept(sorted((folder / "backups").glob("*.db")))),
        {row[0]: row[1] for row in await session.execute(done)},
        bool(settings.telegram_token.get_secret_value()),
    )


async def _kind(session: AsyncSession, name: str, source: _Source, until: datetime) -> Kind:
    """Count one kind; what nobody dated counts in any case."""
    at = source.at
    which = [source.counts] if at is None else [source.counts, or_(at.is_(None), at <= until)]
    days = () if at is None else (func.min(at), func.max(at))
    counted = select(func.count(), *days).where(*which)
    rows, *span = (await session.execute(counted)).one()
    whose = select(*source.whose).where(*which).distinct().subquery()
    people = await session.scalar(select(func.count()).select_from(whose))
    first, last = span or (None, None)
    return Kind(name, rows, people or 0, first, last)


def _kept(paths: tuple[Path, ...] | list[Path]) -> Iterator[Kept]:
    for path in paths:
        if path.is_file():
            yield Kept(path.name, path.stat().st_size, bool(open_to_others([path])))
