"""Vietnamese text as people type it: normalised, folded, and read through a lexicon.

The one leaf that the rest of the product may import from `nlu`: standard library only, valid on
Python 3.10 and later. Every function takes any string and is linear in its length, because the
input is cut to `MAX_CHARS` before anything dear is done.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import ParamSpec, TypeVar, cast

P = ParamSpec("P")
R = TypeVar("R")

MAX_CHARS = 2000
"""What `normalise` keeps of a message: more than any question, less than an attack."""

OPEN_ARTICLE = "\x1f"
"""Parts a message from the id of the article that is open, in what is sent to `/model/parse`.

Rasa takes one text and nothing with it. `normalise` removes the character: nobody can type it.
"""

LEXICON_PATH = Path(__file__).parent / "data" / "lexicon.tsv"

_RAW_CHARS = 4 * MAX_CHARS  # room for what cleaning removes
_LONGEST_FORM = 3  # words in a lexicon form
_LONGEST_SYLLABLE = 8  # letters; longer words are not Vietnamese
_TRIPHTHONG = 3  # vowels
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_SHAPES = "\u0302\u0306\u031b"  # circumflex, breve, horn: part of the letter, unlike a tone
_STACKED_MARKS = re.compile("([\u0300-\u036f]{3})[\u0300-\u036f]+")
_LETTERS = re.compile(r"[^\W\d_]+")
_TOKEN = re.compile(r"[^\W\d_]+|\d+")
_LONG_RUN = re.compile(r"([^\W\d_])\1{2,}")
_SENTENCE_END = re.compile(r"(?<=[.!?…;])\s+")
_SYLLABLE = re.compile(r"(qu|gi(?=[aeiouy])|[^aeiouy]*)([aeiouy]+)([^aeiouy]*)", re.IGNORECASE)
_LATIN = map(chr, (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)))
"""Where Unicode has the letters of Vietnamese with their marks, among others."""
_PLAIN = str.maketrans(
    {"đ": "d"}
    | {char: bare[0] for char in _LATIN if (bare := unicodedata.normalize("NFD", char))[1:]}
)
_REMEMBERING: list[Callable[[], None]] = []
_KEPT_SPACES = {"\t", "\n", "\v", "\f", "\r", "\x85"}


def until_answered(maxsize: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Return a decorator: what it remembers of a message is forgotten once that is answered.

    A message is read many times over in a turn. Nothing that people wrote outlives it in memory:
    whoever erases it must find it gone. Results are shared: they may not be changed.
    """

    def _remembering(function: Callable[P, R]) -> Callable[P, R]:
        remembering = lru_cache(maxsize=maxsize)(function)
        _REMEMBERING.append(remembering.cache_clear)
        return cast("Callable[P, R]", remembering)

    return _remembering


def forget() -> None:
    """Forget all messages that were read; who reads one at this moment reads it anew."""
    for forgotten in _REMEMBERING:
        forgotten()


def normalise(text: str) -> str:
    """Return `text` in NFC on one line, tone marks placed alike, invisible characters gone.

    At most `MAX_CHARS` characters are kept. `normalise(normalise(t)) == normalise(t)`.
    """
    return _normalised(text[:_RAW_CHARS])


@until_answered(maxsize=256)
def _normalised(text: str) -> str:
    raw = _STACKED_MARKS.sub(r"\1", text)
    visible = "".join(map(_visible, unicodedata.normalize("NFC", raw)))
    line = " ".join(unicodedata.normalize("NFC", visible).split())
    return _LETTERS.sub(_place_tone, line[:MAX_CHARS].rstrip())


def fold(text: str) -> str:
    """Return `text` in lower case without diacritics, đ as d: what a hurried thumb types."""
    folded = text.lower().translate(_PLAIN)
    return folded if folded.isascii() else _unmarked(folded)


def _unmarked(text: str) -> str:
    """Return a text without any mark of any script, letter by letter."""
    decomposed = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if not _is_mark(c)))


def tokens(text: str) -> list[str]:
    """Return the lower-case words and numbers of `text`, drawn-out letters shortened."""
    return _TOKEN.findall(_LONG_RUN.sub(r"\1", text.lower()))


def sentences(text: str) -> list[str]:
    """Return the sentences of `text`; a text without stops is one sentence."""
    return [part for part in _SENTENCE_END.split(text) if part.strip()]


@until_answered(maxsize=8192)
def has_diacritics(text: str) -> bool:
    """Tell whether any letter of `text` carries a Vietnamese diacritic (or is đ)."""
    return fold(text) != text.lower()


