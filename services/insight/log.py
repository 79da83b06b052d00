"""The log of turns: the last ones, and what was asked and not answered well.

declined    no article answers it
left        it was asked back, and nothing came of it: no button pressed, no answer soon after
unhelpful   it was answered, and whoever asked said that this was of no use
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Literal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.conversation.payloads import VERDICTS, read_payload
from services.knowledge.library import Library
from services.storage.models import Feedback, Turn

SOON = timedelta(minutes=10)
OF_CITIZENS = Turn.channel != "terminal"
"""Tells turns of citizens: what staff and measurements try in the terminal is nobody's question."""
Kind = Literal["declined", "left", "unhelpful"]


@dataclass(frozen=True)
class Unanswered:
    """One question that was not answered well."""

    text: str
    kind: Kind
    at: datetime
    article: str | None = None
    """The article that was of no use."""
    reason: str | None = None


async def last_turns(session: AsyncSession, key: str | None, most: int) -> Sequence[Turn]:
    """Return the last turns, of one conversation where one is named, the oldest first."""
    query = select(Turn).order_by(Turn.id.desc()).limit(most)
    if key is not None:
        query = query.where(Turn.key == key)
    return list(reversed((await session.scalars(query)).all()))


async def unanswered(session: AsyncSession, library: Library) -> list[Unanswered]:
    """Return every question that is kept and was not answered well, the earliest first.

    An article of no use that no question led to, only buttons, stands under its title.
    """
    query = select(Turn).where(OF_CITIZENS).order_by(Turn.channel, Turn.key, Turn.id)
    turns = (turn for turn in await session.scalars(query) if not _is_verdict(turn))
    logs = {whose: list(log) for whose, log in groupby(turns, attrgetter("channel", "key"))}
    found = [asked for log in logs.values() for asked in _in_conversation(log)]
    bad = select(Feedback).where(Feedback.channel != "terminal", Feedback.useful.is_(False))
    for verdict in await session.scalars(bad):
        text = _asked(verdict, logs.get((verdict.channel, verdict.key), []))
        text = text or _title(library, verdict.article)
        found.append(Unanswered(text, "unhelpful", verdict.at, verdict.article, verdict.reason))
    return sorted(found, key=attrgetter("at", "text"))


def _is_verdict(turn: Turn) -> bool:
    pressed = read_payload(turn.payload)
    return pressed is not None and pressed.verb in VERDICTS


def _in_conversation(log: Sequence[Turn]) -> Iterator[Unanswered]:
    for place, turn in enumerate(log):
        if turn.text and turn.outcome == "declined":
            yield Unanswered(turn.text, "declined", turn.at)
        if turn.text and turn.outcome == "clarify" and _was_left(turn, log[place + 1 :]):
            yield Unanswered(turn.text, "left", turn.at)


def _was_left(asked_back: Turn, later: Sequence[Turn]) -> bool:
    """Say whether nothing came of asking back; a button, or an answer next or soon, did."""
    if later and (later[0].payload or later[0].outcome == "answered"):
        return False
    soon = [turn for turn in later if turn.at - asked_back.at <= SOON]
    return not any(turn.outcome == "answered" for turn in soon)


def _asked(verdict: Feedback, log: Sequence[Turn]) -> str:
    """Return the question that led to the version of an article that was judged, or nothing."""
    before = [turn for turn in log if turn.at <= verdict.at]
    while before and verdict.hash not in before[-1].hashes:
        before.pop()
    while before and not before[-1].text:
        before.pop()
    if not before:
        return ""
    led = before[-1].outcome == "clarify" or verdict.hash in before[-1].hashes
    return before[-1].text if led else ""


def _title(library: Library, article: str) -> str:
    known = library.articles.get(article)
    return known.head.title if known else article
