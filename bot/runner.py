"""The runner: the one way for every message, whatever the face.

A face says what came (a visit) and who is to react to it (a handler); the runner has it wait for
its turn, gives it a session, and writes what it left there together with the message's receipt.
Nothing of the database is held by whoever speaks to a channel.
"""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import TypeAlias, TypeVar

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.limits import MessageLimit
from nlu.text import forget
from services.announcements import asked_back
from services.bootstrap import Services
from services.conversation.care import Helpers
from services.conversation.plain import literal
from services.conversation.question import Channel, Question
from services.conversation.reply import Button, Payload, Reply
from services.conversation.state import ConversationState, TurnResult, load_state, save_turn
from services.conversation.turn import turn
from services.dossiers import chat as dossier_chat
from services.insight import awaiting
from services.knowledge.library import Library
from services.reminders import reminder_chat
from services.settings import Settings
from services.storage.batch_writer import nothing
from services.storage.models import Stopped
from services.telemetry import trace
from services.tickets.reception import Reception

_log = structlog.get_logger()

V = TypeVar("V")
R = TypeVar("R")
Handler: TypeAlias = Callable[[V, AsyncSession, Services], Awaitable[R]]
"""Reacts to a visit; it changes rows in the session, and commits nothing."""
Receipt: TypeAlias = Callable[[R, AsyncSession], Awaitable[None]]
"""Writes that a message was reacted to so, in the transaction that keeps the rest."""


@dataclass(frozen=True)
class Runner:
    """Runs handlers: side by side, those of one conversation in the order their messages came."""

    services: Services
    limit: MessageLimit = field(default_factory=MessageLimit)

    def turn(self, channel: Channel, conversation: str) -> AbstractAsyncContextManager[None]:
        """Wait for a conversation's turn and have it for the block, what is said included."""
        return self.services.lines.turn(channel, conversation)

    async def react(self, visit: V, handler: Handler[V, R], receipt: Receipt[R] | None = None) -> R:
        """Run a handler within its turn; what it did is kept when this returns, or nothing is.

        Raises what the handler raises, and `SQLAlchemyError` when it could not be kept.
        """
        async with self.services.sessions() as session:
            reaction = await handler(visit, session, self.services)
            work = partial(receipt, reaction) if receipt else nothing
            await self.services.writer.write(session, work)
        return reaction

    async def ask(self, question: Question) -> TurnResult:
        """Answer a question of a channel that is its own receipt: a page, a script, a terminal.

        A turn that can't be kept must not take the answer away.
        """
        async with (
            self.turn(question.channel, question.conversation),
            self.services.sessions() as session,
        ):
            answered = await answer(question, session, self.services)
            try:
                await self.services.writer.write(session, nothing)
            except SQLAlchemyError as error:
                _log.exception("turn.lost", reason=type(error).__name__)
        return answered


def _all(reply: Reply) -> Reply:
    return reply


async def answer(
    question: Question,
    session: AsyncSession,
    app: Services,
    fitting: Callable[[Reply], Reply] = _all,
) -> TurnResult:
    """Answer a question out of the edition that is served now, and leave its turn in the session.

    `fitting` leaves out of a reply the buttons that a face has no room for: a number counts those
    that are seen.
    While it is read, the session holds no connection. What fails as nobody foresaw is a turn too:
    it is told and kept, and the conversation begins anew, for its state may be what broke it.
    """
    now = app.now()
    stored = await load_state(session, question, now)
    await session.commit()  # gives the connection to others: a question may be read for long
    current = app.current
    edition = await current.settled() if question.text else current.edition
    reception = Reception(app.settings, app.writer, now)
    try:
        if passed := reception.pass_on(session, stored, question, edition.library):
            return passed
        library = edition.library
        pressed = await _aside(session, question, stored.state, library, now)
        result = pressed or await turn(stored.state, question, edition, now, _helpers(app.settings))
        if stored.stop is not None and not pressed:
            result = _stopped(stored.stop, question, stored.state, result)
        elif not pressed:
            result = await asked_back.answered(session, question, result, now)
            await session.commit()  # the connection that it may have asked for is others' again
        if result.reply.person:
            result = await reception.open_for(question, stored.state, result)
        result = dossier_chat.offered(question, awaiting.offered(question, result))
        result = reminder_chat.offered(question, result, now)
        result = result.showing(fitting(result.reply))
        app.meters.answered(question.channel, result)
    except Exception as error:  # noqa: BLE001  # because whoever asked must read that it failed
        _log.error("turn.failed", channel=question.channel, trace=trace(error))
        app.meters.failed(question.channel)
        told = Reply("declined", edition.library.phrases.say("failed"))
        asked = question.masked(edition.library.printed)
        result = TurnResult(told, edition.library, asked=asked, failed=True)
    finally:
        forget()
    save_turn(session, question, stored, result, now)
    return result


async def _aside(
    session: AsyncSession,
    question: Question,
    state: ConversationState,
    library: Library,
    now: datetime,
) -> TurnResult | None:
    """Reply to what asks to be told something later; None to any other message."""
    awaited = await awaiting.press(session, question, state, library, now)
    return awaited or await reminder_chat.press(session, question, state, library, now)


def _stopped(
    stop: Stopped, question: Question, state: ConversationState, result: TurnResult
) -> TurnResult:
    """Return what is said while automatic answers are stopped: how to reach a person.

    Whoever asks for a person gets one, and whoever is in distress is answered all the same: a
    message that tells of it is kept nowhere, by which it is known here.
    """
    if result.reply.person or (question.text and not result.asked):
        return result
    to_person = Button(result.library.phrases.say("button_person"), str(Payload("h")))
    told = Reply("handoff", literal(stop.sentence), buttons=(to_person,), confidence=1.0)
    return replace(result, reply=told, state=state)


def _helpers(settings: Settings) -> Helpers:
    return Helpers(settings.care_contact.strip(), settings.care_line.strip())
