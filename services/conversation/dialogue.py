"""A dialogue: takes a question, says a reply, keeps the turn."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from nlu.text import MAX_CHARS, normalise
from services.clock import day_of, utc_now
from services.conversation import feedback, turns
from services.conversation.composer import Composer
from services.conversation.listener import Listener, Standing
from services.conversation.masking import mask
from services.conversation.payloads import Payload, read_payload
from services.conversation.question import Question
from services.conversation.reply import Reply
from services.edition import CurrentEdition, Edition
from services.knowledge.library import Library
from services.storage.models import Turn, in_order

_log = structlog.get_logger()


@dataclass(frozen=True)
class Answered:
    """A reply, and how long it took."""

    reply: Reply
    ms: int
    library: Library
    """The content that the reply was written from: its words render it."""


@dataclass(frozen=True)
class Dialogue:
    """Answers each question out of the edition that is served when it comes."""

    current: CurrentEdition
    now: Callable[[], datetime] = utc_now

    async def answer(self, session: AsyncSession, question: Question) -> Answered:
        """Reply to a question and add its turn to the session; the caller commits."""
        started, now = time.perf_counter(), self.now()
        edition = self.current.edition
        composer = self._composer(edition.library)
        clean = normalise(question.text)
        text = mask(clean)
        found, standing = await turns.find(session, question), Standing()
        if question.payload:
            judged = await feedback.judge(session, composer, question, now)
            reply = judged or pressed(composer, question.payload)
        else:
            standing = await turns.standing(session, found, now)
            await session.commit()  # gives the connection to others while the question is read
            reply = await self._said(edition, composer, question, text, standing)
        if text != clean:
            reply = replace(reply, notices=(*reply.notices, composer.library.phrases.say("masked")))
        if reply.articles or reply.offered:
            turns.keep_open(session, question, found, reply, now)
        ms = round((time.perf_counter() - started) * 1000)
        answered = Answered(reply, ms, edition.library)
        session.add(_turn(question, text, answered, standing, now))
        return answered

    def composer(self) -> Composer:
        """Return a writer of replies out of what is served now, as of today in Việt Nam."""
        return self._composer(self.current.library)

    def _composer(self, library: Library) -> Composer:
        today = day_of(self.now())
        return Composer(library.served(today), today)

    async def _said(
        self,
        edition: Edition,
        composer: Composer,
        question: Question,
        text: str,
        standing: Standing,
    ) -> Reply:
        if len(question.text) > MAX_CHARS:
            return composer.sentence("too_long", most=MAX_CHARS)
        if not text:
            return composer.sentence("empty")
        listener = Listener(edition.interpreter, composer.library)
        heard = await listener.hear(text, standing)
        return composer.compose(heard.decision, degraded=heard.degraded)


def pressed(composer: Composer, payload: str) -> Reply:
    """Return the reply to a button that asks for content, by its payload."""
    match read_payload(payload):
        case Payload("a" | "v" | "c", name) as known if name in composer.library.articles:
            return _of_article(composer, known)
        case Payload("s", subject):
            return composer.subject(subject)
        case Payload("t", folder, page):
            return composer.topic(folder, page)
        case Payload("m"):
            return composer.menu()
        case Payload("h"):
            return composer.handoff()
        case _:
            return composer.stale()


def _of_article(composer: Composer, payload: Payload) -> Reply:
    match payload:
        case Payload("v", name, place):
            return composer.variant(name, place)
        case Payload("c", name):
            return composer.checklist(name)
        case _:
            return composer.article(payload.name)


def _turn(
    question: Question, text: str, answered: Answered, standing: Standing, now: datetime
) -> Turn:
    reply, ms = answered.reply, answered.ms
    versions = [answered.library.articles[name].hash for name in reply.articles]
    _log.info(
        "turn.answered",
        channel=question.channel,
        outcome=reply.outcome,
        article=reply.article,
        beside=standing.opened,
        confidence=round(reply.confidence, 3),
        degraded=reply.degraded,
        ms=ms,
    )
    return Turn(
        channel=question.channel,
        key=question.conversation,
        at=now,
        text=text,
        payload=question.payload[:64].replace("\0", ""),  # which PostgreSQL keeps in no text
        outcome=reply.outcome,
        confidence=reply.confidence,
        degraded=reply.degraded,
        ms=ms,
        beside=standing.opened,
        offered=list(reply.offered),
        answered_by=in_order(zip(reply.articles, versions, strict=True)),
    )
