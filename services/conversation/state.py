"""Where a conversation stands between two messages: read before a turn, written after it.

Nothing is held in between: no connection is lent while a question is read.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import String, and_, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import lazyload

from services.conversation import feedback, pending
from services.conversation.care import CARES
from services.conversation.cited import lines_in_short
from services.conversation.feedback import Verdict
from services.conversation.known import Background, Known, background
from services.conversation.plain import plain_reply
from services.conversation.question import Question
from services.conversation.reply import VERDICTS, Reply, read_payload
from services.conversation.trail import offered_last, step_of, still_offered, told_lately, walked
from services.conversation.wishes import asks_of_other
from services.knowledge.distress_cues import Emergency
from services.knowledge.library import Library
from services.knowledge.rules import LawRules
from services.masking.mask import mask
from services.storage.models import (
    Base,
    Conversation,
    Feedback,
    Pending,
    Stopped,
    Ticket,
    Turn,
    in_order,
)
from services.understanding.interpretation import EMERGENCIES, Distress
from services.understanding.words import ELLIPTICAL_WORDS

STAYS_OPEN = timedelta(hours=6)
"""After so long a conversation begins anew: the next morning a message stands by itself."""

_ASKED: tuple[pending.Kind, ...] = ("offer", "figure")
"""What a conversation asks; people and staff are asked other things."""
_ASIDE = ("smalltalk", "form")
"""Outcomes that ask nothing of an article: what was asked before is still what is leaned on."""
_HASH = 16
_NO_CHOICES = ("e:", "f:", "g:", "r:", *(f"{verb}:" for verb in VERDICTS))

_log = structlog.get_logger()

_FIND = select(Conversation).where(
    Conversation.channel == bindparam("channel"), Conversation.key == bindparam("key")
)

_CHAT = select(
    bindparam("channel", type_=String).label("channel"), bindparam("key", type_=String).label("key")
).subquery()
_FIND_ALL = (
    select(Conversation, Pending, Ticket, Stopped)
    .select_from(_CHAT)
    .outerjoin(
        Conversation, and_(Conversation.channel == _CHAT.c.channel, Conversation.key == _CHAT.c.key)
    )
    .outerjoin(Pending, and_(Pending.channel == _CHAT.c.channel, Pending.key == _CHAT.c.key))
    .outerjoin(
        Ticket,
        and_(
            Ticket.channel == _CHAT.c.channel,
            Ticket.key == _CHAT.c.key,
            Ticket.closed_at.is_(None),
        ),
    )
    .outerjoin(Stopped, Stopped.what == "answers")
    .options(lazyload(Ticket.owner))
)
"""A conversation, what it was asked last, its open ticket, whether answers stop: in one look."""


@dataclass(frozen=True)
class ConversationState:
    """What was answered last, what was asked back, and what was asked before."""

    article: str | None = None
    """The article that answered last."""
    offered: tuple[str, ...] = ()
    """The articles that the last reply asked back about, in the order of their buttons."""
    question: str = ""
    """The question before, masked."""
    asks: str = ""
    """The rule that asked for a figure with the last reply: a number alone is that figure."""
    choices: tuple[str, ...] = ()
    """What the buttons shown last carry, in their order: “2” is the second."""
    trail: tuple[str, ...] = ()
    """What was shown in this talk, as codes, the last one at the end."""
    declines: int = 0
    """How many replies in a row said that something is not known."""
    shown: str = ""
    """The version of an article that this conversation read last, where its verdict is pressed."""
    cared: int = 0
    """How often somebody in distress was spoken to, not long ago: each time in other words."""
    danger: Emergency | None = None
    """What kind of emergency was told of right before: what is told on is still of that."""
    known: Known = field(default_factory=dict)
    """Somebody's own figures and what the talk is about, for some turns: see `known`."""
    told_last: str = ""
    """A hash of the words of the last reply, not sent twice running; of kind words alone none."""

    @property
    def open_article(self) -> str | None:
        """The article that a message is read beside: the first of those offered, or the last.

        Before any answered, it is the one that stood nearest to what was declined.
        """
        return still_offered(self.offered, self.article, self.trail) or self.article or self._near

    @property
    def _near(self) -> str | None:
        shown = read_payload(self.choices[0]) if self.declines and self.choices else None
        return shown.name if shown and shown.verb == "a" else None

    @property
    def wish(self) -> str | None:
        """The wish that the last reply asked back about, if that is what it did."""
        shown = read_payload(self.trail[-1]) if self.trail else None
        return shown.name if shown and shown.verb == "k" else None

    def background(self, rules: LawRules) -> Background:
        """Return what the talk knows: a message need not tell it again."""
        return background(self.known, told_lately(self.trail), rules)

    def goes_on(self, text: str) -> str | None:
        """Return the article that a few words follow: then a line is wanted, not a screen."""
        return self.article if len(text.split()) <= ELLIPTICAL_WORDS else None

    def read_beside(self, text: str, library: Library) -> "ConversationState":
        """Return what a message is read beside: nothing, where it names what it asks a step of."""
        opened = library.articles.get(self.open_article or "")
        return ConversationState() if opened and asks_of_other(library, text, opened) else self

    def after(self, asked: str, reply: Reply) -> "ConversationState":
        """Return where the conversation stands once what was asked, masked, got this reply.

        What was asked back is forgotten with the next reply, whatever that is: else “2” would
        choose from a list that has long scrolled away, and nothing would be asked back again.
        The choices of a reply that has none are those shown before it; thanks and the like leave
        them: the list still stands above.
        """
        courtesy = _is_courtesy(reply)
        return ConversationState(
            article=reply.articles[-1] if reply.articles else self.article,
            offered=reply.offered,
            question=self._question_after(asked, reply),
            asks=self.asks if courtesy else reply.asks,
            choices=(() if courtesy else _choices(reply)) or self.choices or _choices(reply),
            trail=walked(self.trail, step_of(reply)),
            declines=self.declines + reply.unknown if reply.outcome == "declined" else 0,
            cared=self.cared,
            known=self.known,
            told_last=hash_of(reply),
        )

    def _question_after(self, asked: str, reply: Reply) -> str:
        """Return what the next message may lean on: no act, no courtesy, nor what itself leaned.

        An article that a button opened has none: what was asked before it was asked of another.
        """
        leaned = reply.outcome == "clarify" and not step_of(reply)
        keeps = reply.act or leaned or (reply.outcome in _ASIDE and not reply.tool)
        if asked and not (keeps and self.question):
            return asked
        known = (self.article, *self.offered, *offered_last(self.trail))
        return self.question if reply.article is None or reply.article in known else ""

    def after_care(self, reply: Reply, heard: Distress) -> "ConversationState":
        """Return where it stands once distress got this reply: no word of that stays.

        Nor does an older question, where something is offered. Only kind words alone are told on:
        of an emergency its kind stays till then, one of a few names.
        """
        question, after = "" if reply.offered else self.question, self.after("", reply)
        alone = reply.outcome == "handoff"
        danger = next((one for one in EMERGENCIES if alone and one in heard.dangers[:1]), None)
        told = "" if alone else after.told_last
        cared = self.cared + 1
        return replace(after, question=question, cared=cared, danger=danger, told_last=told)


