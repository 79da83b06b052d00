"""The needs of a message that asks more than once: which of its questions want other articles."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from services.conversation.enquiries import Enquiry
from services.conversation.policy import (
    MOST_OFFERED,
    AnswerArticle,
    AnswerSeveral,
    Decision,
    OfferArticles,
    articles_of,
    is_foreign,
)
from services.understanding.interpretation import Interpretation

MOST_ANSWERED = 3
"""Short answers that one reply holds; what else is asked is named and put behind a button."""
MOST_NAMED = 3

# Measured on the project's own questions, two joined and each by itself: what is loosened here
# answers more of the pairs, and more of the single ones twice.
_SUPPORT = 0.02
"""What the whole message gives an article that a part asks for. Where two sentences ask for one
thing, it gives nothing to the articles that one of them alone only looks like."""
_DOUBT = 0.01
"""So much makes a part that is only offered worth a button."""
_GUESS = 0.25
"""From this confidence on it is worth one without."""
_TRACE = 0.001
"""So much makes one worth it that is sure."""
_FAR = 0.85
"""From this confidence on a part needs no support."""
_MARGIN = 0.2
"""How much surer a part must be by itself than beside an answer on which it may lean."""
_LEAN, _PLAIN = 0.7, 0.4
"""The confidence that supported parts have at least: those that mean nothing by themselves or were
cut where no mark stands, and the others."""
_TAKEN = 0.95
"""From here on what means nothing by itself is worth a button without any support."""
_HINT = 0.05
"""The confidence of an article that a part may belong to, though it is not understood."""
_TOLD = 4
"""Words of a part that is worth saying that it was not understood."""

Decide = Callable[[Interpretation], Decision]


@dataclass(frozen=True)
class EnquiryReading:
    """One question of a message, as it was read."""

    enquiry: Enquiry
    alone: Interpretation
    """By itself, the story before it with it."""
    beside: Interpretation
    """Beside the article that answers the question before; the first beside the open article."""
    whole: Interpretation
    """The message that it is a part of."""

    def support(self, article: str) -> float:
        """Return what the whole message gives an article."""
        return next((c.confidence for c in self.whole.articles() if c.name == article), 0.0)

    def guesses(self) -> tuple[str, ...]:
        """Return what it reads like first, by itself and beside, however unsure that is."""
        firsts = [c for r in (self.alone, self.beside) for c in r.articles()[:1]]
        return tuple(c.name for c in firsts if c.confidence >= _HINT)


@dataclass(frozen=True)
class Need:
    """What one question of a message asks for."""

    text: str
    article: str | None
    """None where nothing was understood."""
    confidence: float = 0.0
    sure: bool = False
    """Whether it is answered at once, and not behind a button."""
    guesses: tuple[str, ...] = ()
    """What it reads like where nothing was understood: may be a part of another's answer."""


def need_of(read: EnquiryReading, first: str | None, decide: Decide) -> Need | None:
    """Return what a part asks for, or None where it leans on the answer `first` or asks nothing."""
    alone, beside = decide(read.alone), decide(read.beside)
    own = alone if isinstance(alone, AnswerArticle) else None
    leaning = beside if isinstance(beside, AnswerArticle) else None
    found = own or leaning
    if found is None:
        return _doubtful(read, first, (alone, beside))
    if found.article == first:
        return None
    sure, near = _standing_alone(read, own, leaning, first) if own else _leaning(read, found)
    return Need(read.enquiry.text, found.article, found.confidence, sure) if sure or near else None


def is_settled(read: EnquiryReading, first: str | None, decide: Decide) -> bool:
    """Say whether a part is understood by itself, so that nothing beside it would change that."""
    alone = decide(read.alone)
    if not isinstance(alone, AnswerArticle):
        return False
    return first in (None, alone.article) or _is_supported(read, alone.article, alone.confidence)


def together(needs: Sequence[Need], whole: Decision) -> Decision:
    """Return what answers them all: shortly, behind a button, or by saying that it is not known.

    Where the whole message is sure of what none of its parts is, the whole is the question.
    """
    named = tuple(name for name in dict.fromkeys(n.article for n in needs) if name)
    told = whole.article if isinstance(whole, AnswerArticle) else None
    sure = {
        n.article: n.confidence
        for n in reversed(needs)
        if n.article and (n.sure or (n.article == told and n.confidence >= _PLAIN))
    }
    answered = tuple(name for name in named if name in sure)[:MOST_ANSWERED]
    if told and told not in sure:
        answered, sure = (told,), {told: whole.confidence}
    if answered and _are_enough(answered, sure, needs, whole):
        return _answered(answered, sure, needs)
    if isinstance(whole, OfferArticles):
        return _offered((*named, *whole.articles), whole, several=len(named) > 1)
    return whole


