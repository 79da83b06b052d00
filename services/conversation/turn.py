"""A turn: from a conversation's state and a question to a reply and the next state."""

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import structlog

from nlu.text import MAX_CHARS
from services.clock import day_of
from services.conversation.care import NOBODY, Care, Helpers
from services.conversation.composer import Composer
from services.conversation.computed import Computed, computed, led
from services.conversation.distress import hear
from services.conversation.feedback import Verdict, judge
from services.conversation.policy import (
    AnswerArticle,
    AskSubject,
    Decision,
    Decline,
    DeclineElsewhere,
    DeclineParticular,
    OfferArticles,
    OfferWish,
    answering,
    articles_of,
    guessed,
)
from services.conversation.question import Question
from services.conversation.repeats import already_told
from services.conversation.reply import Reply
from services.conversation.scope import within_scope
from services.conversation.state import ConversationState, TurnResult
from services.conversation.talk import (
    choose,
    naming_other_matter,
    not_twice,
    reply_to_act,
    resumed,
)
from services.conversation.understanding import Asked, understand
from services.conversation.wishes import wish_in
from services.edition import Edition
from services.understanding.parts import UNREAD, order

_SURE = 0.7
"""An article read as surely as this answers, whatever figures the message holds."""

_log = structlog.get_logger()


async def turn(
    state: ConversationState,
    question: Question,
    edition: Edition,
    now: datetime,
    helpers: Helpers = NOBODY,
) -> TurnResult:
    """Reply to a question out of one edition; nothing but the reading leaves this function.

    It raises nothing for whatever is written, pressed, or went away since the turn before. Whoever
    is in distress comes first; `helpers` are whom the office has named for them.
    """
    started = time.perf_counter()
    today = day_of(now)
    composer = Composer(edition.library.served(today), today)
    text = question.masked(edition.library.printed)
    verdict, heard = None, hear(edition.library.distress, question.text)
    if heard:
        care = Care(composer.library.phrases, heard, state.cared, helpers)
        reply = await _cared_for(care, composer, question, state, edition)
    elif question.payload:
        reply, verdict = _pressed(composer, question.payload, state)
    else:
        reply = await _written(composer, question, state, edition)
    if text != question.clean and not heard:
        reply = replace(reply, notices=(*reply.notices, composer.library.phrases.say("masked")))
    after = state.after_care(reply) if heard else state.after(text, reply)
    ms = round((time.perf_counter() - started) * 1000)
    return TurnResult(reply, edition.library, after, ms, verdict, asked="" if heard else text)


async def _cared_for(
    care: Care,
    composer: Composer,
    question: Question,
    state: ConversationState,
    edition: Edition,
) -> Reply:
    """Speak to whoever is in distress, and answer too where that is not sure.

    What fails in answering takes no kind word away; nor may it leave what was written anywhere, as
    a turn that failed does.
    """
    if care.heard.clear:
        return care.alone()
    try:
        return care.before(await _written(composer, question, state, edition))
    except Exception as error:  # noqa: BLE001  # because of what stands above
        _log.exception("turn.failed", channel=question.channel, reason=type(error).__name__)
        return care.before(None)


def _pressed(
    composer: Composer, payload: str, state: ConversationState
) -> tuple[Reply, Verdict | None]:
    judged = judge(composer, payload, state.shown)
    return judged or (choose(payload, state, composer), None)


async def _written(
    composer: Composer, question: Question, state: ConversationState, edition: Edition
) -> Reply:
    text = question.masked(edition.library.printed)
    if len(question.text) > MAX_CHARS:
        return composer.sentence("too_long", most=MAX_CHARS)
    if not text:
        return composer.sentence("empty")
    text, state = resumed(text, state, composer)
    acted = reply_to_act(text, state, composer)
    wished = wish_in(composer.library.wishes, composer.library.cues, text)
    if acted and acted.sure and wished is None:  # `dai hoi` is a meeting, and “too long, asked”
        return acted.reply
    understood = await understand(text, state, edition.interpreter, composer.library)
    read = _led(composer, understood.decision, text, state)
    found = articles_of(read)
    if acted and not found:
        return acted.reply
    asked = f"{state.question} {text}" if state.offered and found else text
    chosen = set(found) & set(state.offered)
    messages = (text, state.question) if chosen else (text,)
    decision = within_scope(read, messages, composer.library)
    if isinstance(decision, Decline):
        decision = replace(decision, before=state.declines)
    words, meant = (state.question, {}) if chosen else (text, understood.parts)
    asked_for = answering(decision) or (guessed(decision) if state.question else ())
    # What names a matter asks for no part of it.
    bare = understood.named or (wished is not None and not wished.purpose)
    ranked = {
        name: [
            edition.parts.likeness(name, *one)
            for one in understood.questions.get(name, [Asked(words, meant.get(name, UNREAD))])
        ]
        for name in asked_for
        if composer.library.articles[name].parts
    }
    parts = {
        name: order(likenesses, new=name != state.article)
        for name, likenesses in ranked.items()
        if name == state.article or not bare
    }
    composer = replace(composer, computed=_computed(composer, answering(decision), text, state))
    reply = composer.compose(decision, asked, parts, degraded=understood.degraded)
    if state.declines and isinstance(decision, DeclineElsewhere | DeclineParticular):
        return not_twice(reply, state, composer)
    told = already_told(reply, text, state, composer, ranked.get(reply.article or "", ()))
    named = chosen or understood.named
    return told if named else naming_other_matter(told, text, state, composer)


def _led(composer: Composer, read: Decision, text: str, state: ConversationState) -> Decision:
    """Return what the words and figures of a message ask for, where no article was read for sure.

    Nothing of it is changed where a rule of the article that was read works out its figures.
    """
    doubtful = isinstance(read, AnswerArticle) and read.confidence < _SURE
    if not doubtful and not isinstance(read, Decline | OfferArticles | OfferWish | AskSubject):
        return read
    if _computed(composer, answering(read), text, state):
        return read
    article = led(composer.library, text, composer.today)
    return AnswerArticle(article, 1.0) if article else read


def _computed(
    composer: Composer, articles: Sequence[str], text: str, state: ConversationState
) -> Computed:
    """Work out what the articles that answer say to the figures in a message.

    What it leaves open is taken from the question before, where that was about the same article.
    """
    messages: tuple[str, ...] = (text,)
    if set(articles) & set(state.offered):
        messages = (f"{state.question}. {text}",)
    elif state.article in articles:
        messages = (text, state.question)
    return computed(composer.library, articles, messages, composer.today)
