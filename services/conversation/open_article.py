"""Whether a message goes on with the article answered last, though another is likelier alone."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from nlu.text import fold, has_diacritics
from services.conversation.cues import asks_amount, other_of
from services.conversation.enquiries import asks
from services.conversation.policy import (
    AnswerArticle,
    Decision,
    Decline,
    HandOff,
    MakeSmallTalk,
    OfferArticles,
    articles_of,
)
from services.conversation.quantities import read_quantities
from services.conversation.reply import Reply, read_payload
from services.conversation.smalltalk import addresses_bot, part_asked, wants_person
from services.conversation.steps import (
    OWN,
    STEPS,
    idle,
    kind_like,
    names,
    step_asked,
    step_beside,
    step_in,
    step_of,
)
from services.conversation.trail import last_shown, told_before
from services.conversation.wishes import wish_in
from services.knowledge.article import Article
from services.knowledge.library import Library
from services.knowledge.schema import PartKind
from services.knowledge.wishes import Wish
from services.understanding.interpretation import Interpretation
from services.understanding.parts import LEAD, UNREAD, PartIndex
from services.understanding.words import ELLIPTICAL_WORDS

_WORD = re.compile(r"[^\W_]+")
_STILL, _FITS = 0.3, 1.2
"""The open article is asked on where it is so much of the likeliest one's confidence, and one of
its parts is so much liker to the message than any of that one's. Of 169 follow-ups of the project's
own talks this holds three that left their article, and none that meant another; from .2 to .5 and
from 1 to 1.2 it does the same."""
_TRACE, _SHARES, _PLAIN = 0.1, 0.4, 0.4
"""These suffice where what is asked is a step of its procedure that the other one has as well: the
same few words ask for it, and the likeliest has only more examples of them. Of the project's own
talks they hold none that meant another article, from a likeness of .3 to .45; below, two."""
_TELLS = 0.25
"""From this likeness on, by words alone, an article tells a step though no part of it is of that
kind; of those that do not tell it hardly one reaches half as much."""
_LIKER = 1.3
"""So much liker to a few words than the part that tells their step an article is, to tell it."""
_FEW, _SURELY, _RECALLED, _FAR_LIKER = 8, 0.8, 0.35, 1.25
"""So few words, read less surely than that, are of a part told before where they are so like it,
and so much liker than what was read."""
_OWN, _RIVAL, _RIVAL_FITS = 0.1, 0.6, 0.8
"""What is asked back of it first is told where its likest part is so like the message, unless the
next article has so much of its confidence, and it not so much of that one's likeness. Of 1,328
turns of strangers' talks six came right when this fell from .18 and a part was told again, none
went wrong, and one was answered wrongly that had been asked back."""
_HINTS = 0.2
"""From this likeness on it is asked back whether what is open is meant, where it would be declined:
“ông đó đi xuất khẩu lao động” tells a condition, and asks nothing."""
_HARDLY = 0.5
"""Small talk that is less sure, and asks, may ask of what is open: “họ im luôn thì sao”."""
_OF_US = "bot-identity"
"""Small talk that asks of the assistant: what does not speak to it may ask of what is open."""
_NAMED, _TRACED = 0.4, 0.22
"""From such a likeness on a part of it is asked, whatever step or talk the words may be too; the
second where they are read as a wish for a person, and name none."""
_OTHER_MATTER = 8
"""Words of a message whose writer may not have seen that it is another matter; a longer one says
itself what it asks about."""
_OFFICES = "government"
"""Topic of whom to ask, which holds of any matter that is turned to."""
_OF_ONE_MATTER = 2
"""Topics of the choices of a wish that names a matter of its own."""
_TOLD_BY_NAME: frozenset[PartKind | None] = frozenset({"signer", "fee", "ways"})


@dataclass(frozen=True)
class OpenArticle:
    """The article answered last, beside a message."""

    article: Article
    text: str
    library: Library
    parts: PartIndex
    trail: tuple[str, ...] = ()
    """Where the talk has been."""

    @cached_property
    def before(self) -> tuple[Article, ...]:
        """What was told before it in this talk, the last first."""
        return told_before(self.trail, self.library)

    @property
    def shown(self) -> str | None:
        """The part of it that was told last, if it was told last."""
        last = read_payload(last_shown(self.trail))
        return last.part if last and last.article == self.article.id else None

    def put_first(self, reading: Interpretation) -> Interpretation:
        """Put it first where it is near and one of its parts is what is asked.

        A long message asks by itself; of an article without parts nobody knows how much it asks.
        """
        articles = [c for c in reading.articles() if c.name in self.library.articles]
        own = next((c for c in articles if c.name == self.article.id), None)
        if own is None or reading.degraded or reading.best is not articles[0]:
            return reading
        likeliest, first = self.library.articles[articles[0].name], articles[0].confidence
        is_long = len(self.text.split()) > ELLIPTICAL_WORDS
        if likeliest is self.article or is_long or not likeliest.parts:
            return reading
        fit, other = self._fit(self.article, reading), self._fit(likeliest, reading)
        still = own.confidence >= _STILL * first and fit > _FITS * other
        step = own.confidence >= _TRACE * first and fit > max(_SHARES * other, _PLAIN)
        if not still and not (step and self._has_step(likeliest, reading)):
            return reading
        others = (c for c in reading.ranking if c is not own)
        return replace(reading, ranking=(replace(own, confidence=first), *others))

    def step(self, decision: Decision) -> tuple[str, str] | None:
        """Return the article and the part that tell the step asked for, where words ask no more.

        None where an article tells it otherwise. What is open comes first, with its procedure; what
        was open before comes next, unless it was read of what is open now, and what was read of the
        same matter. How much and how many is looked for only where nothing of that was read.
        """
        kind = step_asked(self.library, self.text)
        if kind is None and articles_of(decision)[:1] == (self.article.id,):
            kind = step_beside(self.library, self.text)
        if kind is None:
            return None
        name = decision.article if isinstance(decision, AnswerArticle) else self.article.id
        read, own = self.library.articles[name], name == self.article.id
        if kind in OWN and own and isinstance(decision, AnswerArticle):
            return None
        if part := self._part_of(kind):
            other = kind == "meeting" and not own and self._tells(name, (self.article.id, part))
            return None if other else (self.article.id, part)
        told = step_in(self.library, self.article, kind)
        if told is None and kind not in OWN and articles_of(decision)[:1] != (self.article.id,):
            told = self._told_before(kind)
        if (told := told or step_of(self.library, self.article, kind)) is None:
            return None
        if not own:
            if kind in OWN or not self.article.is_one_matter_with(read):
                return told
            told = step_of(self.library, read, kind) or told
        return None if told[0] != name and self._tells(name, told) else told

    def _part_of(self, kind: PartKind) -> str | None:
        """Return its own part of a kind; of several the one that the message is likest to.

        Another part is what is asked where it is far liker than what tells the step, here or near:
        “báo cho ai” is no place to hand in at.
        """
        own = [name for name, head in self.article.head.parts.items() if head.kind == kind]
        like = self.parts.likeness(self.article.id, self.text)
        part = max(own, key=lambda name: like.get(name, 0.0), default=None)
        near = None if part else step_of(self.library, self.article, kind)
        told = self.parts.likeness(near[0], self.text).get(near[1], 0.0) if near else 0.0
        likest, most = part_asked(self.article, self.text, self.parts, _NAMED) or (LEAD, 0.0)
        far_liker = likest != LEAD and most >= _LIKER * max(told, like.get(part or LEAD, 0.0))
        return likest if far_liker else part

    def _told_before(self, kind: PartKind) -> tuple[str, str] | None:
        """Return the article and the part that tell a step of what was told last before."""
        found = (step_in(self.library, article, kind) for article in self.before)
        return next(filter(None, found), None)

    def _tells(self, name: str, told: tuple[str, str]) -> bool:
        """Say whether an article is liker to the message than the part that tells the step."""
        other = self.parts.likeness(told[0], self.text).get(told[1], 0.0)
        own = max(self.parts.likeness(name, self.text).values(), default=0.0)
        return own >= max(_TELLS, _LIKER * other)

    def liker(self, decision: Decision) -> tuple[str, str] | None:
        """Return the part of what was told that a few words are far liker to than what was read.

        None where another was read for sure, or what is open itself, and of what each procedure has
        otherwise: its meeting, its fine, its days, what is late or goes wrong. What is read as talk
        or as a wish for a person, and is none, asks for its likest part.
        """
        if isinstance(decision, MakeSmallTalk | HandOff):
            part = self._in_talk(decision)
            return (self.article.id, part) if part is not None else None
        if kind_like(self.library.cues, self.text) in {*OWN, "otherwise"}:
            return None
        read = articles_of(decision)[:1]
        answers = isinstance(decision, AnswerArticle)
        if len(self.text.split()) > _FEW or decision.confidence >= _SURELY:
            return None
        if answers and read == (self.article.id,):
            return None
        least = max([_RECALLED, *(_FAR_LIKER * self._like(name)[0] for name in read)])
        told = (self._like(one.id) for one in (self.article, *self.before) if (one.id,) != read)
        like, name, part = max(told, default=(0.0, "", ""))
        return (name, part) if like >= least else None

    def asked_back(self, decision: Decision, reading: Interpretation) -> AnswerArticle | None:
        """Return its answer where it was asked back first, and something of it is what is asked.

        What is hardly of the field is where its words are a part's; and its lead is told once only.
        """
        if not isinstance(decision, OfferArticles) or decision.several or reading.degraded:
            return None
        if decision.foreign and not part_asked(self.article, self.text, self.parts, _NAMED):
            return None
        first, *others = decision.articles
        if first != self.article.id:
            return None
        likeness = self._likeness(self.article, reading)
        part, fit = next(iter(likeness.items()), (LEAD, 0.0))
        again = part == LEAD == self.shown
        if fit < _OWN or again or self._has_rival(fit, reading):
            return None
        return AnswerArticle(first, decision.confidence, tuple(others))

    def _has_rival(self, fit: float, reading: Interpretation) -> bool:
        """Say whether another article is near, and liker to the message, as far as is known."""
        own, *others = [c for c in reading.articles() if c.name in self.library.articles]
        if not others or others[0].confidence < _RIVAL * own.confidence:
            return False
        other = self.library.articles[others[0].name]
        return not other.parts or fit < _RIVAL_FITS * self._fit(other, reading)

    def _in_talk(self, decision: MakeSmallTalk | HandOff) -> str | None:
        """Return what of it is asked by what was read as talk, or as a wish for a person."""
        handoff = isinstance(decision, HandOff)
        if handoff and wants_person(self.library, self.text):
            return None
        if not handoff and not self._may_be_asked():
            return None
        least = _TRACED if handoff else _NAMED
        asked = part_asked(self.article, self.text, self.parts, least)
        return asked[0] if asked else None

    def _may_be_asked(self) -> bool:
        """Say whether small talk may ask of what is open: it asks, and not the assistant."""
        return asks(self.library.cues, self.text) and not addresses_bot(self.library, self.text)

    def may_mean(self, decision: Decision) -> bool:
        """Say whether a few words may be of it that are not understood, or hardly as small talk.

        What is declined may tell more of it; what asks something is rather asked of it than talk.
        """
        if len(self.text.split()) > _FEW:
            return False
        if isinstance(decision, HandOff):
            return not wants_person(self.library, self.text)
        if asks(self.library.cues, self.text):
            of_us = isinstance(decision, MakeSmallTalk) and decision.name == _OF_US
            hardly = decision.confidence < _HARDLY or (of_us and self._may_be_asked())
            return isinstance(decision, MakeSmallTalk) and hardly
        return isinstance(decision, Decline) and self._like(self.article.id)[0] >= _HINTS

    def _like(self, name: str) -> tuple[float, str, str]:
        """Return how like an article is to the message by its words, with the part that is."""
        likeness = self.parts.likeness(name, self.text)
        part = next(iter(likeness), LEAD)
        return likeness.get(part, 0.0), name, part

    def lacks(self, decision: Decision) -> tuple[str, ...]:
        """Return what to see where a step is asked that neither it nor what is near tells.

        Another article tells its own fee, fine, signature or meeting, of another procedure. Of what
        is open itself papers, days and places may be told in other words than they are asked.
        """
        kind = step_asked(self.library, self.text)
        if kind is None or step_of(self.library, self.article, kind):
            return ()
        for name in articles_of(decision)[:1]:
            other = self.library.articles[name]
            if other is self.article:
                own = max(self.parts.likeness(name, self.text).values(), default=0.0)
                return (name,) if kind in _TOLD_BY_NAME and own < _TELLS else ()
            answered = isinstance(decision, AnswerArticle) and self.article.parts
            if answered and not self._is_told_by(other, kind):
                return (name if decision.confidence >= _SURELY else self.article.id,)
        return ()

    def _is_told_by(self, other: Article, kind: PartKind) -> bool:
        """Say whether another article may tell a step that it lacks: of one procedure or matter."""
        procedure = other.head.procedure
        if kind in {*_TOLD_BY_NAME, "late", "meeting"}:
            return procedure is not None and procedure == self.article.head.procedure
        near = procedure is not None or other.id in self.article.head.related
        return kind in OWN or (near and self.article.is_one_matter_with(other))

    def goes_on(self, decision: Decision) -> tuple[str, str] | None:
        """Return it and the part that tells the same of another thing: “liên hiệp thì bao nhiêu?”.

        It is told where a part is named for that thing, its amount is asked, or it is a figure; of
        any other thing only where nothing was read for sure, or the article read is not about it.
        """
        cues = self.library.cues
        others = {*map(fold, cues.others)}
        bare = " ".join(self._told_words(self.text))
        named = bare if bare in others else other_of(cues, self.text)
        if named is None or step_asked(self.library, self.text):
            return None
        thing = fold(named)
        known = thing in others
        own = self.article.id
        if known and (part := self._part_named(named)):
            return own, part
        figures = read_quantities(named, date.min)
        counted = asks_amount(cues, self.text) or (len(figures) == 1 and figures[0].start == 0)
        if isinstance(decision, AnswerArticle) and not counted:
            label = fold(self.library.articles[decision.article].label)
            if not known or thing in label:
                return None
        part = self._part_on(thing)
        return None if part is None else (own, part)

    def other_wish(self) -> Wish | None:
        """Return the wish that a few words turn to: “còn thuế thì sao”.

        None where a part of it is named so, or its own topic is, or it tells whom to ask; and where
        the wish is of many: a fee, a law, papers may be asked about of anything.
        """
        words = self.library.cues
        named = other_of(words, self.text)
        wish = wish_in(self.library.wishes, words, named) if named else None
        if named is None or wish is None or self._part_named(named):
            return None
        if fold(named) in {*map(fold, words.others)}:
            return None
        own = self.article.topic in {*wish.topics, _OFFICES}
        return None if own or len(wish.topics) > _OF_ONE_MATTER else wish

    def _part_named(self, thing: str) -> str | None:
        """Return the part that has a thing in its name; hired is no tax where marks are typed."""
        form = str.lower if has_diacritics(thing) else fold
        names = ((one.id, " ".join(_WORD.findall(form(one.name)))) for one in self.article.parts)
        return next((part for part, name in names if f" {form(thing)} " in f" {name} "), None)

    def _part_on(self, thing: str) -> str | None:
        """Return what speaks of a thing: the lead, the first part, or nothing."""
        words = " ".join(self._told_words(thing))
        told = ((LEAD, self.article.short), *((one.id, one.text) for one in self.article.parts))
        spoken = (name for name, text in told if f" {words} " in f" {_plain(text)} ")
        return next(spoken, None) if words else None

    def _told_words(self, text: str) -> Iterator[str]:
        """Yield the words of a text, without diacritics, but for those that say nothing."""
        idly = idle(self.library.acts)
        return (word for word in _WORD.findall(fold(text)) if word not in idly)

    def _fit(self, article: Article, reading: Interpretation) -> float:
        """Return how like the message is to the likest part of an article, its lead among them."""
        return max(self._likeness(article, reading).values(), default=0.0)

    def _likeness(self, article: Article, reading: Interpretation) -> Mapping[str, float]:
        meant = reading.parts.get(article.id, UNREAD)
        return self.parts.likeness(article.id, self.text, meant)

    def _has_step(self, other: Article, reading: Interpretation) -> bool:
        """Say whether a step of its procedure is asked that another one has too.

        “Nộp ở đâu” is asked of any: who names no other matter goes on with what is open.
        """
        if names(self.library, self.text, other):
            return False
        own = self.article.head
        asked = own.parts.get(next(iter(self._likeness(self.article, reading)), LEAD))
        is_step = asked is not None and asked.kind in STEPS
        return is_step and own.procedure not in (None, other.head.procedure)


def naming_other_matter(reply: Reply, text: str, opened: str | None, library: Library) -> Reply:
    """Return a reply that says so where a short message led to another matter than the open one.

    Of the same matter it names another article that the message does not name itself, unless one
    procedure tells both.
    """
    article, before = (library.articles.get(one or "") for one in (reply.article, opened))
    if article is None or before in (None, article) or reply.articles[1:]:
        return reply
    near = article.is_one_matter_with(before)
    told_too = near and article.head.procedure == before.head.procedure is not None
    if told_too or len(text.split()) > _OTHER_MATTER or (near and names(library, text, article)):
        return reply
    phrase = "other_article" if near else "other_matter"
    label = "" if near and reply.part else article.label
    return replace(reply, lead=library.phrases.say(phrase, label=label, told=reply.lead))


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(fold(text)))
