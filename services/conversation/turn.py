"""A turn: from a conversation's state and a question to a reply and the next state."""

import time
from dataclasses import replace
from datetime import datetime

from nlu.text import MAX_CHARS
from services.clock import day_of
from services.conversation.composer import Composer
from services.conversation.feedback import Verdict, judge
from services.conversation.policy import Decline, articles_of
from services.conversation.question import Question
from services.conversation.reply import Reply
from services.conversation.scope import within_scope
from services.conversation.state import ConversationState, TurnResult
from services.conversation.talk import choose, reply_to_act
from services.conversation.understanding import understand
from services.edition import Edition


async def turn(
    state: ConversationState, question: Question, edition: Edition, now: datetime
) -> TurnResult:
    """Reply to a question out of one edition; nothing but the reading leaves this function.

    It raises nothing for whatever is written, pressed, or went away since the turn before.
    """
    started = time.perf_counter()
    today = day_of(now)
    composer = Composer(edition.library.served(today), today)
    verdict = None
    if question.payload:
        reply, verdict = _pressed(composer, question.payload, state)
    else:
        reply = await _written(composer, question, state, edition)
    if question.holds_numbers:
        reply = replace(reply, notices=(*reply.notices, composer.library.phrases.say("masked")))
    ms = round((time.perf_counter() - started) * 1000)
    return TurnResult(reply, edition.library, state.after(question, reply), ms, verdict)


def _pressed(
    composer: Composer, payload: str, state: ConversationState
) -> tuple[Reply, Verdict | None]:
    judged = judge(composer, payload, state.shown)
    return judged or (choose(payload, state, composer), None)


async def _written(
    composer: Composer, question: Question, state: ConversationState, edition: Edition
) -> Reply:
    text = question.masked
    if len(question.text) > MAX_CHARS:
        return composer.sentence("too_long", most=MAX_CHARS)
    if not text:
        return composer.sentence("empty")
    acted = reply_to_act(text, state, composer)
    if acted and acted.sure:
        return acted.reply
    understood = await understand(text, state, edition.interpreter, composer.library)
    if acted and not articles_of(understood.decision):
        return acted.reply
    asked = f"{state.question} {text}" if state.offered else text
    chosen = set(articles_of(understood.decision)) & set(state.offered)
    messages = (text, state.question) if chosen else (text,)
    decision = within_scope(understood.decision, messages, composer.library)
    if isinstance(decision, Decline):
        decision = replace(decision, before=state.declines)
    return composer.compose(decision, asked, degraded=understood.degraded)
