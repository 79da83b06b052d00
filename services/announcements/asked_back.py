"""What people ask back about an announcement that they got: its own lines answer, or its author.

The understanding knows articles alone. What it can't read may be about the announcement that the
chat was told last: “mấy giờ”, “ở đâu”, “mang gì”, or words that stand in it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.announcements.letter import Reader, Writer, filled
from services.clock import day_of
from services.conversation.plain import folded, literal, plain_markdown
from services.conversation.question import Question
from services.conversation.reply import Button, Outcome, Payload, Reply
from services.conversation.state import TurnResult
from services.errors import AnnouncementError
from services.knowledge.library import Library
from services.people.person import TELEGRAM
from services.storage.models import Announcement, Delivery, Person

ASKED_WITHIN = timedelta(days=7)
_MOST = 3
"""Lines of an announcement that are told."""
_FEWEST = 2
"""Words that a line shares with what is asked: one alone is chance."""
_LONG = 160
"""Characters from which on a line is told by the sentence."""
_SENTENCE = re.compile(r"(?<=[a-zà-ỹđ0-9)][.!?;])\s+")
_WORD = re.compile(r"\w+")


class _AskedKind(NamedTuple):
    """A kind of what is asked back: by what it is known, and what a line has that answers it."""

    asked: tuple[str, ...]
    answers: re.Pattern[str]


_KINDS = (
    _AskedKind(
        ("may gio", "gio nao", "khi nao", "luc nao", "ngay nao", "hom nao", "bao gio", "thu may"),
        re.compile(
            r"\b\d{1,2}\s*(h|gio|:)\s*\d{0,2}|\bngay \d|\b\d{1,2}/\d{1,2}\b|\bchu nhat\b"
            r"|\bthu (hai|ba|tu|nam|sau|bay)\b|\b(sang|chieu|toi) (nay|mai|ngay|thu)\b"
        ),
    ),
    _AskedKind(
        ("o dau", "o mo", "cho nao", "cho mo", "tai dau", "di dau", "noi nao", "dia diem"),
        re.compile(
            r"\bdia diem\b|\btai\b|\bhoi truong\b|\bnha van hoa\b|\btru so\b"
            r"|\bo (xa|phuong|thon|nha|san|ubnd|uy ban)\b"
        ),
    ),
    _AskedKind(
        ("ai di", "ai du", "ai duoc", "ai phai", "ai tham gia", "nhung ai", "doi tuong"),
        re.compile(r"\b(thanh phan|doi tuong|moi|danh cho|thanh vien|dai dien)\b"),
    ),
    _AskedKind(
        ("mang gi", "mang theo gi", "dem gi", "dem theo gi", "can mang", "chuan bi gi"),
        re.compile(r"\bmang\b|\bdem\b|\bchuan bi\b|\bgiay to\b|\bcan cuoc\b"),
    ),
    _AskedKind(
        ("goi ai", "hoi ai", "lien he", "goi so nao", "so dien thoai"),
        re.compile(r"\blien he\b|\bdien thoai\b|\b0\d{2,3}[ .]?\d{3}[ .]?\d{3,4}\b"),
    ),
)
_EMPTY = frozenset(
    (
        *("a", "ai", "anh", "bac", "ban", "ben", "cai", "can", "chi", "cho", "co", "con", "cua"),
        *("di", "do", "duoc", "em", "gi", "ha", "hoi", "khong", "la", "luc", "ma", "minh", "moi"),
        *("nay", "nhe", "nhi", "nho", "o", "oi", "phai", "roi", "the", "theo", "thi", "thong"),
        *("bao", "tin", "toi", "vay", "ve", "voi", "xin", "bat", "dau", "vua", "kia", "hom"),
    )
)
"""Words that say nothing of what is asked."""


@dataclass(frozen=True)
class ToldAnnouncement:
    """An announcement that a chat got, as it got it."""

    announcement: Announcement
    at: datetime
    lines: tuple[str, ...]

    def fitting(self, asked: str, *, by_words: bool = True) -> Sequence[str] | None:
        """Return the lines that answer what was asked; None where that is about something else.

        `by_words` lets in what has no word of time, place and the like, but words of the text.
        """
        words = _words(asked)
        kind, cue = _kind_of(words)
        rest = {word for word in words if word not in _EMPTY and word not in cue.split()}
        # One word may be its person's own for what the text calls otherwise: “học”, “tập huấn”.
        if kind is not None and 2 * len(self._all & rest) >= len(rest) - 1:
            return [line for line in self.lines if kind.answers.search(folded(line))][:_MOST]
        if kind is not None or not by_words:
            return None
        held = [(len(rest & set(_words(line))), line) for line in self.lines]
        most = max((many for many, _ in held), default=0)
        if most < _FEWEST or 3 * most < 2 * len(rest):
            return None
        return [line for many, line in held if many == most][:_MOST]

    @cached_property
    def _all(self) -> frozenset[str]:
        return frozenset(word for line in self.lines for word in _words(line))


async def told_last(
    session: AsyncSession, channel: str, chat: str, library: Library, now: datetime
) -> ToldAnnouncement | None:
    """Return the announcement that a chat got last, within some days."""
    query = select(Announcement, Delivery.at, Person).join(
        Delivery, Delivery.announcement_id == Announcement.id
    )
    query = query.join(Person, Person.id == Delivery.person_id).where(
        Person.channel == channel,
        Person.chat == chat,
        Delivery.state == "sent",
        Delivery.at > now - ASKED_WITHIN,
    )
    row = (await session.execute(query.order_by(Delivery.at.desc()).limit(1))).first()
    if row is None:
        return None
    announcement, at, person = row[0], row[1] or now, row[2]
    reader = Reader(person.name, person.place, person.role)
    topics = {name: topic.label for name, topic in library.topics.items()}
    try:
        letter = Writer(announcement, library.phrases, topics).letter(reader)
    except AnnouncementError:
        return None
    text = filled(plain_markdown(letter.wording), letter.values)
    return ToldAnnouncement(announcement, at, tuple(_lines(text)))


async def answered(
    session: AsyncSession, question: Question, result: TurnResult, now: datetime
) -> TurnResult:
    """Return what a chat is told that may have asked about the announcement it got last.

    What is answered otherwise stays, and what asks back has the announcement's lines before it.
    """
    reply, asked = result.reply, result.asked
    declined = reply.outcome == "declined"
    if not asked or result.failed or not (declined or reply.offered):
        return result
    if question.channel != TELEGRAM:  # announcements come nowhere else
        return result
    told = await told_last(session, question.channel, question.conversation, result.library, now)
    lines = told.fitting(asked, by_words=declined) if told else None
    if told is None or lines is None or not (lines or declined):
        return result
    say, announcement = result.library.phrases.say, told.announcement
    words = say(
        "asked_back",
        title=literal(announcement.title),
        day=f"{day_of(told.at):%d/%m}",
        lines=list(map(literal, lines)),
    ).strip()
    if not declined:
        return result.showing(replace(reply, lead=f"{words}\n\n{reply.lead}"))
    person = Button(say("button_person"), str(Payload("h")))
    outcome: Outcome = "answered" if lines else "declined"
    shown = Reply(outcome, words, buttons=(person,), confidence=1.0, unknown=not lines)
    state = replace(result.state, declines=0 if lines else result.state.declines)
    return replace(result, state=state).showing(shown)


def _kind_of(words: Sequence[str]) -> tuple[_AskedKind | None, str]:
    """Return the kind of what is asked, and the words by which it is known."""
    asked = f" {' '.join(words)} "
    found = ((kind, cue) for kind in _KINDS for cue in kind.asked if f" {cue} " in asked)
    return next(found, (None, ""))


def _lines(text: str) -> list[str]:
    found = list[str]()
    for line in map(str.strip, text.splitlines()):
        found += _SENTENCE.split(line) if len(line) > _LONG else [line]
    return [line for line in found if line]


def _words(text: str) -> list[str]:
    return _WORD.findall(folded(text))