def with_other(
    answer: AnswerArticle, sides: Sequence[Interpretation], whole: Interpretation, decide: Decide
) -> Decision:
    """Return an answer that names what a side of a choice is, if the whole may mean that too."""
    read = [one for one in map(decide, sides) if isinstance(one, AnswerArticle)]
    meant = {one.name for one in whole.articles() if one.confidence >= _SUPPORT}
    plain = (one.article for one in read if one.confidence >= _PLAIN and one.article in meant)
    others = tuple(dict.fromkeys(name for name in plain if name != answer.article))
    return AnswerSeveral((answer.article,), answer.confidence, others) if others else answer


def by_words(parts: Sequence[EnquiryReading], whole: Decision, decide: Decide) -> Decision:
    """Return what to do where words alone were read: rather name what may be asked than answer.

    What the whole message surely asks is answered, and the likeliest of each part named beside it;
    no part is sure by its words alone. Else the likeliest of each stands behind a button, then what
    the message reads as, then the rest.
    """
    likely = [names for part in parts if (names := articles_of(decide(part.alone)))]
    firsts = tuple(dict.fromkeys(names[0] for names in likely))
    if not firsts[1:]:
        return whole
    if isinstance(whole, AnswerArticle):
        beside = tuple(name for name in firsts if name != whole.article)[:MOST_NAMED]
        return AnswerSeveral((whole.article,), whole.confidence, beside)
    others = (name for rank in zip_longest(*likely) for name in rank if name)
    return _offered((*firsts, *articles_of(whole), *others), whole, several=True)


def _are_enough(
    names: tuple[str, ...], confidence: Mapping[str, float], needs: Sequence[Need], whole: Decision
) -> bool:
    """Say whether parts answer a message: two do, and one that the whole reads as first.

    What makes the whole foreign may be another part, which then is quoted.
    """
    if names[1:] or names == articles_of(whole)[:1]:
        return True
    foreign = is_foreign(whole) and any(need.article is None for need in needs)
    return foreign and confidence[names[0]] >= _FAR


def _answered(
    names: tuple[str, ...], confidence: Mapping[str, float], needs: Sequence[Need]
) -> Decision:
    """Answer with these articles; name what else was asked, and quote what was not understood."""
    others = dict.fromkeys(n.article for n in needs if n.article and n.article not in names)
    unread = tuple(n.text for n in needs if not n.article and not {*n.guesses} & {*names})
    least = min(confidence[name] for name in names)
    if names[1:] or others or unread:
        return AnswerSeveral(names, least, tuple(others)[:MOST_NAMED], unread)
    return AnswerArticle(names[0], least)


def _standing_alone(
    read: EnquiryReading, own: AnswerArticle, leaning: AnswerArticle | None, first: str | None
) -> tuple[bool, bool]:
    """Say whether a part that is sure by itself is another need, and whether it may be one."""
    marked = read.enquiry.marked
    confidence, apart = own.confidence, True
    if marked and leaning and leaning.article == own.article:
        confidence = max(confidence, leaning.confidence)
    elif leaning and leaning.article == first:
        apart = confidence > leaning.confidence + _MARGIN
    far = marked and apart and confidence >= _FAR
    sure = far or _is_supported(read, own.article, confidence)
    return sure, marked or read.support(own.article) >= _TRACE


def _is_supported(read: EnquiryReading, article: str, confidence: float) -> bool:
    enough = _PLAIN if read.enquiry.marked else _LEAN
    return read.support(article) >= _SUPPORT and confidence >= enough


def _leaning(read: EnquiryReading, found: AnswerArticle) -> tuple[bool, bool]:
    """Say the same of one that is sure only beside the answer before it."""
    support = read.support(found.article)
    sure = support >= _SUPPORT and found.confidence >= _LEAN
    return sure, found.confidence >= (_PLAIN if support >= _TRACE else _TAKEN)


def _doubtful(read: EnquiryReading, first: str | None, decided: Sequence[Decision]) -> Need | None:
    """Return what may be asked for, or that nothing was understood of what plainly asks."""
    text = read.enquiry.text
    for offer in decided:
        if isinstance(offer, OfferArticles) and not offer.foreign:
            name = offer.articles[0]
            plain = read.enquiry.marked and offer is decided[0] and offer.confidence >= _GUESS
            near = name != first and (plain or read.support(name) >= _DOUBT)
            return Need(text, name, offer.confidence) if near else None
    plain = read.enquiry.marked and not read.enquiry.implied and len(text.split()) >= _TOLD
    lost = is_foreign(decided[0]) and plain
    return Need(text, None, guesses=read.guesses()) if lost else None


def _offered(names: Sequence[str], whole: Decision, *, several: bool) -> OfferArticles:
    return OfferArticles(tuple(dict.fromkeys(names))[:MOST_OFFERED], whole.confidence, several)
