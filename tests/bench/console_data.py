"""`make console-data`: a large made-up life for the console: turns, people, letters, articles.

Everything is drawn with one seed, so that two runs measure the same. It goes into a data folder and
a content folder of its own; nothing of a real office is read.
"""

import asyncio
import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.clock import utc_now
from services.insight.kept_gaps import GapKeeper
from services.insight.usage import roll_up
from services.knowledge.library import Library
from services.knowledge.loader import load_library
from services.people.places import places
from services.settings import Settings, load_settings
from services.staff import account
from services.storage.migrate import upgrade
from services.storage.models import (
    Announcement,
    Base,
    Consent,
    Delivery,
    Feedback,
    Person,
    Ticket,
    TicketMessage,
    Turn,
    TurnArticle,
)
from services.storage.session import Sessions, make_engine, make_sessions
from tests.doubles.content import ARTICLES, article_text, head, write_content

DAYS = 90
_AT_ONCE = 5000
_OUTCOMES = ("answered",) * 8 + ("clarify", "declined", "handoff", "smalltalk")
_ROLES = ("farmer",) * 6 + ("manager", "officer")
_TOPICS = sorted({name.partition("/")[0] for name in ARTICLES})
_SHORTEST, _LONGEST = 3, 9
"""Words of a made-up question."""
_WORDINGS = 3_000
"""So many ways of asking there are; the first are asked most, as people ask much alike."""


@dataclass(frozen=True)
class Amount:
    """How much of everything."""

    turns: int = 200_000
    people: int = 50_000
    announcements: int = 500
    letters: int = 200
    """Deliveries of each announcement that ended."""
    tickets: int = 1_000
    articles: int = 1_600

    def tenth(self) -> "Amount":
        """Return a tenth of it, for a test."""
        return Amount(
            self.turns // 10,
            self.people // 10,
            self.announcements // 10,
            self.letters,
            self.tickets // 10,
            self.articles // 10,
        )


def make_content(folder: Path, articles: int) -> None:
    """Write the small content of the tests, and so many articles more beside its own."""
    write_content(folder)
    paragraph = "Hợp tác xã nộp hồ sơ ở Ủy ban nhân dân cấp xã nơi đặt trụ sở chính. " * 6
    for number in range(articles):
        topic = _TOPICS[number % len(_TOPICS)]
        name = f"{topic}/bai-{number}"
        text = article_text(head(name, f"Bài số {number}"), f"Bài số {number}.\n\n{paragraph}")
        (folder / f"articles/{name}.md").write_text(text, encoding="utf-8")


async def fill(sessions: Sessions, library: Library, amount: Amount, now: datetime) -> None:
    """Fill a migrated, empty database."""
    dice = random.Random(15)  # noqa: S311  # because the same is wanted each time
    people = list(_people(dice, amount, now))
    async with sessions.begin() as session:
        for role in account.STAFF_ROLES:
            await account.add(session, f"Cán bộ {role}", role, now, "system")
        await _add(session, Person, people)
        consents = ({"person_id": n + 1, **_yes(now)} for n in range(amount.people))
        await _add(session, Consent, consents)
    async with sessions.begin() as session:
        await _add_turns(session, dice, library, amount, now)
    async with sessions.begin() as session:
        await _add(session, Ticket, _tickets(dice, amount, now))
        await _add(session, TicketMessage, _messages(amount, now))
    async with sessions.begin() as session:
        await _add(session, Announcement, _announcements(dice, amount, now))
        await _add(session, Delivery, _deliveries(dice, amount, now))


def _people(dice: random.Random, amount: Amount, now: datetime) -> Iterator[dict[str, Any]]:
    codes = list(places())
    for number in range(amount.people):
        yield {
            "channel": "telegram",
            "chat": str(10_000_000 + number),
            "who": f"who-{number}",
            "created_at": now - timedelta(days=dice.randrange(DAYS)),
            "name": f"Bà con {number}",
            "role": dice.choice(_ROLES),
            "place": dice.choice(codes),
            "agreed": True,
            "stopped": None,
            "stopped_at": None,
            "seen_at": now - timedelta(days=dice.randrange(DAYS)),
        }


def _yes(now: datetime) -> dict[str, Any]:
    return {"purpose": "news", "given": True, "at": now, "wording": "Dạ có", "source": "self"}


async def _add_turns(
    session: AsyncSession, dice: random.Random, library: Library, amount: Amount, now: datetime
) -> None:
    names, asked_most = list(library.articles), _wordings(dice, library)
    turns, told, verdicts = [], [], []
    for number in range(1, amount.turns + 1):
        outcome, key = dice.choice(_OUTCOMES), str(10_000_000 + dice.randrange(amount.people))
        at = now - timedelta(minutes=dice.randrange(DAYS * 24 * 60))
        asked = asked_most[int(dice.random() ** 2 * _WORDINGS)]
        turns.append(_turn(number, at, key, asked, outcome))
        if outcome != "answered":
            continue
        article = dice.choice(names)
        told.append({"turn_id": number, "place": 0, "article": article, "hash": article[:16]})
        if dice.random() < 0.03:  # because so few judge
            verdicts.append(_verdict(number, at, key, article, useful=dice.random() < 0.8))
    await _add(session, Turn, turns)
    await _add(session, TurnArticle, told)
    await _add(session, Feedback, verdicts)


