"""Whether what was told holds at a place of ours, where a message names that and nothing else.

“Tui ở Quế Sơn thì sao?” What is of the country, or of the city, holds there too. A place of another
province is `elsewhere`.
"""

from dataclasses import replace

from nlu.text import fold, has_diacritics
from services.conversation.composer import Composer
from services.conversation.gazetteer import cut_start, gazetteer_of, phrases, words_of
from services.conversation.reply import Reply
from services.conversation.state import ConversationState
from services.conversation.steps import idle
from services.conversation.trail import told_last
from services.knowledge.library import Library
from services.understanding.parts import asked_word_for_word


def holds_here(text: str, state: ConversationState, composer: Composer) -> Reply | None:
    """Return what was told last once more, opened by where it holds; None for any other message."""
    library, last = composer.library, told_last(state.trail)
    article = library.articles.get(state.article or "")
    if article is None or last is None or last[0] != article.id or not _is_place(library, text):
        return None
    if asked_word_for_word(article, text) is not None:
        return None
    told = replace(composer, goes_on=article.id).article(article.id, parts=last[1:])
    where = library.phrases.say("here_too", scope=article.head.scope)
    finds = composer.answers.to_tool("office")
    return replace(told.opened_by(where), buttons=(*finds, *told.buttons))


def _is_place(library: Library, text: str) -> bool:
    """Say whether a message is one of our places, and words that ask no more than that."""
    words = words_of(text)
    named = list(gazetteer_of(library.places).mentions(words))
    if not named or not all(one.name.ours for one in named):
        return False
    within = {at for one in named for at in range(one.start, one.end)}
    around = [word for at, word in enumerate(words) if at not in within]
    plain = not has_diacritics(text)
    known = idle(library.acts, plain=plain)
    small = phrases(library.places.words.alone)
    while around:
        rest = list(cut_start(around, small))
        if rest == around:
            written = fold(around[0].written) if plain else around[0].written
            if written not in known:
                return False
            rest = around[1:]
        around = rest
    return True
