"""What a message means in its conversation: what was asked before, answered, or offered."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import structlog

from services.conversation import cues
from services.conversation.bodies import open_body
from services.conversation.enquiries import Enquiry, alternatives, asks, enquiries
from services.conversation.needs import (
    MOST_ANSWERED,
    EnquiryReading,
    Need,
    by_words,
    is_settled,
    need_of,
    together,
    with_other,
)
from services.conversation.open_article import OpenArticle
from services.conversation.policy import (
    AnswerArticle,
    AskSubject,
    Decision,
    Decline,
    DeclineParticular,
    MakeSmallTalk,
    OfferArticles,
    OfferWish,
    articles_of,
    decide,
    is_far_surer,
    is_foreign,
    is_surer,
    may_be_other,
    settled,
    several,
    strays,
    with_rival,
)
from services.conversation.readings import Asked, Readings, Understood
from services.conversation.state import ConversationState
from services.conversation.steps import step_asked, steps_told
from services.conversation.trail import is_guess, last_shown, told_before
from services.conversation.wishes import article_named, offer_wish
from services.edition import Edition
from services.errors import NluError
from services.knowledge.library import Library
from services.knowledge.wishes import Wish
from services.understanding.interpretation import Interpretation, Interpreter
from services.understanding.parts import LEAD, UNREAD, PartIndex, asked_word_for_word
from services.understanding.words import ELLIPTICAL_WORDS

_log = structlog.get_logger()

_MOST_READ = 5
"""Questions of a message that are read: all readings share one patience, and a reply holds no more.
What comes after them is quoted."""


async def understand(
    text: str,
    state: ConversationState,
    edition: Edition,
    library: Library,
    wished: Wish | None,
) -> Understood:
    """Say what a message calls for, of what `library` may serve today, or of what it wishes whole.

    All readings of the message share one patience. Where one of them fails or the time is up the
    whole message is read by its words: half of it understood would be another message.
    """
    named = article_named(library, text, state.wish, state.trail)
    if named is not None:
        return Understood(AnswerArticle(named, 1.0), named=True)
    interpreter, beside = edition.interpreter, state.read_beside(text, library)
    message = _Utterance(text, beside, interpreter, library, wished, edition.parts)
    readings = Readings(interpreter.read)
    try:
        async with asyncio.timeout(interpreter.patience), readings:
            understood = await message.understood(readings)
            heard = await readings.heard_calmly(library.distress, text)
    except (NluError, TimeoutError) as error:
        _log.warning("nlu.failed", kind=type(error).__name__, reason=str(error))
        async with Readings(interpreter.read_by_words) as by_words:
            understood = replace(await message.meaning(by_words), degraded=True)
        heard = readings.heard(text)
    return replace(understood, distress=heard, near=readings.near(text))


@dataclass(frozen=True)
class _Utterance:
    """One message in its conversation."""

    text: str
    state: ConversationState
    interpreter: Interpreter
    library: Library
    wished: Wish | None
    parts: PartIndex

    async def understood(self, readings: Readings) -> Understood:
        """Read it; what is hardly of what is open beside what was told before that, too.

        Where that is surer what is open was a side step, and is left.
        """
        here, before = await self.meaning(readings), self._before_side_step()
        step = step_asked(self.library, self.text) if here.step else None
        if before is None or not strays(here.decision, self.state.article, step):
            return here
        there = await before.meaning(readings)
        left = is_surer(there.decision, before.state.article, here.decision)
        return replace(there, returned=before.state.article) if left else here

    def _before_side_step(self) -> "_Utterance | None":
        """Return a few words as they are said beside what was told before what is open, if any.

        What a button opened, which leaves no question, is no side step.
        """
        told = told_before(self.state.trail, self.library) if self.state.question else ()
        if not told or len(self.text.split()) > ELLIPTICAL_WORDS:
            return None
        return replace(self, state=replace(self.state, article=told[0].id, offered=()))

    async def meaning(self, readings: Readings) -> Understood:
        """Read it; what a part of what was told last is asked with word for word asks for that.

        It is read all the same: distress is heard so.
        """
        read, told = await self._meaning(readings), self._told
        if told is None or (part := asked_word_for_word(told.article, self.text)) is None:
            return read
        return Understood(AnswerArticle(told.article.id, 1.0), step={told.article.id: (part,)})

    async def _meaning(self, readings: Readings) -> Understood:
        """Read it whole; where it asks more than once, each of its questions too."""
        parts = enquiries(self.library.cues, self.text)
        if not parts[1:]:
            whole = await self._behind_courtesies(await self._whole(readings, ()), readings)
            decision = self._decide(whole)
            if self._open_article() is None:  # beside it its siblings are always near
                decision = with_rival(decision, whole, self.library.articles)
            understood = self._stepped(self._decided(decision), whole)
            return await self._between(understood, whole, readings)
        read_now, left = parts[:_MOST_READ], parts[_MOST_READ:]
        matter = await self._only_matter(parts)
        whole = await self._whole(readings, () if matter else read_now)
        if matter and self._answers(whole, matter):
            if steps := await self._stepwise(parts, whole, readings):
                return steps
            meant = whole.parts.get(matter, UNREAD)
            asked = {matter: [Asked(part.text, meant) for part in parts]}
            return Understood(
                self._decided(self._decide(whole)), parts=whole.parts, questions=asked
            )
        questions: dict[str, list[Asked]] = defaultdict(list)
        if whole.degraded:
            found = [await self._part(part, whole, None, readings) for part in read_now]
            for one in found:
                for name in articles_of(self._decide(one.alone))[:1]:
                    questions[name].append(Asked(one.enquiry.text, UNREAD))
            decision = by_words(found, self._decide(whole), self._decide)
        else:
            needs = await self._needs(read_now, whole, readings, questions)
            unread = (Need(part.text, None) for part in left)
            decision = together([*needs, *unread], self._decide(whole))
            if not articles_of(decision)[1:] and (
                steps := await self._stepwise(parts, whole, readings)
            ):
                return steps
        return Understood(self._decided(decision), parts=whole.parts, questions=questions)

    async def _between(
        self, understood: Understood, whole: Interpretation, readings: Readings
    ) -> Understood:
        """Name the other article too, where a message asks which of two: “giải thể hay nghỉ”.

        What a side alone tells of whoever writes counts for nothing.
        """
        answer = understood.decision
        if not isinstance(answer, AnswerArticle) or understood.step:
            return understood
        sides = alternatives(self.library.cues, self.text)
        read = [await readings.begin(side, None) for side in sides]
        return replace(understood, decision=with_other(answer, read, whole, self._decide))

    async def _stepwise(
        self, parts: Sequence[Enquiry], whole: Interpretation, readings: Readings
    ) -> Understood | None:
        """Return what tells the steps of a procedure that are asked one behind the other.

        None where anything else is asked behind the first, or a step is not told. The first, or all
        together, may name what it is about: “giải thể mất bao lâu, tốn bao nhiêu?”; else that is
        what is open.
        """
        kinds = [step_asked(self.library, part.text) for part in parts]
        opened = self._open_article()
        if not all(kinds[1:]) or (kinds[0] and not opened):
            return None
        first = None if kinds[0] else await self._alone(parts[0], opened, readings)
        read = self._decide(first) if first else AnswerArticle(opened or "", 1.0)
        read = read if isinstance(read, AnswerArticle) else self._decide(whole)
        if not isinstance(read, AnswerArticle):
            return None
        article = self.library.articles[read.article]
        told = steps_told(self.library, article, [kind for kind in kinds if kind])
        if told is None:
            return None
        own = told.pop(article.id, [])
        if first:
            meant = first.parts.get(article.id, UNREAD)
            own = [next(iter(self.parts.likeness(article.id, parts[0].text, meant)), LEAD), *own]
            own += [LEAD] if article.id != self.state.article else []
        steps = {article.id: own, **told} if own else told
        return Understood(several(tuple(steps)[:MOST_ANSWERED], read.confidence), step=steps)

    async def _behind_courtesies(self, whole: Interpretation, readings: Readings) -> Interpretation:
        """Return how what is asked behind greetings or thanks is read, where only they were."""
        if not isinstance(self._decide(whole), MakeSmallTalk):
            return whole
        words = self.library.cues
        rest = cues.behind_courtesies(words, self.text)
        if rest is None or not asks(words, rest):
            return whole
        behind = await readings.of(rest, self._open_article())
        decision = self._decide(behind)
        return behind if articles_of(decision) and not is_foreign(decision) else whole

    async def _only_matter(self, parts: Sequence[Enquiry]) -> str | None:
        """Return the article that all parts are likest to by their words, if it is one.

        Where it answers the whole message too no part need be read: of the project's own messages
        that ask for one thing in several clauses that is every fourth, of those that ask for two
        none. A reading takes fifty times as long as a look at the words.
        """
        matter: str | None = None
        for part in parts:
            articles = (await self.interpreter.read_by_words(part.text, None)).articles()
            if not articles or matter not in {None, articles[0].name}:
                return None
            matter = articles[0].name
        return matter

    def _answers(self, whole: Interpretation, article: str) -> bool:
        """Say whether an article alone answers a message that was read by its meaning."""
        decision = self._decide(whole)
        alone = isinstance(decision, AnswerArticle) and decision.article == article
        return alone and not whole.degraded

    async def _needs(
        self,
        parts: Sequence[Enquiry],
        whole: Interpretation,
        readings: Readings,
        questions: dict[str, list[Asked]],
    ) -> list[Need]:
        """Return what each question asks for, but for those that lean on the one before.

        Into `questions` goes which article each led to; one that leans led to the one before.
        """
        found: list[Need] = []
        first: str | None = None
        for part in parts:
            reading = await self._part(part, whole, first, readings)
            need = need_of(reading, first, self._decide)
            if need is not None:
                found.append(need)
                first = need.article or first
            led_to = need.article if need else first
            if led_to and (need or reading.beside.is_of(led_to)):
                meant = reading.alone.parts.get(led_to) or reading.beside.parts.get(led_to)
                questions[led_to].append(Asked(part.text, meant or UNREAD))
        return found

    async def _part(
        self, part: Enquiry, whole: Interpretation, first: str | None, readings: Readings
    ) -> EnquiryReading:
        """Read a part by itself and, where that does not settle it, beside the answer before it.

        All readings share one patience: what would change nothing is not read.
        """
        opened = self._open_article()
        alone = await self._alone(part, None if first else opened, readings)
        reading = EnquiryReading(part, alone, alone, whole)
        if is_settled(reading, first, self._decide):
            return reading
        return replace(reading, beside=await readings.of(part.text, first or opened))

    async def _alone(self, part: Enquiry, opened: str | None, readings: Readings) -> Interpretation:
        """Read a part with the story before it, or without where that is surer."""
        told = await readings.of(part.told, opened)
        if part.told == part.text or isinstance(self._decide(told), AnswerArticle):
            return told
        return max(told, await readings.of(part.text, opened), key=self._sureness)

    async def _whole(self, readings: Readings, parts: Sequence[Enquiry]) -> Interpretation:
        """Read a message; one that turns the question before is read together with it too.

        What its parts are read as first is begun meanwhile; all but the first are read alone, as
        they are where the first is understood. What is far surer with nothing open is read so.
        """
        meant = cues.correction(self.library.cues, self.text)
        named = meant or cues.change(self.library.cues, self.text)
        opened = self._open_article()
        readings.begin(meant or self.text, opened)
        for place, part in enumerate(parts):
            readings.begin(part.told, None if place else opened)
        read = await readings.of(meant or self.text, opened)
        reading = self._told.put_first(read) if self._told else read
        if body := open_body(self.library.cues, meant or self.text, self.state):
            reading = await body.read(reading, readings, self._decide)
        decision = self._decide(reading)
        if opened and not named and may_be_other(decision, self.text):
            alone = await readings.of(self.text, None)
            if is_far_surer(self._decide(alone), decision, opened):
                return alone
        if not self.state.question or not (named or self._may_add(decision)):
            return reading
        joined = await readings.of(f"{self.state.question} {named or self.text}", None)
        again = [one.name for one in joined.articles()[:1]] == [self.state.article]
        if meant and again and isinstance(decision, AnswerArticle):
            return reading  # what was told is what it was not
        asks_nothing = named or self.state.wish or isinstance(decision, AskSubject)
        if asks_nothing or isinstance(self._decide(joined), AnswerArticle):
            return max(reading, joined, key=self._sureness)
        return reading

    def _may_add(self, decision: Decision) -> bool:
        """Say whether a short message that is not understood adds to one that was not answered."""
        waits = bool(self.state.offered) or self.state.article is None
        lost = isinstance(decision, Decline | OfferArticles | AskSubject)
        return waits and lost and len(self.text.split()) <= ELLIPTICAL_WORDS

    def _stepped(self, decision: Decision, whole: Interpretation) -> Understood:
        """Return what is understood; a step that is asked with no other word is of what is open."""
        told = self._told
        if told is None:
            return Understood(decision, parts=whole.parts)
        if turned := self._turned(told.other_wish(), decision):
            return Understood(turned)
        step = told.step(decision)
        if step is None and (near := told.lacks(decision)):
            return Understood(DeclineParticular("step", near, whole.in_scope))
        if step := step or told.goes_on(decision) or told.liker(decision):
            article, own_part = step
            return Understood(AnswerArticle(article, whole.in_scope), step={article: (own_part,)})
        if told.article.id == self.state.article and (own := told.asked_back(decision, whole)):
            return Understood(own, parts=whole.parts)
        if told.may_mean(decision) and told.article.id == self.state.article:
            decision = OfferArticles((told.article.id,), decision.confidence)
        return Understood(decision, parts=whole.parts)

    def _turned(self, wish: Wish | None, decision: Decision) -> OfferWish | None:
        """Ask what is meant of another matter that is turned to, unless that was understood."""
        chosen = {one.article for one in wish.choices} if wish else set()
        if wish is None or chosen & {*articles_of(decision)[:1]}:
            return None
        return offer_wish(wish, self.text, AskSubject(decision.confidence), self.library, None)

    @cached_property
    def _told(self) -> OpenArticle | None:
        """What was told last, answered or guessed, as the message may go on with it."""
        opened, guessed = self._open_article(), is_guess(last_shown(self.state.trail))
        if opened is None or not (guessed or opened == self.state.article):
            return None
        article = self.library.articles[opened]
        return OpenArticle(article, self.text, self.library, self.parts, self.state.trail)

    def _open_article(self) -> str | None:
        """Return what the message is read beside; nothing that went away is."""
        opened = self.state.open_article
        return opened if opened in self.library.articles else None

    def _sureness(self, reading: Interpretation) -> tuple[bool, float]:
        """Return what to compare readings by: what is hardly of the field comes behind the rest."""
        decision = self._decide(reading)
        known = isinstance(decision, AnswerArticle | OfferArticles)
        sure = known and not is_foreign(decision)
        return sure, decision.confidence if known else 0.0

    def _decided(self, decision: Decision) -> Decision:
        wish, last, opened = self.wished, self.state.wish, self._open_article()
        asked = offer_wish(wish, self.text, decision, self.library, opened) if wish else None
        if asked:
            return replace(asked, again=asked.wish == last)
        return settled(decision, self.state.offered, wished=bool(last))

    def _decide(self, reading: Interpretation) -> Decision:
        return decide(reading, self.interpreter.thresholds, self.library.articles)
