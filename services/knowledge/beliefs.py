"""Which belief a message speaks of: told by its words alone, the same every time.

A message is read through the lexicon and may lack diacritics, so `htx can 7 ng` holds `7 người`; a
word that has some is another where they differ, and one that the lexicon doubts counts both ways.
All groups of a belief must stand near each other: in a long story each of them may turn up
somewhere and mean nothing together.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache

from nlu.text import WordReading, fold, normalise, read_lexicon, until_answered
from services.knowledge.schema import Belief, Matter
from services.knowledge.word_patterns import HOOK, TILDE, parted

NEAR = 20
"""Words of a message, as read, within which every group of a belief stands: a long sentence."""

_LONGEST = 8
"""Words of the longest phrase that is found."""

_CONFUSED = {HOOK, TILDE}
_Phrase = tuple[str, ...]
_Spelling = tuple[tuple[str, int], ...]
"""The words of a message, each with the place of what was written for it."""


def belief_in(beliefs: Sequence[Belief], message: str) -> int:
    """Return the place, from 1, of the first belief that a message speaks of; 0 for none."""
    return next((n for n, belief in enumerate(beliefs, 1) if speaks_of(belief, message)), 0)


def speaks_of(matter: Matter, message: str) -> bool:
    """Say whether a message speaks of it: states, asks or denies a belief, asks of one case."""
    groups: list[set[int]] = []
    for group in matter.when:
        groups.append(_places(group, message))
        if not groups[-1]:  # so it is with most
            return False
    near = any(
        all(any(start <= at < start + NEAR for at in group) for group in groups)
        for start in {at for group in groups for at in group}
    )
    return near and not (matter.unless and _places(matter.unless, message))


def _places(group: str, message: str) -> set[int]:
    """Return where a message holds one of a group's phrases."""
    held, phrases = _held(message), _phrases(group)
    found = held.keys() & phrases.keys()  # goes through the fewer of the two
    return {
        place
        for phrase in found
        for place, words in held[phrase]
        if any(all(map(_may_be, words, form)) for form in phrases[phrase])
    }


@until_answered(maxsize=64)
def _held(message: str) -> Mapping[_Phrase, set[tuple[int, _Phrase]]]:
    """Return every run of words of a message, with the places where it begins, as written."""
    held: dict[_Phrase, set[tuple[int, _Phrase]]] = defaultdict(set)
    for spelling in _spellings(message):
        words = tuple(word for word, _ in spelling)
        plain = tuple(map(fold, words))
        for at, (_, place) in enumerate(spelling):
            for end in range(at + 1, min(at + _LONGEST, len(words)) + 1):
                held[plain[at:end]].add((place, words[at:end]))
    return held


@cache
def _phrases(group: str) -> Mapping[_Phrase, set[_Phrase]]:
    """Return the phrases of a group, each without diacritics, as they are written."""
    phrases: dict[_Phrase, set[_Phrase]] = defaultdict(set)
    for form in group.split("|"):
        for spelling in _spellings(form):
            words = tuple(word for word, _ in spelling)
            phrases[tuple(map(fold, words))].add(words)
    return phrases


@lru_cache(maxsize=4096)
def _may_be(word: str, form: str) -> bool:
    """Say whether a word is a form: the marks that it has are the form's, but for a lost tone.

    Hỏi and ngã are taken for each other. “Mấy” is no “máy”, “may” may be either.
    """
    if word == form or fold(word) == word or fold(form) == form:
        return True
    (letters, tones), (own, others) = map(parted, (word, form))
    return letters == own and (not tones or not others or {tones, others} <= _CONFUSED)


@until_answered(maxsize=64)
def _spellings(text: str) -> tuple[_Spelling, _Spelling]:
    """Return a text as written and sure, and with the doubtful readings taken too."""
    readings = read_lexicon().read(normalise(text).replace("%", " phần trăm "))
    doubtful = [WordReading((*read.others, read.word)[0]) for read in readings]
    return tuple(_spelled(readings)), tuple(_spelled(doubtful))


def _spelled(readings: Sequence[WordReading]) -> Iterator[tuple[str, int]]:
    for place, reading in enumerate(readings):
        for word in reading.word.lower().split():
            yield word.lstrip("0") or word, place
