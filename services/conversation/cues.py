"""How people turn a talk, by the words of `content/phrases/cues.yml`."""

import re
from functools import lru_cache

from nlu.text import fold, normalise
from services.knowledge.schema import DiscourseCues

_SHORT = 6
"""Words of a message that asks the same of another thing; more are a question of their own."""
_QUESTION = 3
"""Words that a question which stands by itself has at least."""
_MOST_PARTS = 3
_EDGE = " ,.;:!?…-"
_AFTER_MARK = re.compile(r"(?<=\?)\s+")


def correction(words: DiscourseCues, text: str) -> str | None:
    """Return what was meant instead, where a message says so."""
    return _behind(words.corrections, text)


def change(words: DiscourseCues, text: str) -> str | None:
    """Return the other thing that is asked about, where a short message names just that."""
    named = _behind(words.changes, text)
    if named is None:
        return None
    folded = fold(named)
    for ending in _folded(words.endings):
        if folded.endswith(f" {ending}"):
            named = named[: -len(ending) - 1]
            break
    return named.strip(_EDGE) if 0 < len(named.split()) <= _SHORT else None


def choice(words: DiscourseCues, text: str, most: int) -> int | None:
    """Return the place, from 0, of the offered thing that a message chooses among `most`."""
    folded = fold(text).strip(_EDGE)
    for place, forms in enumerate(words.choices[:most]):
        if folded in _folded(forms):
            return place
    return None


def questions(words: DiscourseCues, text: str) -> list[str]:
    """Return the questions that stand side by side in a message; one where it can't be told.

    A short one counts where a question mark or a joiner makes it one: “Bao lâu?” is asked, a
    “cảm ơn” behind a question is not.
    """
    found = [part for piece in _AFTER_MARK.split(text) for part in _asked(words, piece)]
    return found if 1 < len(found) <= _MOST_PARTS else [text]


def is_short(question: str) -> bool:
    """Say whether a question has too few words to stand by itself."""
    return len(question.split()) < _QUESTION


def _asked(words: DiscourseCues, piece: str) -> list[str]:
    parts = [part.strip(" ,.;") for part in _joiner(words.joiners).split(piece)]
    joined = len(parts) > 1
    return [p for p in parts if p and (joined or p.endswith("?") or not is_short(p))]


@lru_cache
def _folded(forms: tuple[str, ...]) -> list[str]:
    """Return the forms as they are compared, the longest first; worked out once."""
    return sorted(map(fold, forms), key=len, reverse=True)


@lru_cache
def _joiner(forms: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(forms, key=len, reverse=True)
    either = "|".join(re.escape(each) for form in longest_first for each in (form, fold(form)))
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE)


def _behind(openers: tuple[str, ...], text: str) -> str | None:
    """Return what stands behind the longest opener that a message has, if anything does."""
    message = normalise(text).lstrip(_EDGE)
    folded = fold(message)
    if len(message) != len(folded):
        message = folded
    for opener in _folded(openers):
        if folded.startswith(opener) and not folded[len(opener) : len(opener) + 1].isalnum():
            rest = message[len(opener) :].strip(_EDGE)
            return rest or None
    return None
