"""Names of places in a message: our own, and those of other provinces and countries.

Diacritics may be missing, never others than the name's: `giá lại` is not Gia Lai. The longest name
counts, so `Điện Biên Phủ` is a street and `Bình Định Bắc` a commune of ours.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from nlu.text import fold, has_diacritics, normalise, until_answered
from services.knowledge.once import once
from services.knowledge.place_names import PlaceNames

Phrase = tuple[tuple[str, str], ...]
"""Words as they are written, each with how a thumb without diacritics types it."""

_WORD = re.compile(r"[^\W_]+")
_COMMUNES = (("xa",), ("phuong",), ("thon",), ("tran",), ("huyen",))
_COOPERATIVE = ("hop", "tac", "xa")
"""Ends as a commune begins."""
_INNER_MARKS = " -–'’\"“”"


@dataclass(frozen=True)
class Elsewhere:
    """Another province, or another country."""

    name: str
    abroad: bool = False


@dataclass(frozen=True)
class Word:
    """A word of a message."""

    written: str
    plain: str
    capital: bool
    stop: str
    """The marks before it that end a clause."""


@dataclass(frozen=True)
class PlaceName:
    """A name, and what it stands for."""

    words: Phrase
    place: Elsewhere | None = None
    """None for what is ours, or no place at all."""
    ours: bool = False
    within: bool = False
    """Whether it is a part of ours, after which a cooperative may be named."""
    unless: tuple[Phrase, ...] = ()
    """Words with which it is only the seat of an office."""


@dataclass(frozen=True)
class Mention:
    """A name in a message, by the places of its words."""

    name: PlaceName
    start: int
    end: int


class Gazetteer:
    """All names, made ready to be found."""

    def __init__(self, places: PlaceNames) -> None:
        """Take in the names of the content."""
        self._names: dict[str, list[PlaceName]] = defaultdict(list)
        found = [name for name in _names(places) if name.words]
        for name in sorted(found, key=lambda name: -len(name.words)):
            self._names[name.words[0][1]].append(name)

    def mentions(self, words: Sequence[Word]) -> Iterator[Mention]:
        """Yield the names in a message from left to right, the longest at each place."""
        at = 0
        while at < len(words):
            name = self._name_at(words, at)
            if name:
                yield Mention(name, at, at + len(name.words))
            at += len(name.words) if name else 1

    def _name_at(self, words: Sequence[Word], at: int) -> PlaceName | None:
        """Return the longest name; behind `xã` it is ours, if it is one."""
        known = self._names.get(words[at].plain, ())
        found = [name for name in known if _is_named(name, words, at)]
        longest = [name for name in found if len(name.words) == len(found[0].words)]
        before = tuple(word.plain for word in words[max(at - 3, 0) : at])
        of_ours = before[-1:] in _COMMUNES
        name = min(longest, key=lambda name: name.ours != of_ours, default=None)
        is_commune = of_ours and before != _COOPERATIVE
        return None if name and name.place and is_commune else name


@once
def gazetteer_of(places: PlaceNames) -> Gazetteer:
    """Return the gazetteer of these names, made once."""
    return Gazetteer(places)


@until_answered(maxsize=64)
def words_of(message: str) -> tuple[Word, ...]:
    """Return the words of a message, each with the marks before it."""
    text, found, end = normalise(message), [], 0
    for match in _WORD.finditer(text):
        written = match[0].lower()
        stop = "".join(mark for mark in text[end : match.start()] if mark not in _INNER_MARKS)
        found.append(Word(written, fold(written), match[0][0].isupper(), stop))
        end = match.end()
    return tuple(found)


def is_sure(words: Sequence[Word]) -> bool:
    """Say whether these words are a name even where none before tells: two, or one as written."""
    return len(words) > 1 or words[0].capital or has_diacritics(words[0].written)


def phrase(text: str) -> Phrase:
    """Return a text as it is compared."""
    return tuple((word.written, word.plain) for word in words_of(text))


@lru_cache(maxsize=256)
def phrases(texts: tuple[str, ...]) -> tuple[Phrase, ...]:
    """Return texts as they are compared, the longest first; signs alone are none."""
    return tuple(sorted(filter(None, map(phrase, texts)), key=len, reverse=True))


def phrases_of(group: str) -> tuple[Phrase, ...]:
    """Return the phrases of a group: `cán bộ | nhân viên`."""
    return phrases(tuple(group.split("|")))


def is_at(sought: Phrase, words: Sequence[Word], at: int) -> bool:
    """Say whether a phrase stands there; a word may lack its diacritics, never have others."""
    if at >= len(words) or words[at].written not in sought[0]:  # most are told by their first word
        return False
    found = words[at : at + len(sought)]
    return len(found) == len(sought) and all(
        word.written in forms for word, forms in zip(found, sought, strict=True)
    )


def holds(words: Sequence[Word], sought: Phrase) -> bool:
    """Say whether a phrase stands somewhere among the words."""
    return any(is_at(sought, words, at) for at in range(len(words)))


def holds_any(words: Sequence[Word], sought: Iterable[Phrase]) -> bool:
    """Say whether one of some phrases stands somewhere among the words."""
    return any(holds(words, one) for one in sought)


def cut_end(words: Sequence[Word], known: Sequence[Phrase]) -> Sequence[Word]:
    """Return the words without the phrases that they end with."""
    fitting = (p for p in known if len(p) <= len(words))
    found = next((p for p in fitting if is_at(p, words, len(words) - len(p))), None)
    return cut_end(words[: -len(found)], known) if found else words


def cut_start(words: Sequence[Word], known: Sequence[Phrase]) -> Sequence[Word]:
    """Return the words without the phrases that they begin with."""
    found = next((p for p in known if is_at(p, words, 0)), None)
    return cut_start(words[len(found) :], known) if found else words


def _is_named(name: PlaceName, words: Sequence[Word], at: int) -> bool:
    """Say whether a name stands there; `Gia Lai` in capitals is not `giá lại` mistyped."""
    if not is_at(name.words, words, at):
        return False
    found = words[at : at + len(name.words)]
    as_written = all(
        word.written == form for word, (form, _) in zip(found, name.words, strict=True)
    )
    is_nothing = name.place is None and not name.ours
    return as_written or not (is_nothing and all(word.capital for word in found))


def _names(places: PlaceNames) -> Iterator[PlaceName]:
    for text in places.not_places:
        yield PlaceName(phrase(text))
    for text in places.home:
        yield PlaceName(phrase(text), ours=True)
    for text in places.ours:
        yield PlaceName(phrase(text), ours=True, within=True)
    for province in places.provinces:
        told = f"{province.name} (nay thuộc {province.now})" if province.now else province.name
        unless = phrases(province.unless)
        for text in (province.name, *province.also):
            yield PlaceName(phrase(text), Elsewhere(told), unless=unless)
    for country in places.countries:
        for text in (country.name, *country.also):
            yield PlaceName(phrase(text), Elsewhere(country.name, abroad=True))