@dataclass(frozen=True)
class TurnResult:
    """A reply, and all that is to be kept of the turn."""

    reply: Reply
    library: Library
    """The content that the reply was written from: its words render it."""
    state: ConversationState = field(default_factory=ConversationState)
    """Where the conversation stands now."""
    ms: int = 0
    """How long it took to read and to write."""
    verdict: Verdict | None = None
    """What the person thinks of an answer, if that is what was pressed."""
    asked: str = ""
    """What was written, masked; empty where that is kept nowhere, because it told of distress."""
    failed: bool = False
    """Whether something failed that nobody foresaw: the reply says so."""
    ticket: int | None = None
    """The ticket that the message opened, or went to."""

    def showing(self, reply: Reply) -> "TurnResult":
        """Return the same with the reply as a face shows it: what was left out is no choice."""
        if reply == self.reply:
            return self
        state = replace(self.state, choices=_choices(reply) or self.state.choices)
        return replace(self, reply=reply, state=state)

    def as_json(self) -> dict[str, Any]:
        """Return the reply object of the contract, the same over HTTP and in the terminal."""
        reply, say = self.reply, self.library.phrases.say
        read = replace(reply, source_lines=lines_in_short(reply, self.library))
        return {
            "outcome": reply.outcome,
            "article": reply.article,
            "articles": list(reply.articles),
            "part": reply.part,
            "act": reply.act,
            "tool": reply.tool or None,
            "values": dict(reply.values),
            "degraded": reply.degraded,
            "text": plain_reply(read, sources=say("sources"), next_step=say("next_step")),
            "citations": [dict(vars(citation)) for citation in reply.citations],
            "buttons": [dict(vars(button)) for button in (*reply.buttons, *reply.verdicts)],
            "confidence": round(reply.confidence, 4),
            "ticket": self.ticket,
            "ms": self.ms,
        }


@dataclass(frozen=True)
class StoredState:
    """A conversation's state, and the rows that hold it: None where there is none yet."""

    state: ConversationState
    conversation: Conversation | None = None
    pending: Pending | None = None
    verdicts: Sequence[Feedback] = ()
    """What this conversation thought so far of the article whose verdict is pressed now."""
    ticket: Ticket | None = None
    """The ticket of this conversation that is open."""
    stop: Stopped | None = None
    """Who has stopped automatic answers, for everybody."""