def _is_mark(char: str) -> bool:
    return unicodedata.category(char) == "Mn"


def _visible(char: str) -> str:
    if char in _KEPT_SPACES:
        return " "
    return "" if unicodedata.category(char) in ("Cc", "Cf", "Cs") else char


def _place_tone(match: re.Match[str]) -> str:
    return _with_tone_placed(match[0])


@until_answered(maxsize=8192)
def _with_tone_placed(word: str) -> str:
    """Move a syllable's only tone mark to where the common spelling has it (hoà → hòa)."""
    letters = unicodedata.normalize("NFD", word)
    tones = [c for c in letters if c in _TONES]
    if len(tones) != 1 or len(word) > _LONGEST_SYLLABLE:
        return word
    toneless = unicodedata.normalize("NFC", letters.replace(tones[0], ""))
    place = _tone_place(toneless)
    if place is None:
        return word
    return unicodedata.normalize("NFC", toneless[: place + 1] + tones[0] + toneless[place + 1 :])


def _tone_place(toneless: str) -> int | None:
    """Return the index of the vowel that bears the tone, or None where no syllable is seen."""
    match = _SYLLABLE.fullmatch(_bare(toneless))
    if match is None:
        return None
    start, vowels, coda = match.end(1), match[2], match[3]
    shaped = [i for i in range(start, match.end(2)) if _is_shaped(toneless[i])]
    if shaped:
        return shaped[-1]
    if len(vowels) == 1:
        return start
    return start + (1 if coda or len(vowels) == _TRIPHTHONG else 0)


def _bare(toneless: str) -> str:
    return "".join(unicodedata.normalize("NFD", c)[0] for c in toneless)


def _is_shaped(letter: str) -> bool:
    return any(c in _SHAPES for c in unicodedata.normalize("NFD", letter))


@dataclass(frozen=True)
class WordReading:
    """A word as it is read, and what else it may stand for."""

    word: str
    others: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Lexicon:
    """Short forms, teencode and dialect, with what they mean.

    `sure` replaces; `maybe` only adds a second reading, because the form is a word of its own
    ("mo" is "mô" = đâu without its mark, but also "mở").
    """

    sure: dict[str, str] = field(default_factory=dict)
    maybe: dict[str, str] = field(default_factory=dict)

    @until_answered(maxsize=64)
    def read(self, text: str) -> tuple[WordReading, ...]:
        """Return the words of `text`, each with its other readings."""
        return tuple(self._readings(tokens(text)))

    def expand(self, text: str) -> tuple[str, str]:
        """Return `text` with sure expansions, and again with the doubtful ones taken too."""
        readings = self.read(text)
        first = " ".join(r.word for r in readings)
        return first, " ".join(r.others[0] if r.others else r.word for r in readings)

    def _readings(self, words: list[str]) -> Iterator[WordReading]:
        at = 0
        while at < len(words):
            size, reading = self._longest(words, at)
            yield reading
            at += size

    def _longest(self, words: list[str], at: int) -> tuple[int, WordReading]:
        for size in range(min(_LONGEST_FORM, len(words) - at), 0, -1):
            form = " ".join(words[at : at + size])
            if form in self.sure:
                return size, WordReading(self.sure[form])
            if form in self.maybe:
                return size, WordReading(form, (self.maybe[form],))
        return 1, WordReading(words[at])


@cache
def read_lexicon(path: Path = LEXICON_PATH) -> Lexicon:
    """Read a lexicon file, once: `form<TAB>expansion`, a form with a trailing "?" being doubtful.

    A form with diacritics is sure as written and doubtful without them. Lines that start with
    "#" are comments. Raises ValueError naming the line that has no tab or says a form twice.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    return _lexicon(_entries(lines))


def _entries(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        form, _, expansion = (part.strip() for part in line.partition("\t"))
        if not expansion or form in seen:
            msg = f"Lexicon line {number}: write form<TAB>expansion, each form once."
            raise ValueError(msg)
        seen.add(form)
        yield form, expansion


def _lexicon(entries: Iterable[tuple[str, str]]) -> Lexicon:
    sure: dict[str, str] = {}
    maybe: dict[str, str] = {}
    for written, expansion in entries:
        doubtful, form = written.endswith("?"), normalise(written.rstrip("?"))
        (maybe if doubtful else sure)[form] = expansion
        if not doubtful and fold(form) != form:
            maybe.setdefault(fold(form), expansion)
    return Lexicon(sure, {form: e for form, e in maybe.items() if form not in sure})
