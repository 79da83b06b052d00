"""What to do with an interpretation: answer, offer, talk, hand off or decline."""

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from typing import get_args

from services.conversation.gazetteer import Elsewhere
from services.knowledge.discourse_cues import Urgent
from services.knowledge.schema import PartKind
from services.understanding.interpretation import Candidate, Interpretation
from services.understanding.thresholds import Bars, Thresholds

MOST_OFFERED = 4
_NEAR_GATE, _NEAR_OFFER = 0.3, 0.5
"""The shares of the bars to offer from which on an article is near what is declined. Measured on 20
questions of the field that no article answers and on 20 of other fields: none of these has one. So
few tell no more than that the shares are not far too low; a button too many costs a glance."""

_ASK_GATE = 0.5
"""The share of the bar of the gate from which on it is asked back what is not answered. Of the
project's own questions and stories it asks so about 3 of 6 that were declined, all rightly, and
about 8 of 81 that no article answers."""
_TOLD, _CLOSE = 2, 0.5
"""So many of those asked back are told at once, the second from this share of the first on."""
_RIVAL = 0.75
"""From this share of the first on a second article is answered beside it. Of 1,068 questions by
several hands it makes so of six: two were answered wrongly, and both meant the second."""

_SURE = 0.6
"""What is read less surely of what is open may be of what was told before that. Of 1,831 turns of
strangers' talks 53 are answered otherwise so; of those with a right answer 21 came right, 2 went
wrong, and 4 were answered wrongly that had been asked back."""
_WHOLE_WORDS, _SURE_ALONE, _FAR_SURER = 7, 0.7, 1.2
"""What has so many words, and is read so surely with nothing open, and so much more surely than
beside what is open, is asked for itself: fewer words lean on that. Of some 550 turns of strangers'
talks four came right so, none went wrong, two got a sister article; of our own 239 one went wrong,
until its part had an example of the kind."""


@dataclass(frozen=True)
class AnswerArticle:
    """Say what this article says."""

    article: str
    confidence: float
    others: tuple[str, ...] = ()
    """What else may be meant: behind buttons."""


@dataclass(frozen=True)
class AnswerSeveral:
    """Say what these articles say: the message asked more than one thing."""

    articles: tuple[str, ...]
    confidence: float
    beside: tuple[str, ...] = ()
    """What may have been asked too: named, and behind a button."""
    unread: tuple[str, ...] = ()
    """The questions of the message that were not understood."""


@dataclass(frozen=True)
class OfferArticles:
    """Ask which of these articles is meant."""

    articles: tuple[str, ...]
    confidence: float
    several: bool = False
    """Whether the message asked more than one thing, so that more than one may be meant."""
    foreign: bool = False
    """Whether it is hardly of the field: it may be asked back, and is not answered for that."""
    close: int = 1
    """How many of the first are about as likely: what they would answer is told at once."""


@dataclass(frozen=True)
class OfferWish:
    """Ask which of the things is meant that a bare word may stand for."""

    wish: str
    articles: tuple[str, ...]
    confidence: float = 0.0
    again: bool = False
    """Whether just this was asked back before."""


@dataclass(frozen=True)
class MakeSmallTalk:
    """Make small talk of this kind."""

    name: str
    confidence: float


@dataclass(frozen=True)
class HandOff:
    """Name a person to ask."""

    confidence: float


@dataclass(frozen=True)
class Decline:
    """Say that no article answers, and whom to ask."""

    confidence: float
    near: str | None = None
    """The nearest article, however far it is."""
    likely: tuple[str, ...] = ()
    """The articles near enough for a button; their subject tells which office to name."""
    before: int = 0
    """How many replies in a row told nothing: the same words are not sent twice running."""


@dataclass(frozen=True)
class AnswerElsewhere:
    """Say what these articles say, as a rule of the whole country: another place's was asked."""

    answer: AnswerArticle | AnswerSeveral
    place: Elsewhere
    local: tuple[str, ...] = ()
    """What was asked too and is ours alone: named, and behind a button."""

    @property
    def confidence(self) -> float:
        """How sure the answer is."""
        return self.answer.confidence


@dataclass(frozen=True)
class DeclineElsewhere:
    """Say that another place's rule is not known; these articles tell ours."""

    place: Elsewhere
    near: tuple[str, ...]
    confidence: float
    unread: tuple[str, ...] = ()
    """The questions of the message that were not understood."""


@dataclass(frozen=True)
class DeclineParticular:
    """Say that one case, person or cooperative is not known, or a step that is open.

    These articles tell the rule.
    """

    about: str
    near: tuple[str, ...]
    confidence: float

    @property
    def is_urgent(self) -> bool:
        """Whether money may be lost, or a name is misused."""
        return self.about in get_args(Urgent)

    @property
    def in_turns(self) -> tuple["DeclineParticular", "DeclineParticular"]:
        """What is said behind a warning, and what is where that was said last."""
        first, second = ("cheated", "stolen" if self.about == "stolen" else "scam")
        return replace(self, about=first), replace(self, about=second)


@dataclass(frozen=True)
class AskSubject:
    """A follow-up with nothing to lean on: ask what it is about."""

    confidence: float


Decision = (
    AnswerArticle
    | AnswerSeveral
    | AnswerElsewhere
    | OfferArticles
    | OfferWish
    | MakeSmallTalk
    | HandOff
    | Decline
    | DeclineElsewhere
    | DeclineParticular
    | AskSubject
)


def several(articles: tuple[str, ...], confidence: float) -> AnswerArticle | AnswerSeveral:
    """Answer with some articles; of one alone it is what that says."""
    if articles[1:]:
        return AnswerSeveral(articles, confidence)
    return AnswerArticle(articles[0], confidence)


