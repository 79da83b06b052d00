"""Which wish of `content/wishes.yml` a message is: a bare word, or a want that asks nothing."""

import itertools
from collections.abc import Sequence
from functools import lru_cache

from nlu.text import normalise, read_lexicon, until_answered
from services.conversation.enquiries import asks
from services.conversation.gazetteer import (
    Phrase,
    Word,
    cut_start,
    holds,
    holds_any,
    is_at,
    phrase,
    phrases,
    words_of,
)
from services.conversation.policy import (
    AskSubject,
    Decision,
    Decline,
    MakeSmallTalk,
    OfferArticles,
    OfferWish,
    answering,
)
from services.conversation.reply import read_payload
from services.conversation.steps import STEPS, kind_like, step_asked
from services.knowledge.article import Article
from services.knowledge.discourse_cues import DiscourseCues
from services.knowledge.library import Library
from services.knowledge.wishes import Wish, WishChoice, Wishes

_LONGEST = 12
"""Words of a wish; a longer message tells a story, of which an article says more than a list. The
longest example of the content has 8."""
_OPENING = 60
"""Words of a long message in which its matter is sought: each wish is sought at each of them, so
that twice as many take twice as long; who tells a story names its matter first."""
_CLEAR = 2
"""So many words tell a wish wherever they stand; one alone may be another: `vay` is `vậy` too."""
_BARE = 2
"""Words of a message that is a bare name: however likely an article is, it may ask for others."""
_OURS = {"htx", "hop", "tac", "xa"}
"""Words of what any matter may be of."""
_BY_NAME = {*STEPS, "signer", "meeting"}
"""Kinds of what is asked of any procedure."""


def wish_in(wishes: Wishes, cues: DiscourseCues, message: str) -> Wish | None:
    """Return the first wish that a message is, as a whole; None where it asks, or wants another."""
    if asks(cues, message):
        return None
    fillers = _group(wishes.fillers)
    return next((w for w in wishes.wishes if _is_wish(w, fillers, message)), None)


def wish_near(wishes: Wishes, message: str) -> Wish | None:
    """Return the first wish whose matter a message names in clear words, whatever else it asks."""
    for wish in wishes.wishes:
        for reading in _readings(message):
            words = reading[:_OPENING]
            if holds_any(words, _clear(wish)) and not holds_any(words, _group(wish.unless)):
                return wish
    return None


def asks_of_other(library: Library, text: str, opened: Article) -> bool:
    """Say whether a step is asked of another matter, by its name: “giải thể mất bao lâu”.

    Behind what founding takes that is asked so too; beside it, the days of founding would be told.
    Only matters that have steps are named so: who signs is no other matter than what is signed.
    """
    if len(text.split()) > _LONGEST or step_asked(library, text):
        return False
    named = _matter_named(library.wishes, text)
    if named is None or opened.topic in named[0].topics:
        return False
    return kind_like(library.cues, named[1]) in _BY_NAME


def _matter_named(wishes: Wishes, message: str) -> tuple[Wish, str] | None:
    """Return the first matter that a message names in clear words, with the words around them."""
    for wish, words in itertools.product(wishes.wishes, _readings(message)):
        if not wish.matter or holds_any(words, _group(wish.unless)):
            continue
        for form, at in itertools.product(_clear(wish), range(len(words))):
            if is_at(form, words, at):
                around = (*words[:at], *words[at + len(form) :])
                return wish, " ".join(one.written for one in around if one.plain not in _OURS)
    return None


def _clear(wish: Wish) -> Sequence[Phrase]:
    """Return the words that tell a wish wherever they stand."""
    return [form for form in _group(wish.words) if len(form) >= _CLEAR]


def choice_named(wishes: Wishes, wish: Wish, message: str) -> WishChoice | None:
    """Return the choice whose label, or another name of it, is all that a message says.

    The longest name tells it: “2651 mục 3” is the choice of section 3.
    """
    fillers, found, longest = _group(wishes.fillers), None, 0
    for choice, words in itertools.product(wish.choices, _readings(message)):
        names = _names(choice)
        named = max((len(name) for name in names if holds(words, name)), default=0)
        if named > longest and _covers(words, (*names, *fillers)):
            found, longest = choice, named
    return found


def article_named(
    library: Library, text: str, asked: str | None, trail: Sequence[str]
) -> str | None:
    """Return the article that a message names of what the wish may mean that was asked last.

    `asked` is that wish where it was asked just now; else it is sought in the `trail` of the talk.
    """
    wish = library.wishes.named(asked or "")
    if wish is None and not asks(library.cues, text):
        wish = _gone_through(library, trail)
    named = choice_named(library.wishes, wish, text) if wish else None
    return named.article if named and named.article in library.articles else None


