"""What a conversation was told before, told again out of today's edition; no reply is kept.

What a turn leaned on is not kept either: the state that it was answered in is gone through again,
turn by turn.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.clock import day_of
from services.conversation.acts import acts_in
from services.conversation.choices import choose
from services.conversation.composer import Composer
from services.conversation.computed import filled_in
from services.conversation.feedback import judge
from services.conversation.known import known_after
from services.conversation.policy import AnswerArticle, OfferArticles
from services.conversation.question import Channel
from services.conversation.repeats import already_told
from services.conversation.reply import Button, Payload, Reply, read_payload
from services.conversation.scope import urgent_in, within_scope
from services.conversation.state import STAYS_OPEN, ConversationState
from services.conversation.talk import reply_to_act
from services.conversation.trail import show_again, step_of, walked
from services.conversation.turn import begun_by
from services.storage.models import Notice, Turn
from services.understanding.parts import LEAD, PartIndex

MOST, AT_ONCE = 50, 10
"""Turns that are told again, the latest, and so many of them unasked: each is composed anew."""
_BEFORE = 10
"""Turns before these that are gone through for what they leaned on."""

_log = structlog.get_logger()


async def past_turns(session: AsyncSession, channel: Channel, key: str) -> Sequence[Turn]:
    """Return the latest turns of a conversation, in their order; of distress no word is left."""
    mine = (Turn.channel == channel, Turn.key == key)
    latest = select(Turn).where(*mine).order_by(Turn.id.desc()).limit(MOST + _BEFORE)
    return (await session.scalars(latest)).all()[::-1]


def is_told(turn: Turn) -> bool:
    """Say whether a turn is told again: of distress nothing is."""
    return bool(turn.text or turn.payload)


def told_again(
    turns: Sequence[Turn], composer: Composer, parts: PartIndex, most: int = MOST
) -> Iterator[tuple[Turn, Reply]]:
    """Yield the latest turns with what they were answered with, as of today.

    Where the text is another now, that is said. One that fails keeps nobody off the others.
    """
    shown = {turn.id for turn in [one for one in turns if is_told(one)][-most:]}
    state, last = ConversationState(), None
    for turn in turns:
        if last is not None and turn.at - last > STAYS_OPEN:
            state = ConversationState()
        reply = None
        if turn.id in shown:
            try:
                background = state.background(composer.library.rules)
                asked = replace(composer, asked_on=day_of(turn.at), background=background)
                reply = _told(turn, state, asked, parts)
            except Exception as error:  # noqa: BLE001  # because it is one of many
                _log.warning("history.failed", reason=type(error).__name__)
                reply = composer.sentence("failed")
            yield turn, reply
        state, last = _after(state, turn, reply, composer), turn.at


def notice_reply(notice: Notice) -> Reply:
    """Return a notice as it is said."""
    buttons = tuple(Button(label, payload) for label, payload in notice.buttons)
    return Reply("smalltalk", notice.text, buttons=buttons, confidence=1.0)


def _after(
    state: ConversationState, turn: Turn, reply: Reply | None, composer: Composer
) -> ConversationState:
    """Return where the conversation stood behind a turn, as far as that can be known."""
    leaned = turn.outcome in {"smalltalk", "form"} or (turn.outcome == "clarify" and not turn.step)
    asked_on = reply is not None and reply.leans
    keeps = (leaned and state.question) or asked_on or _is_act(turn, composer) or not turn.text
    article = turn.articles[-1] if turn.articles else state.article
    opened = article not in (state.article, *state.offered)
    left = bool(turn.articles) and opened and not asked_on
    question = turn.text if not keeps else "" if left else state.question
    courtesy, rules = turn.outcome == "smalltalk", composer.library.rules
    return replace(
        state,
        article=article,
        offered=tuple(turn.offered),
        question=question if is_told(turn) or not turn.offered else "",
        choices=state.choices if courtesy else tuple(f"a:{name}" for name in turn.offered),
        trail=walked(state.trail, turn.step),
        known=known_after(
            state.known, turn.text, rules, day_of(turn.at), state.background(rules), turn.articles
        ),
        asks=state.asks if courtesy else reply.asks if reply else "",
    )


def _is_act(turn: Turn, composer: Composer) -> bool:
    acts = acts_in(composer.library.acts, turn.text) if turn.text else ()
    return any(act.sure for act in acts)


def _told(turn: Turn, state: ConversationState, composer: Composer, parts: PartIndex) -> Reply:
    """Write what a turn was answered with as of today, and say so where the text is another."""
    known = composer.library.articles
    if judged := judge(composer, turn.payload, next(iter(turn.hashes), "")):
        return judged[0]
    if turn.articles and not any(name in known for name in turn.articles):
        return composer.sentence("past_gone")
    reply = _shown(turn, state, composer, parts)
    versions = zip(turn.articles, turn.hashes, strict=True)
    if all(name in known and known[name].hash == version for name, version in versions):
        return reply
    return replace(reply, notices=(composer.library.phrases.say("past_changed"), *reply.notices))


def _shown(turn: Turn, state: ConversationState, composer: Composer, parts: PartIndex) -> Reply:
    """Write it out of its code; an answer to words holds for the place that these name."""
    step = turn.step or (f"{Payload('a', turn.articles[0])}" if turn.articles else "")
    shown = read_payload(step)
    is_act = _is_act(turn, composer)
    acted = reply_to_act(turn.text, state, composer, parts) if is_act else None
    if acted and (step_of(acted.reply), acted.reply.articles) == (turn.step, tuple(turn.articles)):
        return acted.reply
    if shown and shown.verb in {"a", "d"}:
        chosen = str(Payload("a", shown.article))
        if chosen in state.choices and (turn.payload or is_act):
            return choose(chosen, state, composer, parts)
        if turn.text:
            return _answered(turn, shown.article, state, composer, parts)
    if turn.told and turn.offered and turn.offered[0] in composer.library.articles:
        offer = OfferArticles(tuple(turn.offered), turn.confidence)  # with what it would answer
        told_of = _guessed(turn, turn.offered[0], composer)
        return composer.compose(offer, turn.text, told_of, degraded=turn.degraded)
    return show_again(step, composer) if step else _aside(turn, state, composer)


def _guessed(turn: Turn, first: str, composer: Composer) -> Mapping[str, Sequence[str]]:
    """Return which part was told, or may be meant, of which article, as `Reply.told` has them."""
    named = [name.rpartition("#") for name in turn.told]
    told = [(article or first, part) for article, _, part in named]
    return {name: (part,) for name, part in told[::-1] if name in composer.library.articles}


def _aside(turn: Turn, state: ConversationState, composer: Composer) -> Reply:
    """Write what showed nothing to come back to: a tool, a person, or that it was so."""
    if turn.outcome == "form" and (tool := begun_by(turn.text, state.question, composer)):
        return tool
    if urgent := urgent_in(turn.text, composer.library):
        return composer.compose(urgent, turn.text)
    if turn.outcome == "handoff":
        return composer.handoff(article=turn.open_article)
    told = composer.sentence("past_declined" if turn.outcome == "declined" else "past_talk")
    return replace(told, outcome="declined" if turn.outcome == "declined" else "smalltalk")


def _answered(
    turn: Turn, article: str, state: ConversationState, composer: Composer, parts: PartIndex
) -> Reply:
    """Answer words with an article as they were: for their place, with their figures.

    Whether a part was told in the place of one that was told just before is not kept: it is where
    the words ask for that one first.
    """
    library, today, text = composer.library, composer.today, turn.text
    messages: tuple[str, ...] = (text,)
    if article in state.offered:
        messages = (text, state.question)
    elif filled := filled_in(
        library, state.asks, article, (text, state.question), today, asked_on=composer.asked_on
    ):
        text, messages = filled, (filled, state.question)
    meant = {n: p for n, p in _guessed(turn, article, composer).items() if n != article}
    decision = within_scope(
        AnswerArticle(article, turn.confidence, tuple(meant)), messages, library
    )
    beside = messages if article != state.article else (text, state.question)
    figures = composer.work_out((article,), beside)
    composer = replace(composer, computed=figures, goes_on=state.goes_on(text))
    last = read_payload(state.trail[-1]) if state.trail else None
    likeness, asked = parts.likeness(article, text), " ".join(messages[::-1])
    ways = [[part for part in turn.told if "#" not in part]]
    if last and last.article == article and last.part == next(iter(likeness), LEAD):
        ways.insert(0, [last.part])
    for way in ways:
        told = composer.compose(decision, asked, {**meant, article: way}, degraded=turn.degraded)
        reply = already_told(told, text, state, composer, (likeness,))
        if step_of(reply) == turn.step:
            return reply
    return told
