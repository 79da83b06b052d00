"""How people turn a talk, by the words of `content/phrases/cues.yml`."""

import re
from functools import lru_cache

from nlu.text import fold, normalise
from services.conversation.enquiries import asks
from services.knowledge.discourse_cues import DiscourseCues
from services.knowledge.library import Library
from services.knowledge.once import once

_SHORT = 6
"""Words of a message that asks the same of another thing; more are a question of their own."""
_THING = 4
"""Words of a thing that is named before what is asked of it."""
_REFUSED = 60
"""Characters of a thing that is refused: more tell a story."""
_EDGE = " ,.;:!?…-"


def correction(words: DiscourseCues, text: str) -> str | None:
    """Return what was meant instead: behind “ý tôi là”, or before “chứ không phải” this or that.

    “Không phải A, ý tôi là B” means B.
    """
    message = _message(text)
    folded = fold(message)
    refused = _refused_thing(words).match(folded) or _refusal(words).match(folded)
    if refused:
        meant = message[refused.end() :].strip(_EDGE) or None
    else:
        meant = _behind(words.corrections, text)
    return _before(words, meant or message) or meant


def behind_courtesies(words: DiscourseCues, text: str) -> str | None:
    """Return what stands behind the greetings and thanks that open a message, if anything does."""
    rest: str | None = None
    while found := _behind(words.courtesies, rest or text):
        rest = found
    return rest


def conclusion(words: DiscourseCues, text: str) -> str | None:
    """Return what stands behind a `vậy` that is typed without its mark, where one opens a message.

    So typed it is a loan as well: only small words stand behind it then.
    """
    message = _message(text)
    opened = (f"{message.lower()} ".startswith(f"{one} ") for one in _folded(words.conclusions))
    return message.partition(" ")[2] if any(opened) else None


def change(words: DiscourseCues, text: str) -> str | None:
    """Return the other thing that is asked about, where a short message names just that."""
    named = _behind(words.changes, _behind(words.openers, text) or text)
    if named is None:
        return None
    folded = fold(named)
    for ending in _folded(words.endings):
        if folded.endswith(f" {ending}"):
            named = named[: -len(ending) - 1]
            break
    return named.strip(_EDGE) if 0 < len(named.split()) <= _SHORT else None


def other_of(words: DiscourseCues, text: str) -> str | None:
    """Return the other thing that a short message asks the same of: “còn X”, “X thì bao nhiêu”."""
    message = _message(text).strip(_EDGE)
    folded = fold(message)
    for ending in _folded((*words.endings, *words.amounts)):
        if folded.endswith(f" {ending}"):
            message = message[: -len(ending) - 1]
            return change(words, message) or (message if len(message.split()) <= _THING else None)
    return change(words, text)


def asks_amount(words: DiscourseCues, text: str) -> bool:
    """Say whether a message asks how much of the thing that it names there is."""
    return fold(_message(text).strip(_EDGE)).endswith(tuple(_folded(words.amounts)))


def _message(text: str) -> str:
    """Return a text in which every letter stands where its folded form has it."""
    message = normalise(text).lstrip(_EDGE)
    folded = fold(message)
    return message if len(message) == len(folded) else folded


@once
def _refused_thing(words: DiscourseCues) -> re.Pattern[str]:
    """Return what finds a refusal, a few words of what is refused, and that another is meant.

    Of one word (“không nộp …”) it is none; nor is “không phải thành viên, tôi hỏi …”.
    """
    between = _any_of(words.between)
    refusals = _any_of(tuple(one for one in words.refusals if " " in one))
    meant = _any_of(tuple(one for one in _meanings(words) if one.startswith("ý ")))
    small = rf"(?:(?!(?:{refusals})\b)(?:{between})\b\W*+)*+"
    return re.compile(rf"{small}(?:{refusals})\b.{{0,{_REFUSED}}}\s(?:{meant})\b")


def _meanings(words: DiscourseCues) -> tuple[str, ...]:
    """Return how whoever asks says that something is meant."""
    return words.written_out(words.meanings)


@once
def _refusal(words: DiscourseCues) -> re.Pattern[str]:
    """Return what finds a refusal and, behind it, that something else is meant."""
    between, refusals, meant = map(_any_of, (words.between, words.refusals, _meanings(words)))
    # Nothing is read twice (`*+`): many forms fold alike, and all their combinations take for ever.
    small = rf"(?:(?!(?:{refusals}|{meant})\b)(?:{between})\b\W*+)*+"
    more = rf"(?:(?!(?:{meant})\b)(?:{refusals}|{between})\b\W*+)*+"
    return re.compile(rf"{small}(?:{refusals})\b\W*+{more}(?:{meant})\b")


def _before(words: DiscourseCues, message: str) -> str | None:
    """Return what stands before a refusal of a few words that ends a message, if anything does.

    Not where something is asked behind it: “… chứ không phải 7 người, đúng không”.
    """
    folded = fold(message)
    for refusal in _folded(words.rather):
        before, found, behind = folded.rpartition(f" {refusal} ")
        if found and before and len(behind.split()) <= _SHORT and len(folded) == len(message):
            asked = asks(words, message[-len(behind) :])
            return None if asked else message[: len(before)].strip(_EDGE) or None
    return None


def _any_of(forms: tuple[str, ...]) -> str:
    """Return a pattern for one of the forms, the longest first; for nothing where there is none."""
    return "|".join(map(re.escape, _folded(forms))) or r"(?!)"


@lru_cache
def _folded(forms: tuple[str, ...]) -> list[str]:
    """Return the forms as they are compared, the longest first; worked out once."""
    return sorted(map(fold, forms), key=len, reverse=True)


def _behind(openers: tuple[str, ...], text: str) -> str | None:
    """Return what stands behind the longest opener that a message has, if anything does."""
    message = _message(text)
    folded = fold(message)
    for opener in _folded(openers):
        if folded.startswith(opener) and not folded[len(opener) : len(opener) + 1].isalnum():
            rest = message[len(opener) :].strip(_EDGE)
            return rest or None
    return None


def concluded(text: str, opened: str | None, library: Library) -> str:
    """Return a message without the `vậy` that opens it, behind anything but what is on loans."""
    article = library.articles.get(opened or "")
    if article is None or article.head.subject == "credit":
        return text
    return conclusion(library.cues, text) or text
