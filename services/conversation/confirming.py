"""A figure that somebody says back, to hear whether they have it right: “8 triệu phải không”.

Whether it is what they mean nobody here knows: the sentence that holds it tells.
"""

from collections.abc import Iterator
from dataclasses import replace

from services.conversation.composer import Composer
from services.conversation.days import Period
from services.conversation.marked import Marked, patterns_of
from services.conversation.plain import literal, sentences_in
from services.conversation.quantities import Quantity, Term, read_quantities
from services.conversation.reply import Reply
from services.conversation.state import ConversationState
from services.conversation.trail import told_last
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
    last, pattern = told_last(state.trail), library.rules.confirming
    article = library.articles.get(state.article or "")
    if article is None or last is None or last[0] != article.id or pattern is None:
        return None
    marked = Marked.of(text, today)
    if not marked.is_one_sentence or len(marked.quantities) != 1:
        return None
    if not marked.holds(patterns_of(library.rules)[pattern]):
        return None
    figure = marked.quantities[0]
    asked = _measure(figure)
    composer = replace(composer, computed=composer.work_out((article.id,), (state.question,)))
    told = [
        (name, sentence, [*map(_measure, read_quantities(sentence, today))])
        for name, sentence in _told(article, last[1], composer)
    ]
    same = [one for one in told if asked in one[2]]
    alike = [one for one in told if one[0] == last[1] and asked[0] in (what for what, _ in one[2])]
    if not same and (not alike or figure.kind == "day"):
        return None
    name, sentence, _ = (same or alike)[0]
    part = article.part(name)
    lead = library.phrases.say(
        "confirming",
        found=bool(same),
        figure=literal(text[figure.start : figure.end]),
        part=part.name if part and name != last[1] else "",
        sentence=literal(sentence),
    )
    return replace(composer.article(article.id, parts=(name,)), lead=lead, detail="", next_step="")


def _told(article: Article, last: str, composer: Composer) -> Iterator[tuple[str, str]]:
    """Yield the sentences of an article, each with its part; those told last come first."""
    for sentence in sentences_in(composer.computed.told):
        yield last, sentence
    for name in dict.fromkeys((last, LEAD, *(part.id for part in article.parts))):
        for sentence in sentences_in(article.told(name)):
            yield name, sentence


def _measure(one: Quantity) -> tuple[str, object]:
    """Return what a figure counts, and how much, as people take them for each other.

    Years are so many months; days are days, though the law says working days.
    """
    value = one.value
    if isinstance(value, Period):
        return "day", (value.first, value.last)
    if isinstance(value, Term):
        return ("months", value.months) if value.months else ("days", value.count)
    return "people" if one.kind in _PEOPLE else one.kind, value
