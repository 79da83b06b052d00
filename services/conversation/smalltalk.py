"""What sounds like talk, or like a wish for a person, and asks for a part of what is open.

“Giúp được gì” behind the Alliance's article asks what that does; “bạn giúp được gì” asks us.
"""

from nlu.text import has_diacritics
from services.conversation.acts import Act
from services.conversation.enquiries import asks
from services.conversation.gazetteer import holds_any, phrases_of, words_of
from services.conversation.steps import step_asked
from services.knowledge.act_words import ActName
from services.knowledge.article import Article
from services.knowledge.library import Library
from services.understanding.parts import LEAD, PartIndex

_LIKE, _NEAR = 0.4, 0.3
"""From the first likeness to a part of what is open on a question asks for it, though it may be
talk; from the second on where it may be talk only for lack of its marks. Of 291 wordings of small
talk beside all articles one in sixty is so like a part, nearly all of them one word that asks
nothing."""
_TAKING: frozenset[ActName] = frozenset(
    (
        *("abilities", "anger", "dossier", "erasure", "file", "identity", "letters", "news"),
        *("more", "person", "picture", "plainer", "reminder", "wrong"),
    )
)
"""Acts whose words ask for what is open as well."""


def asks_of_open(
    act: Act, text: str, article: Article | None, library: Library, parts: PartIndex
) -> bool:
    """Say whether a message that may be this act asks for a part of the open article instead."""
    if article is None or not article.parts or act.name not in _TAKING or act.clear:
        return False
    if not asks(library.cues, text) or addresses_bot(library, text):
        return False
    if act.name == "person" and wants_person(library, text):
        return False
    if act.asked or part_asked(article, text, parts, _LIKE):
        return True
    if has_diacritics(text):
        return False
    return bool(step_asked(library, text)) or bool(part_asked(article, text, parts, _NEAR))


def part_asked(
    article: Article, text: str, parts: PartIndex, least: float = _LIKE
) -> tuple[str, float] | None:
    """Return what of an article a message is likest to, its lead or a part, if it is so like it."""
    likeness = parts.likeness(article.id, text)
    part = next(iter(likeness), LEAD)
    like = likeness.get(part, 0.0)
    return (part, like) if like >= least else None


def addresses_bot(library: Library, text: str) -> bool:
    """Say whether a message speaks to the assistant: `bạn`, `mi`, `bot`."""
    return holds_any(words_of(text), phrases_of(library.acts.ours))


def wants_person(library: Library, text: str) -> bool:
    """Say whether a message wants a person: it names one, and a wish."""
    acts, words = library.acts, words_of(text)
    return all(holds_any(words, phrases_of(one)) for one in (acts.persons, acts.wanting))