def articles_of(decision: Decision) -> tuple[str, ...]:
    """Return the articles that a decision answers with or offers."""
    match decision:
        case AnswerArticle(article):
            return (article,)
        case AnswerSeveral(articles) | OfferArticles(articles):
            return articles
        case OfferWish(_, articles):
            return articles
        case _:
            return ()


def answering(decision: Decision) -> tuple[str, ...]:
    """Return the articles that a decision answers with."""
    match decision:
        case AnswerElsewhere(answer):
            return articles_of(answer)
        case AnswerArticle() | AnswerSeveral():
            return articles_of(decision)
        case _:
            return ()


def guessed(decision: Decision) -> tuple[str, ...]:
    """Return the likeliest of the articles that a decision asks back about, where one is meant."""
    match decision:
        case OfferArticles(articles, several=False, close=close):
            return articles[:close]
        case _:
            return ()


def is_foreign(decision: Decision) -> bool:
    """Say whether a message is hardly of the field, whether it is declined or asked back."""
    offered = isinstance(decision, OfferArticles) and decision.foreign
    return offered or isinstance(decision, Decline)


def strays(read: Decision, opened: str | None, step: PartKind | None) -> bool:
    """Say whether what was read is not surely of what is open.

    A step that fits any procedure is, where that tells it.
    """
    if isinstance(read, AnswerArticle):
        return read.article != opened or (read.confidence < _SURE and step is None)
    return isinstance(read, AskSubject | Decline | OfferArticles)


def is_surer(there: Decision, opened: str | None, here: Decision) -> bool:
    """Say whether what is open there answers, and more surely than what was read here."""
    if not isinstance(there, AnswerArticle) or there.article != opened:
        return False
    return not isinstance(here, AnswerArticle) or here.confidence < there.confidence


def may_be_other(here: Decision, text: str) -> bool:
    """Say whether what was read beside what is open may be far surer read with nothing open.

    What was read as talk, or as leaning on what is open, is not; nor are few words.
    """
    leans = isinstance(here, HandOff | MakeSmallTalk | AskSubject)
    return not leans and here.confidence < _SURE_ALONE and len(text.split()) >= _WHOLE_WORDS


def is_far_surer(alone: Decision, here: Decision, opened: str) -> bool:
    """Say whether another article answers a message far more surely than what was read beside."""
    least = max(_SURE_ALONE, _FAR_SURER * here.confidence)
    answers = isinstance(alone, AnswerArticle) and alone.article != opened
    return answers and alone.confidence >= least


def decide(reading: Interpretation, measured: Thresholds, known: Container[str]) -> Decision:
    """Decide by measured bars; `known` are the ids of the articles that can be served."""
    best = reading.best
    if best is None:
        return Decline(0.0)
    if best.kind == "smalltalk":
        return MakeSmallTalk(best.name, best.confidence)
    if best.kind == "handoff":
        return HandOff(best.confidence)
    if best.kind == "followup":
        return AskSubject(best.confidence)
    return _among_articles(reading, _bars(reading, measured), known)


def with_rival(decision: Decision, reading: Interpretation, known: Container[str]) -> Decision:
    """Answer an article too that is about as likely as the one answered: either may be meant.

    Words alone tell too little for that.
    """
    if not isinstance(decision, AnswerArticle) or reading.degraded:
        return decision
    others = [c for c in reading.articles() if c.name in known and c.name != decision.article]
    if not others or others[0].confidence < _RIVAL * decision.confidence:
        return decision
    return AnswerSeveral((decision.article, others[0].name), decision.confidence)


def settled(decision: Decision, offered: Sequence[str], *, wished: bool) -> Decision:
    """Ask back once only: then take what was offered both times, or say it is not known.

    What is hardly of the field is not known, though it was offered both times. Whoever was asked
    about a wish had asked nothing yet.
    """
    if not isinstance(decision, OfferArticles) or decision.several or not offered:
        return decision
    twice = [name for name in decision.articles if name in offered]
    if twice and not decision.foreign:
        return AnswerArticle(twice[0], decision.confidence)
    if wished:
        return decision
    return Decline(decision.confidence, decision.articles[0], decision.articles)


def _bars(reading: Interpretation, measured: Thresholds) -> Bars:
    return reading.bars or (measured.opened if reading.opened else measured.alone)


def _among_articles(reading: Interpretation, bars: Bars, known: Container[str]) -> Decision:
    articles = [c for c in reading.articles() if c.name in known]
    if not articles:
        return Decline(0.0)
    first = articles[0]
    gate = bars.gate if reading.degraded else bars.gate * _ASK_GATE
    if reading.in_scope < gate or first.confidence < bars.offer:
        return Decline(first.confidence, first.name, _near(articles, reading, bars))
    if reading.in_scope >= bars.gate and first.confidence >= bars.answer:
        return AnswerArticle(first.name, first.confidence)
    offered = [c.name for c in articles if c.confidence >= bars.offer][:MOST_OFFERED]
    foreign = reading.in_scope < bars.gate
    alike = [c for c in articles[:_TOLD] if c.confidence >= _CLOSE * first.confidence]
    close = 1 if foreign else min(len(alike), len(offered))
    return OfferArticles(tuple(offered), first.confidence, foreign=foreign, close=close)


def _near(articles: Sequence[Candidate], reading: Interpretation, bars: Bars) -> tuple[str, ...]:
    """Return the articles that are worth a button though none is worth an offer."""
    if reading.in_scope < bars.gate * _NEAR_GATE:
        return ()
    least = bars.offer * _NEAR_OFFER
    return tuple(c.name for c in articles if c.confidence >= least)[:MOST_OFFERED]