def _wordings(dice: random.Random, library: Library) -> Sequence[str]:
    asked = " ".join(q for one in library.articles.values() for q in one.questions[:3])
    words = sorted(set(asked.split()))
    lengths = (dice.randint(_SHORTEST, _LONGEST) for _ in range(_WORDINGS))
    return [" ".join(dice.choices(words, k=length)) for length in lengths]


def _turn(number: int, at: datetime, key: str, asked: str, outcome: str) -> Mapping[str, Any]:
    return {
        "id": number,
        "channel": "telegram",
        "key": key,
        "at": at,
        "text": asked,
        "payload": "",
        "outcome": outcome,
        "confidence": 0.5,
        "degraded": False,
        "ms": 50,
        "open_article": None,
        "offered": [],
        "step": "",
        "told": [],
    }


def _verdict(
    number: int, at: datetime, key: str, article: str, *, useful: bool
) -> Mapping[str, Any]:
    return {
        "channel": "telegram",
        "key": key,
        "at": at,
        "article": article,
        "hash": f"{article[:8]}{number}"[:16],
        "useful": useful,
        "reason": None if useful else "unclear",
        "part": "",
    }


def _tickets(dice: random.Random, amount: Amount, now: datetime) -> Iterator[dict[str, Any]]:
    """Yield tickets, each of another chat: one in five is open, half of these have an owner."""
    for number in range(1, amount.tickets + 1):
        opened = now - timedelta(hours=dice.randrange(1, DAYS * 24))
        is_open = number % 5 == 0
        yield {
            "id": number,
            "channel": "telegram",
            "key": str(10_000_000 + number),
            "opened_at": opened,
            "about": f"Hồ sơ số {number} còn thiếu giấy gì",
            "subject": "",
            "owner_id": 3 if number % 10 else None,
            "taken_at": opened,
            "heard_at": opened,
            "answered_at": None if is_open else opened + timedelta(hours=2),
            "waiting_since": opened if is_open else None,
            "due_at": opened + timedelta(hours=8) if is_open else None,
            "closed_at": None if is_open else opened + timedelta(hours=3),
            "reopened": 0,
            "phone": "",
        }


def _messages(amount: Amount, now: datetime) -> Iterator[dict[str, Any]]:
    for number in range(amount.tickets * 4):
        yield {
            "ticket_id": number // 4 + 1,
            "at": now,
            "kind": "answer" if number % 2 else "citizen",
            "text": f"Lời thứ {number}",
            "once": None,
            "staff_id": 3 if number % 2 else None,
            "article": "",
        }


def _announcements(dice: random.Random, amount: Amount, now: datetime) -> Iterator[dict[str, Any]]:
    for number in range(1, amount.announcements + 1):
        sent = now - timedelta(days=dice.randrange(1, DAYS))
        ended = number % 10 != 0
        yield {
            "id": number,
            "title": f"Thông báo số {number}",
            "topic": "ocop",
            "body": "Chào {{ name }}, mời **bà con** dự lớp tập huấn.",
            "audience": {"roles": ["farmer"]},
            "author": "Cán bộ author",
            "created_at": sent,
            "valid_until": None,
            "source": "Liên minh Hợp tác xã",
            "contact": "",
            "attachments": [],
            "file": "",
            "file_hash": "",
            "state": "done" if ended else "draft",
            "reason": "",
            "asked": "",
            "starts_at": None,
            "queued_at": sent if ended else None,
            "finished_at": sent + timedelta(minutes=9) if ended else None,
            "left_out": {},
            "edition": "",
            "progress": [],
        }


def _deliveries(dice: random.Random, amount: Amount, now: datetime) -> Iterator[dict[str, Any]]:
    for number in range(1, amount.announcements + 1):
        if number % 10 == 0:
            continue
        for person in dice.sample(range(amount.people), min(amount.letters, amount.people)):
            yield {
                "announcement_id": number,
                "person_id": person + 1,
                "who": f"who-{person}",
                "batch": 0,
                "state": "sent" if dice.random() < 0.97 else "failed",
                "reason": "",
                "at": now,
                "parts_sent": 1,
            }


async def _add(session: AsyncSession, table: type[Base], rows: Any) -> None:
    waiting: list[Any] = []
    for row in rows:
        waiting.append(row)
        if len(waiting) == _AT_ONCE:
            await session.execute(insert(table), waiting)
            waiting = []
    if waiting:
        await session.execute(insert(table), waiting)


async def make(settings: Settings, amount: Amount) -> Library:
    """Make content and a database of so much; return the library."""
    make_content(settings.content_dir, amount.articles)
    library = load_library(settings.content_dir)
    await upgrade(settings.database_url)
    engine = make_engine(settings.database_url)
    try:
        sessions, now = make_sessions(engine), utc_now()
        await fill(sessions, library, amount, now)
        await roll_up(sessions, now)  # as the product does each day
        await GapKeeper(sessions).keep(library, now)
    finally:
        await engine.dispose()
    return library


def main(folder: Path) -> None:
    """Make it under a folder: `content` and the database in `var`."""
    settings = load_settings(data_dir=folder / "var", content_dir=folder / "content")
    asyncio.run(make(settings, Amount()))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
