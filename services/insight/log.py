"""The log of turns: the last ones, and what was asked and not answered well.

declined    no article answers it
left        it was asked back, and nothing came of it: no button pressed, no answer soon after
unhelpful   it was answered, and whoever asked said that this was of no use
"""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Literal, NamedTuple

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.conversation.names import kept_under
from services.conversation.reply import VERDICTS, read_payload
from services.knowledge.library import Library
from services.storage.dialects import rows_of
from services.storage.models import Feedback, Turn, TurnArticle

SOON = timedelta(minutes=10)
_BEFORE = timedelta(days=1)
"""How long before a verdict the question may lie that led to what it judges."""
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
    source: str = ""
    """The row that it comes from: `turn 12`, `verdict 3`."""
    chat: tuple[str, str] = ("", "")
    """Whose it was: a channel, and its own name of the conversation."""


async def last_turns(session: AsyncSession, key: str | None, most: int) -> Sequence[Turn]:
    """Return the last turns, where a name is given of its conversations, the oldest first."""
    query = select(Turn).order_by(Turn.id.desc()).limit(most)
    if key is not None:
        query = query.where(Turn.key.in_(await kept_under(session, key)))
    return list(reversed((await session.scalars(query)).all()))


async def unanswered(
    session: AsyncSession,
    library: Library,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[Unanswered]:
    """Return every question that is kept and was not answered well, the earliest first.

    Where bounds are given, those asked or judged between them, as far as the turns of the day
    before and of the time behind tell. An article of no use that no question led to, only buttons,
    stands under its title.
    """
    query = select(*_COLUMNS).where(OF_CITIZENS).order_by(Turn.channel, Turn.key, Turn.id)
    bad = select(Feedback).where(Feedback.channel != "terminal", Feedback.useful.is_(False))
    if since is not None:
        query, bad = query.where(Turn.at >= since - _BEFORE), bad.where(Feedback.at >= since)
    if until is not None:
        query, bad = query.where(Turn.at < until + SOON), bad.where(Feedback.at < until)
    logged = (_Logged(*row) for row in await session.execute(query))
    turns = (turn for turn in logged if not _is_verdict(turn))
    logs = {whose: list(log) for whose, log in groupby(turns, attrgetter("channel", "key"))}
    found = [asked for log in logs.values() for asked in _in_conversation(log)]
    verdicts = list(await session.scalars(bad))
    showing = await _showing(session, {verdict.hash for verdict in verdicts})
    for verdict in verdicts:
        chat = verdict.channel, verdict.key
        text = _asked(verdict, logs.get(chat, []), showing) or _title(library, verdict.article)
        source = f"verdict {verdict.id}"
        what = verdict.at, verdict.article, verdict.reason
        found.append(Unanswered(text, "unhelpful", *what, source, chat))
    bounded = (
        one
        for one in found
        if (since is None or one.at >= since) and (until is None or one.at < until)
    )
    return sorted(bounded, key=attrgetter("at", "text"))


class _Logged(NamedTuple):
    """What is looked at of a turn: of a quarter of a year there are many."""

    id: int
    channel: str
    key: str
    at: datetime
    text: str
    payload: str
    outcome: str


_COLUMNS = [getattr(Turn, name) for name in _Logged._fields]


async def _showing(session: AsyncSession, versions: Iterable[str]) -> set[tuple[int, str]]:
    """Return which turns told which of some versions."""
    told = select(TurnArticle.turn_id, TurnArticle.hash)
    mine = told.where(TurnArticle.hash.in_(rows_of(list(versions))))
    return {(turn, version) for turn, version in await session.execute(mine)}


def _is_verdict(turn: _Logged) -> bool:
    pressed = read_payload(turn.payload)
    return pressed is not None and pressed.verb in VERDICTS


def _in_conversation(log: Sequence[_Logged]) -> Iterator[Unanswered]:
    for place, turn in enumerate(log):
        if turn.text and turn.outcome == "declined":
            yield _of_turn(turn, "declined")
        if turn.text and turn.outcome == "clarify" and _was_left(turn, log[place + 1 :]):
            yield _of_turn(turn, "left")


def _of_turn(turn: _Logged, kind: Kind) -> Unanswered:
    source, chat = f"turn {turn.id}", (turn.channel, turn.key)
    return Unanswered(turn.text, kind, turn.at, source=source, chat=chat)


def _was_left(asked_back: _Logged, later: Sequence[_Logged]) -> bool:
    """Say whether nothing came of asking back; a button, or an answer next or soon, did."""
    if later and (later[0].payload or later[0].outcome == "answered"):
        return False
    soon = [turn for turn in later if turn.at - asked_back.at <= SOON]
    return not any(turn.outcome == "answered" for turn in soon)


def _asked(verdict: Feedback, log: Sequence[_Logged], showing: Container[tuple[int, str]]) -> str:
    """Return the question that led to the version of an article that was judged, or nothing."""
    before = [turn for turn in log if turn.at <= verdict.at]
    while before and (before[-1].id, verdict.hash) not in showing:
        before.pop()
    while before and not before[-1].text:
        before.pop()
    if not before:
        return ""
    led = before[-1].outcome == "clarify" or (before[-1].id, verdict.hash) in showing
    return before[-1].text if led else ""


def _title(library: Library, article: str) -> str:
    known = library.articles.get(article)
    return known.head.title if known else article
