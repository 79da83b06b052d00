"""A turn: from a conversation's state and a question to a reply and the next state."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from nlu.text import MAX_CHARS
from services.clock import day_of
from services.conversation.acts import acts_in, wanted_brief
from services.conversation.beginnings import begun, begun_again
from services.conversation.care import (
    NOBODY,
    Care,
    Helpers,
    asks_ours,
    heard_behind,
    only_tells,
    told_on,
)
from services.conversation.choices import choose
from services.conversation.composer import Composer
from services.conversation.computed import Computed, filled_in, led
from services.conversation.confirming import confirmed
from services.conversation.cues import concluded
from services.conversation.declines import asks_number
from services.conversation.distress import hear, louder, of_kind
from services.conversation.enquiries import asks, question_in
from services.conversation.feedback import Verdict, judge
from services.conversation.here import holds_here
from services.conversation.known import known_after
from services.conversation.open_article import naming_other_matter
from services.conversation.particulars import asks_status
from services.conversation.policy import (
    AnswerArticle,
    AnswerElsewhere,
    AskSubject,
    Decision,
    Decline,
    DeclineElsewhere,
    DeclineParticular,
    HandOff,
    MakeSmallTalk,
    OfferArticles,
    OfferWish,
    answering,
    articles_of,
)
from services.conversation.question import Question
from services.conversation.readings import Asked, Understood
from services.conversation.repeats import already_told, not_running, not_twice
from services.conversation.reply import Reply
from services.conversation.scope import SURE, guessed_within, urgent_in, within_scope
from services.conversation.state import ConversationState, TurnResult, hash_of
from services.conversation.talk import ActReply, reply_to_act, resumed
from services.conversation.trail import last_shown, told_of
from services.conversation.understanding import understand
from services.conversation.wishes import wish_in
from services.edition import Edition
from services.knowledge.wishes import Wish
from services.understanding.interpretation import Distress
from services.understanding.parts import UNREAD, order
from services.understanding.words import ELLIPTICAL_WORDS

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
    library = edition.library.served(today)
    composer = Composer(library, today, background=state.background(library.rules))
    text = question.masked(edition.library.printed)
    verdict, heard = None, heard_behind(state.cared, state.danger, question, edition.library)
    here = _Here(composer, question, text, state, edition, helpers)
    if heard and heard.clear:
        reply = here.care(heard).alone()
    elif question.payload and not heard:
        reply, verdict = _pressed(here)
    else:
        reply, heard = await _written(here, heard)
        reply = reply if heard else not_running(reply, state, composer)
    if text != question.clean and not heard:
        reply = replace(reply, notices=(*reply.notices, composer.library.phrases.say("masked")))
    after = state.after_care(reply, heard) if heard else state.after(_kept(here, reply), reply)
    told = "" if heard else text
    kept = known_after(state.known, told, library.rules, today, composer.background, reply.articles)
    after = replace(after, known=kept)
    ms = round((time.perf_counter() - started) * 1000)
    return TurnResult(reply, edition.library, after, ms, verdict, asked=told)


@dataclass(frozen=True)
class _Here:
    """What a reply is written from."""

    composer: Composer
    question: Question
    text: str
    """What was written, masked."""
    state: ConversationState
    edition: Edition
    helpers: Helpers

    def care(self, heard: Distress) -> Care:
        """Return who speaks to whoever is in distress."""
        return Care(self.composer.library.phrases, heard, self.state.cared, self.helpers)


@dataclass(frozen=True)
class _Read:
    """What was made of a message that no act or rule replies to."""

    text: str
    """What is asked, without the words that go back to something before it."""
    state: ConversationState
    understood: Understood
    acted: ActReply | None = None
    wished: Wish | None = None
    filled: bool = False
    """Whether it is the figure that a rule asked for: the question before is asked with it."""
    brief: bool = False
    """Whether it wants to be told shortly."""


def _kept(here: _Here, reply: Reply) -> str:
    """Return what the next message may lean on: “80” alone asks nothing, “thế 36 tháng” neither.

    What only asks on about the figures of the question before leaves that.
    """
    question, text = here.state.question, here.text
    if figure := _filled_in(here) if here.state.asks else None:
        return f"{question}. {figure.text}"
    if reply.leans:
        return f"{question}\n{text}" if reply.tool else question
    return text


async def _written(here: _Here, heard: Distress | None) -> tuple[Reply, Distress | None]:
    """Reply to what was written, and say what was heard of distress, by its words or its meaning.

    What fails once distress was heard takes no kind word away; nor may it leave what was written
    anywhere, as a turn that failed does.
    """
    try:
        read, words = await _read(here), heard
        if isinstance(read, _Read):
            words = _by_words(here, read, heard)
            heard = louder(words, read.understood.distress)
            heard = heard and of_kind(here.edition.library.distress, here.text, heard)
        reply = await _answer(here, read) if isinstance(read, _Read) else read
        if heard and heard.faint and not only_tells(here.composer.library, here.text, reply):
            heard = words
        if heard is None or (words is None and not heard.likely and _is_step(here, reply)):
            return await _told_on(here, reply)
        told = reply if heard.likely else await _asked_beside(here, reply)
        return here.care(heard).before(told), heard
    except Exception as error:
        if heard is None:
            raise
        _log.exception("turn.failed", channel=here.question.channel, reason=type(error).__name__)
        return here.care(heard).before(None), heard


def _by_words(here: _Here, read: _Read, heard: Distress | None) -> Distress | None:
    """Return what words tell of distress beside the meaning, which of a piece says nothing."""
    near = read.understood.near if read.text == here.text else None
    if near and heard is None:
        return hear(here.edition.library.distress, here.question.text, faintly=True)
    consoled = here.state.cared and not here.state.told_last
    return heard if near is not False or consoled else None


def _is_step(here: _Here, reply: Reply) -> bool:
    """Say whether a message is a short step of an answered talk, or of a swindle: no threat."""
    # Its few words are about what is open, but behind kind words; what asks may be asked back too.
    state, library, text = here.state, here.composer.library, here.text
    few = len(text.split()) <= ELLIPTICAL_WORDS
    short = few and bool(state.article and state.told_last)
    found = reply.outcome == "answered" or (reply.outcome == "clarify" and asks(library.cues, text))
    step = short and found and not question_in(library.cues, text)
    return step or urgent_in(text, library, state.question if few else "") is not None


async def _told_on(here: _Here, reply: Reply) -> tuple[Reply, Distress | None]:
    """Reply to what follows kind words: as ever to what stands for itself, else kindly again."""
    state, cues = here.state, here.composer.library.cues
    if not state.cared or state.told_last or not told_on(reply):
        return reply, None
    reply = await _asked_beside(here, reply)
    heard = told_on(reply)
    if heard is None:
        return reply, None
    care, asked = here.care(heard), asks(cues, here.text)
    if asks_ours(here.composer.library, here.text):
        return care.opening(reply), heard
    return care.before(reply if asked and reply.offered else None), heard


async def _asked_beside(here: _Here, reply: Reply) -> Reply:
    """Return the answer to what is asked beside a doubt, where the whole message gets none."""
    asked = question_in(here.composer.library.cues, here.text)
    if reply.outcome == "answered" or asked is None:
        return reply
    read = await _read(replace(here, text=asked))
    found = await _answer(here, read) if isinstance(read, _Read) else read
    return found if found.outcome == "answered" else reply


def _pressed(here: _Here) -> tuple[Reply, Verdict | None]:
    composer, payload, state = here.composer, here.question.payload, here.state
    judged = judge(composer, payload, state.shown)
    return judged or (choose(payload, state, composer, here.edition.parts), None)


async def _read(here: _Here) -> Reply | _Read:
    """Return what was made of a message, or the reply where it need not be read."""
    composer, text = here.composer, here.text
    if len(here.question.text) > MAX_CHARS:
        return composer.sentence("too_long", most=MAX_CHARS)
    if not text:
        return composer.sentence("empty")
    if filled := _filled_in(here):
        return filled
    state = here.state
    tool = begun_by(text, state.question, composer)
    if told := tool or holds_here(text, state, composer) or confirmed(text, state, composer):
        return told
    text = concluded(text, state.article, composer.library)
    wanted = wanted_brief(composer.library.acts, text)
    whole = any(act.sure for act in acts_in(composer.library.acts, text))
    brief = not (wanted is None or whole or any(acts_in(composer.library.acts, wanted)))
    text, state = resumed(wanted if wanted and brief else text, state, composer)
    acted = reply_to_act(text, state, composer, here.edition.parts)
    wished = wish_in(composer.library.wishes, composer.library.cues, text)
    # A wish is a whole message too, and of the field: where one fits, no act is sure; without marks
    # `đại hội`, a meeting, is also “dài”, “hỏi”. What goes back and asks is read there.
    returns = acted is not None and acted.reply.act == "back" and state is not here.state
    if acted and (returns or (acted.greets and asks(composer.library.cues, text))):
        acted = None
    # Behind a stolen name “xóa tên tôi ra khỏi đó” is no wish about this talk.
    erases = acted is not None and acted.reply.act == "erasure"
    if urgent_in(text, composer.library, state.question if erases else ""):
        acted = wished = None
    if acted and acted.greets:
        wished = None
    if acted and acted.sure and wished is None and not (acted.greets and state.article):
        return acted.reply
    understood = await understand(text, state, here.edition, composer.library, wished)
    return _Read(text, understood.beside(state), understood, acted, wished, brief=brief)


def begun_by(text: str, question: str, composer: Composer) -> Reply | None:
    """Return what says which tool a message begins, by itself or with what began it before."""
    today = composer.asked_on or composer.today
    alone = begun(composer.library, text, today)
    tool = alone or begun_again(composer.library, (*question.splitlines(), text), today)
    if tool is None or asks_status(composer.library, text):
        return None
    return replace(composer.begin(tool), leans=alone is None)


def _filled_in(here: _Here) -> _Read | None:
    """Return a message that is the figure that a rule asked for: it chooses and asks nothing."""
    state, composer, library = here.state, here.composer, here.composer.library
    rule = next((one for one in library.rules.rules if one.id == state.asks), None)
    last = {state.article, *told_of(last_shown(state.trail))}
    article = next((name for name in (rule.articles if rule else ()) if name in last), "")
    if article not in library.articles:
        return None
    told = filled_in(library, state.asks, article, (here.text, state.question), composer.today)
    found = Understood(AnswerArticle(article, 1.0))
    return _Read(told, replace(state, article=article), found, filled=True) if told else None


async def _answer(here: _Here, message: _Read) -> Reply:
    composer, text, state = here.composer, message.text, message.state
    understood, wished, acted = message.understood, message.wished, message.acted
    read = _led(composer, understood.decision, text, state)
    found = articles_of(read)
    if acted and (not found or acted.wins_over(answering(read), state.article)):
        return acted.reply
    chosen = set(found) & set(state.offered)
    asked = f"{state.question} {text}" if chosen else text
    messages = (text, state.question) if chosen or message.filled else (text,)
    decision = _warned_on(within_scope(read, messages, composer.library), text, state, composer)
    if isinstance(decision, HandOff) and asks_number(composer.library.cues, text):
        return composer.whom(state.article)
    if isinstance(decision, Decline):
        decision = replace(decision, before=state.declines)
    asked_before = chosen and (understood.named or not asks(composer.library.cues, text))
    words, meant = (state.question, {}) if asked_before else (text, understood.parts)
    others = decision.others if isinstance(decision, AnswerArticle) else ()
    asked_for = answering(decision) or guessed_within(decision, messages, composer.library)
    # What names a matter asks for no part of it.
    bare = understood.named or (wished is not None and not wished.purpose)
    likeness = here.edition.parts.likeness
    ranked = {
        name: [
            likeness(name, *one)
            for one in understood.questions.get(name, [Asked(words, meant.get(name, UNREAD))])
        ]
        for name in (*asked_for, *others)
        if composer.library.articles[name].parts
    }
    parts = {
        name: understood.step.get(name) or order(likenesses, new=name != state.article)
        for name, likenesses in ranked.items()
        if name == state.article or not bare
    }
    worked_out = _computed(composer, answering(decision), text, state)
    composer = replace(composer, computed=worked_out, goes_on=state.goes_on(text))
    reply = composer.compose(decision, asked, parts, degraded=understood.degraded)
    if isinstance(decision, AnswerArticle) and (warning := urgent_in(text, composer.library)):
        reply = composer.warned(reply, warning.about)
    if message.brief:
        reply = replace(reply, detail="", next_step="")
    urgent = isinstance(decision, DeclineParticular) and decision.is_urgent
    if state.declines and isinstance(decision, DeclineElsewhere | DeclineParticular) and not urgent:
        return not_twice(reply, state, composer)
    if isinstance(decision, AnswerElsewhere):  # what it opens with is new: whose rule it is
        return reply
    if urgent and not urgent_in(text, composer.library):
        return replace(reply, leans=True)
    told = already_told(reply, text, state, composer, ranked.get(reply.article or "", ()))
    named = chosen or understood.named
    return told if named else naming_other_matter(told, text, state.article, composer.library)


def _warned_on(
    decision: Decision, text: str, state: ConversationState, composer: Composer
) -> Decision:
    """Return what is said to a few words right behind a warning of swindlers.

    Unless another matter was surely read they tell on, or ask where to report: whom to turn to is
    said again, in other words.
    """
    unsure = _is_unsure(decision) or isinstance(decision, HandOff | MakeSmallTalk)
    warned = urgent_in(state.question, composer.library) if unsure else None
    if warned is None or len(text.split()) > ELLIPTICAL_WORDS:
        return decision
    likeliest = next(iter(articles_of(decision)), None)
    if likeliest in warned.near:
        return AnswerArticle(likeliest, decision.confidence)
    again, other = warned.in_turns
    return other if hash_of(composer.compose(again)) == state.told_last else again


def _is_unsure(read: Decision) -> bool:
    """Say whether no article was surely read."""
    doubtful = isinstance(read, AnswerArticle) and read.confidence < SURE
    return doubtful or isinstance(read, Decline | OfferArticles | OfferWish | AskSubject)


def _led(composer: Composer, read: Decision, text: str, state: ConversationState) -> Decision:
    """Return what the words and figures of a message ask for, where no article was read for sure.

    Over one that was read they win only where they can ask for nothing else. Nothing of it is
    changed where a rule of the article that was read works out its figures. Those of the open
    article come next: never before another one that was read for sure, since a day of its matter is
    not reckoned by this one's term.
    """
    sure = not _is_unsure(read)
    if sure and not isinstance(read, AnswerArticle):
        return read
    if _computed(composer, answering(read), text, state):
        return read
    known = state.article in composer.library.articles  # it may have gone away meanwhile
    if not sure and known and state.article and _computed(composer, (state.article,), text, state):
        return AnswerArticle(state.article, 1.0)
    article = led(composer.library, text, composer.today, composer.background, surely=sure)
    return AnswerArticle(article, 1.0) if article else read


def _computed(
    composer: Composer, articles: Sequence[str], text: str, state: ConversationState
) -> Computed:
    """Work out what the articles that answer say to the figures in a message.

    What it leaves open is taken from the question before, where that was about the same topic.
    """
    messages: tuple[str, ...] = (text,)
    if set(articles) & set(state.offered):
        messages = (f"{state.question}. {text}" if state.question else text,)
    elif (state.article or "").partition("/")[0] in {one.partition("/")[0] for one in articles}:
        messages = (text, state.question)
    return composer.work_out(articles, messages)
