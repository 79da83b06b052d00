"""A figure that somebody says back, to hear whether they have it right: “8 triệu phải không”.

Whether it is what they mean nobody here knows: the sentence that holds it tells.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from services.conversation.composer import Composer
from services.conversation.days import Period
from services.conversation.marked import Marked, patterns_of
from services.conversation.plain import literal, sentences_in
from services.conversation.quantities import Quantity, Term, read_quantities
from services.conversation.reply import Reply, read_payload
from services.conversation.state import ConversationState
from services.conversation.trail import told_lately
from services.knowledge.article import Article
from services.understanding.parts import LEAD

_PEOPLE = {"members", "people", "workers"}
"""Kinds of figures that are taken for each other: of “05 thành viên” one says “5 người”."""


def confirmed(text: str, state: ConversationState, composer: Composer) -> Reply | None:
    """Return the sentence of what is open that holds the figure of a message; None for any other.

    What was worked out comes first, what was shown last next. Where no sentence holds it, the first
    of what was told last that holds another such figure is told; None without any.
    """
    library, today = composer.library, composer.asked_on or composer.today
    article = library.articles.get(state.article or "")
    if article is None or told_lately(state.trail[-1:]) != (article.id,):
        return None
    pattern, marked = library.rules.confirming, Marked.of(text, today)
    if pattern is None or not marked.is_one_sentence or len(marked.quantities) != 1:
        return None
    if not marked.holds(patterns_of(library.rules)[pattern]):
        return None
    asked = marked.quantities[0]
    composer = replace(composer, computed=composer.work_out((article.id,), (state.question,)))
    told = [*_told(article, state, composer)]
    lately = [one for one in told if one[0] == told[0][0]]
    same = next((one for one in told if _holds(one[1], asked, today, _is_same)), None)
    found = same or next((one for one in lately if _holds(one[1], asked, today, _is_alike)), None)
    if found is None:
        return None
    name, sentence = found
    part = article.part(name)
    lead = library.phrases.say(
        "confirming",
        found=bool(same),
        figure=literal(text[asked.start : asked.end]),
        part=part.name if part and name != told[0][0] else "",
        sentence=literal(sentence),
    )
    return replace(composer.article(article.id, parts=(name,)), lead=lead, detail="", next_step="")


def _told(
    article: Article, state: ConversationState, composer: Composer
) -> Iterator[tuple[str, str]]:
    """Yield the sentences of an article, each with its part; those told last come first."""
    shown = read_payload(state.trail[-1])
    last = shown.part if shown and shown.verb == "d" else LEAD
    for sentence in sentences_in(composer.computed.told):
        yield last, sentence
    for name in dict.fromkeys((last, LEAD, *(part.id for part in article.parts))):
        part = article.part(name)
        for sentence in sentences_in(part.text if part else article.short):
            yield name, sentence


def _holds(
    sentence: str, asked: Quantity, today: date, judge: Callable[[Quantity, Quantity], bool]
) -> bool:
    """Say whether a sentence holds a figure that a judge finds like the one that is asked."""
    return any(judge(one, asked) for one in read_quantities(sentence, today))


def _is_alike(one: Quantity, asked: Quantity) -> bool:
    """Say whether two figures count the same: đồng, people, how many days; a day is no figure."""
    if isinstance(one.value, Term) and isinstance(asked.value, Term):
        return _unit(one.value) == _unit(asked.value)
    return (one.kind == asked.kind != "day") or {one.kind, asked.kind} <= _PEOPLE


def _is_same(one: Quantity, asked: Quantity) -> bool:
    if isinstance(one.value, Period) and isinstance(asked.value, Period):
        return (one.value.first, one.value.last) == (asked.value.first, asked.value.last)
    if isinstance(one.value, Term) and isinstance(asked.value, Term):
        return _is_alike(one, asked) and _length(one.value) == _length(asked.value)
    return _is_alike(one, asked) and one.value == asked.value


def _unit(term: Term) -> str:
    """Return what a term counts: years in months; days, though the law says working days."""
    return "month" if term.months else "day"


def _length(term: Term) -> int:
    return term.months or term.count
