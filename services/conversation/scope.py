"""Where a rule holds, and what no rule answers: an article that was found may not be the answer.

A rule of the whole country is told as such to whoever asks for another province's; one of Đà Nẵng
is not told to him. And whoever asks of one case gets no rule as if that were the answer.
"""

from collections.abc import Sequence
from dataclasses import replace

from services.conversation.elsewhere import elsewhere
from services.conversation.gazetteer import Elsewhere, holds_any, phrases, words_of
from services.conversation.particulars import asks_figures, particular_in
from services.conversation.policy import (
    AnswerArticle,
    AnswerElsewhere,
    AnswerSeveral,
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
from services.knowledge.library import Library

SURE = 0.7
"""An article read as surely as this answers, whatever figures the message holds: “40 người dự, sửa
điều lệ, hồ sơ gì” asks for papers. Read less surely, the figures tell more than the reading. Not
measured apart: the cases of tests/services/conversation/figures.yml hold with it."""
_COLOUR, _STORY = 0.8, 20
"""A story of so many words that is read so surely asks for a rule, though it holds the words of a
particular. Of 180 questions of strangers two were declined so; of 72 messages that nobody can
answer none that is declined was read at .6 or more."""
_Scoped = AnswerArticle | AnswerSeveral | OfferArticles | OfferWish | Decline


def within_scope(decision: Decision, asked: Sequence[str], library: Library) -> Decision:
    """Return what a decision becomes by what was asked; `asked` are messages, the newest first.

    An offer stays one while some of it holds there: what is chosen from it comes here again, with
    the message before it.
    """
    particulars = library.cues.particulars
    sure = _answers(decision, SURE)
    urgent = urgent_in(asked[0], library) if asked else None
    if urgent and not _told_below(decision, urgent, library, sure=sure):
        return replace(urgent, near=tuple(dict.fromkeys((*urgent.near, *answering(decision)))))
    sure |= urgent is not None
    if not isinstance(decision, _Scoped):
        return decision
    for message in asked:
        if place := elsewhere(library.places, message):
            if asks_figures(particulars, message):
                return DeclineElsewhere(place, (), decision.confidence)
            return _elsewhere(decision, place, library)
        if particular := particular_in(particulars, library.places, message):
            near = articles_of(decision)
            declined = DeclineParticular(particular.about, near, decision.confidence)
            is_colour = len(message.split()) >= _STORY and _answers(decision, _COLOUR)
            if not (sure and declined.is_urgent) and not is_colour:
                return declined
    return decision


def _answers(decision: Decision, least: float) -> bool:
    """Say whether a decision answers with one article, read at least so surely."""
    return isinstance(decision, AnswerArticle) and decision.confidence >= least


def guessed_within(decision: Decision, asked: Sequence[str], library: Library) -> tuple[str, ...]:
    """Return what is told of what is asked back: nothing where that was asked of another place.

    Ours is no rule there, and what holds there too is told as such once it is chosen.
    """
    names = guessed(decision)
    held = (within_scope(AnswerArticle(name, 1.0), asked, library) for name in names)
    return names if all(isinstance(one, AnswerArticle) for one in held) else ()


def urgent_in(message: str, library: Library, before: str = "") -> DeclineParticular | None:
    """Return what is said where somebody's money is being taken, whatever else a message is.

    Many words tell of it, and some of who asks for something else: what was read for sure is
    answered all the same, below a warning. `before` is the message before it, where it is told on.
    """
    for told in filter(None, (message, before)):
        particular = particular_in(library.cues.particulars, library.places, told)
        if particular is None:
            continue
        told_on = (particular.article,) if particular.article in library.articles else ()
        declined = DeclineParticular(particular.about, told_on, 1.0)
        if declined.is_urgent:
            return declined
    return None


def _told_below(
    decision: Decision, urgent: DeclineParticular, library: Library, *, sure: bool
) -> bool:
    """Say whether what was read is told, below the warning.

    The rule that a swindler names is, but of loans, which is the warning itself; else what was read
    for sure, unless it is about money that one gets: none beside who asks for some.
    """
    if not isinstance(decision, AnswerArticle):
        return False
    article = library.articles[decision.article]
    if decision.article in urgent.near:
        return sure or article.head.subject != "credit"
    return sure and not holds_any(words_of(article.label), phrases(library.cues.money))


def _elsewhere(
    decision: _Scoped,
    place: Elsewhere,
    library: Library,
) -> Decision:
    found = articles_of(decision)
    national = _national(found, library)
    if place.abroad or not national:
        declined = DeclineElsewhere(place, found, decision.confidence)
        if not isinstance(decision, AnswerSeveral):
            return declined
        return replace(declined, near=(*found, *decision.beside), unread=decision.unread)
    match decision:
        case AnswerSeveral():
            return _answered(decision, national, place, library)
        case AnswerArticle():
            return AnswerElsewhere(decision, place)
    return decision


def _answered(
    decision: AnswerSeveral, national: tuple[str, ...], place: Elsewhere, library: Library
) -> AnswerElsewhere:
    """Answer with what holds there too; what is ours alone is named apart."""
    beside = _national(decision.beside, library)
    held = {*national, *beside}
    local = tuple(n for n in (*decision.articles, *decision.beside) if n not in held)
    told = replace(decision, articles=national, beside=beside)
    return AnswerElsewhere(told, place, local)


def _national(names: Sequence[str], library: Library) -> tuple[str, ...]:
    known = {name: library.articles[name] for name in names if name in library.articles}
    return tuple(name for name, article in known.items() if article.head.scope == "national")