async def load_state(session: AsyncSession, question: Question, now: datetime) -> StoredState:
    """Return where the conversation of a question stands; at its beginning when left long ago."""
    chat = {"channel": question.channel, "key": question.conversation}
    row, asked, ticket, stop = (await session.execute(_FIND_ALL, chat)).one()
    shown = await feedback.version_shown(session, question)
    verdicts = await feedback.verdicts(session, question)
    if row is None or now - row.updated_at > STAYS_OPEN:
        return StoredState(ConversationState(shown=shown), row, asked, verdicts, ticket, stop)
    offer, cares = pending.values_of(asked, "offer", now) or {}, now - row.updated_at <= CARES
    state = ConversationState(
        article=row.article,
        offered=tuple(offer.get("articles", ())),
        question=row.question,
        asks=(pending.values_of(asked, "figure", now) or {}).get("rule", ""),
        choices=tuple(row.choices),
        trail=tuple(row.trail),
        declines=row.declines,
        shown=shown,
        cared=row.cared if cares else 0,
        danger=next((one for one in EMERGENCIES if cares and one == row.danger), None),
        known=row.known,
        told_last=row.told_last,
    )
    return StoredState(state, row, asked, verdicts, ticket, stop)


async def note_shown(
    session: AsyncSession, channel: str, key: str, reply: Reply, now: datetime
) -> None:
    """Note what was shown without being asked, a greeting: its choices stand below all."""
    row = await session.scalar(_FIND, {"channel": channel, "key": key})
    if row is None:
        row = Conversation(channel=channel, key=key, updated_at=now)
        session.add(row)
    row.choices, row.declines, row.told_last = list(_choices(reply)), 0, ""
    row.trail = list(walked(tuple(row.trail or ()), step_of(reply)))  # the same may be said anew
    for kind in _ASKED:
        await pending.clear(session, (channel, key), kind, now)


def save_turn(
    session: AsyncSession,
    question: Question,
    stored: StoredState,
    result: TurnResult,
    now: datetime,
) -> None:
    """Add to the session what a turn leaves behind: its state, its log, its verdict.

    Nothing is read or written here: that is done when the caller commits, for many at a time.
    """
    session.add_all(_state_rows(question, stored, result.state, now))
    if result.verdict is not None:
        session.add(feedback.kept(question, stored.verdicts, result.verdict, now))
    session.add(_turn(question, stored.state, result, now))


def _state_rows(
    question: Question, stored: StoredState, state: ConversationState, now: datetime
) -> Iterator[Base]:
    channel, key = question.chat
    row = stored.conversation or Conversation(channel=channel, key=key, updated_at=now)
    row.updated_at, row.article, row.question = now, state.article, state.question
    row.choices, row.trail = list(state.choices), list(state.trail)
    row.declines, row.known = state.declines, dict(state.known)
    row.cared, row.told_last, row.danger = state.cared, state.told_last, state.danger or ""
    yield row
    before, chat = stored.state, (channel, key)
    if state.offered or state.asks:
        kind: pending.Kind = "offer" if state.offered else "figure"
        values = {"articles": list(state.offered)} if state.offered else {"rule": state.asks}
        yield pending.asked(stored.pending, chat, kind, values, now + STAYS_OPEN)
    elif before.offered or before.asks:  # else whatever this chat was asked stays asked
        yield pending.asked(stored.pending, chat, "offer", {}, now)


def _turn(question: Question, before: ConversationState, result: TurnResult, now: datetime) -> Turn:
    reply, ms = result.reply, result.ms
    versions = [result.library.articles[name].hash for name in reply.articles]
    opened = None if question.payload else before.open_article
    _log.info(
        "turn.answered",
        channel=question.channel,
        outcome=reply.outcome,
        article=reply.article,
        open_article=opened,
        confidence=round(reply.confidence, 3),
        degraded=reply.degraded,
        ms=ms,
    )
    return Turn(
        channel=question.channel,
        key=question.conversation,
        at=now,
        text=result.asked,
        payload=_pressed(question.payload[:64]),
        outcome=reply.outcome,
        confidence=reply.confidence,
        degraded=reply.degraded,
        ms=ms,
        open_article=opened,
        offered=list(reply.offered),
        step=step_of(reply),
        told=list(reply.told),
        answered_by=in_order(zip(reply.articles, versions, strict=True)),
    )


def _pressed(payload: str) -> str:
    """Return what a button carried; what no button of ours carries may be anything at all."""
    written = payload.replace("\0", "")  # which PostgreSQL keeps in no text
    return written if read_payload(written) else mask(written)


def hash_of(reply: Reply) -> str:
    """Return by what the words of a reply are known again, with what a list offers."""
    listed = [b.payload for b in reply.buttons] if reply.outcome == "clarify" else []
    return hashlib.sha256("\n".join((reply.lead, *listed)).encode()).hexdigest()[:_HASH]


def _is_courtesy(reply: Reply) -> bool:
    """Say whether a reply is thanks, a greeting, a goodbye: a sentence above no list."""
    return reply.outcome == "smalltalk" and len(reply.buttons) <= 1


def _choices(reply: Reply) -> tuple[str, ...]:
    """Return what the buttons carry, but for verdicts, the whole of the same article, a ticket."""
    carried = (button.payload for button in reply.buttons)
    return tuple(payload for payload in carried if not payload.startswith(_NO_CHOICES))
