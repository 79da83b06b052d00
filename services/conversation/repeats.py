"""What is said in the place of words that were said just now."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from services.conversation.answers import first_to
from services.conversation.composer import Composer
from services.conversation.enquiries import without_asking
from services.conversation.gazetteer import holds_any, phrases, words_of
from services.conversation.plain import literal, sentences_in
from services.conversation.quantities import read_quantities
from services.conversation.reply import Reply
from services.conversation.screen import is_brief
from services.conversation.state import ConversationState, hash_of
from services.conversation.steps import kind_like
from services.conversation.trail import step_of
from services.knowledge.article import Article, joined
from services.knowledge.discourse_cues import DiscourseCues
from services.knowledge.search import LexicalIndex
from services.understanding.parts import LEAD

_LEAST = 0.1
"""So much of the likest part's likeness another has, to be told in its place. It is low: whoever
asks once more did not find it in the likest, and it is told as the nearest, not as the answer."""
_SHORT = 200
"""Characters of two sentences that are repeated together: five lines of a phone, above a part that
follows them."""
_COUNTED = {"time", "fee", "deadline", "amount", "number"}
"""Kinds of parts that are asked for to hear a figure."""
_FIGURE = re.compile(r"(?<![\w/.–-])(?<!Điều )(?<!khoản )\d[\d.,]*(?![\d/–-])")
"""No number of a document or a clause, no day, no years from one to another."""


def already_told(
    reply: Reply,
    text: str,
    state: ConversationState,
    composer: Composer,
    ranked: Sequence[Mapping[str, float]],
) -> Reply:
    """Return a reply in the place of one that said the same as the reply before.

    It repeats the sentence that is likest to the message, or what was worked out, and tells the
    part that this is likest to but for those shown just now, which is the first button where both
    are more than a few lines; without one it offers the parts. What
    an article without parts says is said again, and what was worked out from new figures is said
    alone.
    """
    article = composer.library.articles.get(reply.article or "")
    if article is None or not article.parts or state.trail[-1:] != (step_of(reply),):
        return reply
    worked_out = composer.work_out((article.id,), (state.question,))
    if composer.computed and composer.computed.told != worked_out.told:
        return replace(reply, lead=composer.computed.told, detail="")
    say, shown = composer.library.phrases.say, reply.part or LEAD
    cues = composer.library.cues
    asked, before = (read_quantities(one, composer.today) for one in (text, state.question))
    other_figures = {one.value for one in asked} - {one.value for one in before}
    repeated = worked_out.told if composer.computed or not other_figures else ""
    sentence = repeated or literal(_meant(article, shown, text, cues))
    alone = replace(
        reply, lead=say("told_already", sentence=sentence, near=""), detail="", next_step=""
    )
    other = _other(ranked, shown)
    if other is None:
        return alone
    near = composer.article(article.id, reply.confidence, parts=(other,))
    told = say("told_already", sentence=sentence, near=near.lead)
    if not is_brief(replace(near, lead=told)):
        return replace(alone, buttons=first_to(article, other, reply.buttons))
    cited = composer.answers.cited_by(article, (shown, other))
    return replace(
        near,
        lead=told,
        notices=reply.notices,
        degraded=reply.degraded,
        **composer.answers.sources(joined(cited)),
    )


def not_running(reply: Reply, state: ConversationState, composer: Composer) -> Reply:
    """Return a reply that is not word for word the one before, though the same was asked.

    What was asked for once more is, and what is no answer: whom to ask, that a message is empty. A
    list stays, under how to choose from it; of an answer it is told that there is no more, and the
    way to a person. Such a sentence has no source, and is of use to nobody.
    """
    asked = reply.act in (None, "yes") and reply.outcome in ("answered", "clarify")
    if not asked or hash_of(reply) != state.told_last:
        return reply
    lists = reply.outcome == "clarify"
    lead = composer.library.phrases.say("told_again", list=lists)
    ways = {button.payload: button for button in (*reply.buttons, *composer.ways_on())}
    whole = composer.answers.to_whole(reply.article) if reply.article else None
    if whole:
        ways.setdefault(whole.payload, whole)
    return replace(
        reply,
        lead=lead,
        detail="",
        next_step="",
        citations=(),
        source_lines=(),
        verdicts=(),
        buttons=tuple(ways.values()),
    )


def not_twice(reply: Reply, state: ConversationState, composer: Composer) -> Reply:
    """Return a decline that opens otherwise than the one before, and leads to a person too.

    The third one asks the subject.
    """
    lead = composer.library.phrases.say("declined_too", before=state.declines, told=reply.lead)
    menu = composer.menu().buttons if state.declines > 1 else ()
    person = composer.answers.to_person()
    return replace(reply, lead=lead, buttons=(*reply.buttons, *menu, person))


def _other(ranked: Sequence[Mapping[str, float]], shown: str) -> str | None:
    """Return the likest part but for those shown, if it is not much less like."""
    for likeness in ranked:
        least = _LEAST * max(likeness.values(), default=0.0)
        for name, like in likeness.items():
            if name not in {shown, LEAD} and like > max(least, 0.0):
                return name
    return None


def _meant(article: Article, shown: str, text: str, cues: DiscourseCues) -> str:
    """Return the sentences of what was told that are likest to a message, in their order.

    That is one; two where they are short together: a single word may stand in either. Who asks how
    many is told a figure before what is likest.
    """
    sentences = sentences_in(article.told(shown))
    pages = {str(at): (sentence,) for at, sentence in enumerate(sentences)}
    ranked = dict.fromkeys(
        (*LexicalIndex(pages).likeness(without_asking(cues, text)).articles, *pages)
    )
    asked = holds_any(words_of(text), phrases(cues.counting))
    counts = asked or kind_like(cues, text) in _COUNTED
    likest = [int(at) for at in ranked]
    if counts:
        likest.sort(key=lambda at: not _FIGURE.search(sentences[at]))
    likest = likest[:2]
    both = " ".join(sentences[at] for at in sorted(likest))
    return both if len(both) <= _SHORT else sentences[likest[0]]