def offer_wish(
    wish: Wish, message: str, decision: Decision, library: Library, opened: str | None
) -> OfferWish | None:
    """Ask what is meant by a wish: where no article leads by its bar, or none of its own does.

    With nothing open a wish names no need, but for one with a purpose (“vay tiền nuôi bò”): an
    article that is none of its choices is not what it means, however sure the reading is of it. Of
    a bare name only the choice that it names is meant.
    """
    chosen = tuple(one.article for one in wish.choices if one.article in library.articles)
    unsure = isinstance(decision, Decline | AskSubject | MakeSmallTalk) or (
        isinstance(decision, OfferArticles) and not decision.several
    )
    bare = len(message.split()) <= _BARE
    meant = _named(wish, message) if bare else chosen
    held_to_them = opened is None and (bare or not wish.purpose)
    is_other = held_to_them and not {*answering(decision)[:1]} <= {*meant}
    if not chosen or not (unsure or is_other):
        return None
    return OfferWish(wish.id, chosen, decision.confidence)


def _named(wish: Wish, message: str) -> Sequence[str]:
    """Return the articles of the choices of a wish that a message names, whatever else it says."""
    readings = _readings(message)
    return [
        choice.article
        for choice in wish.choices
        if any(holds_any(words, _names(choice)) for words in readings)
    ]


def _names(choice: WishChoice) -> Sequence[Phrase]:
    """Return the label of a choice, and its other names."""
    return *phrases((choice.label,)), *_group(choice.also)


def _gone_through(library: Library, trail: Sequence[str]) -> Wish | None:
    """Return the wish whose choices alone were looked at since they were shown."""
    looked_at: set[str] = set()
    for step in filter(None, reversed(trail)):
        shown = read_payload(step)
        if shown and shown.verb == "k":
            wish = library.wishes.named(shown.name)
            return wish if wish and looked_at <= {c.article for c in wish.choices} else None
        looked_at.add(shown.article if shown else step)
    return None


def _is_wish(wish: Wish, fillers: Sequence[Phrase], message: str) -> bool:
    named = _serves_a_purpose if wish.purpose else _is_all
    readings = [words for words in _readings(message) if len(words) <= _LONGEST]
    if any(holds_any(words, _group(wish.unless)) for words in readings):
        return False
    return any(named(wish, fillers, words) for words in readings)


def _is_all(wish: Wish, fillers: Sequence[Phrase], words: Sequence[Word]) -> bool:
    """Say whether a message is the wish, what may stand with it, and nothing else."""
    known = (*_group(wish.words), *_group(wish.beside), *fillers)
    return holds_any(words, _group(wish.words)) and _covers(words, known)


def _serves_a_purpose(wish: Wish, fillers: Sequence[Phrase], words: Sequence[Word]) -> bool:
    """Say whether the wish opens a message, or stands in it in words that mean nothing else."""
    opening, forms = cut_start(words, fillers), _group(wish.words)
    return any(is_at(form, opening, 0) or is_at(form, words, 0) for form in forms) or any(
        len(form) >= _CLEAR and holds(words, form) for form in forms
    )


def _covers(words: Sequence[Word], forms: Sequence[Phrase]) -> bool:
    """Say whether the words are nothing but these phrases and numbers, one behind the other."""
    reached = {0}
    for at, word in enumerate(words):
        if at in reached:
            reached |= {at + len(form) for form in forms if is_at(form, words, at)}
            if word.plain[0].isdigit():
                reached.add(at + 1)
        elif max(reached) < at:
            return False
    return len(words) in reached


@lru_cache(maxsize=256)
def _group(group: str | None) -> Sequence[Phrase]:
    return tuple(map(_form, group.split("|"))) if group else ()


def _form(text: str) -> Phrase:
    """Return a form as it is compared; behind `=` it counts only as it is written."""
    form = phrase(text)
    return tuple((written, written) for written, _ in form) if "=" in text else form


@until_answered(maxsize=64)
def _readings(message: str) -> tuple[tuple[Word, ...], ...]:
    """Return the words as written, and with short forms written out: the sure ones, then all."""
    texts = dict.fromkeys((message, *read_lexicon().expand(normalise(message))))
    return tuple(filter(None, map(words_of, texts)))
