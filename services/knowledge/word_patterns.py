"""Word patterns: how content writes what a message may hold, in a small grammar of words.

`a b` one word after the other · `(a | b c)` either · `a?`, `( … )?` may be left out · `..` up to
three words in between, `...` up to eight · `<name>` any of the words listed under that name ·
`(! a | b)` not followed by these · `^`, `$` where a sentence begins and ends, `,` behind a comma ·
`=a` only as it is written.

A word is found as it is written, without its tone, without any mark, and with the tones hỏi and ngã
taken for each other: so are `chết`, `chêt` and `chet`. Another word of the same letters is not:
`từ từ` is no `tự tử`.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, lru_cache

from nlu.text import MAX_CHARS, fold, normalise, read_lexicon, tokens

BORDER = "/ "
"""Stands before, between and behind the sentences of a text that is searched."""

_OVERLAP = 200
"""Characters that two pieces of an endless sentence share: more than any pattern is long."""
_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
HOOK, TILDE = "\u0309", "\u0303"
_MARKS = re.compile(r"<[^<>]+>|\.{2,3}|\(!|[()|?^$,]|=?\w+|\s+|.")
_WORDS = re.compile(r"(<[^<>]+>)|=?[^\W_]+(?:[ |]+=?[^\W_]+)*")
_PAUSE = "(?:, )?"
"""A comma between two words."""
_ANY_WORD = "[^/ ,]+"
_SIGNS = {
    "(": "(?:",
    "(!": "(?!",
    ")": ")",
    "|": "|",
    "?": "?",
    "..": f"(?:{_ANY_WORD} {_PAUSE}){{0,3}}?",
    "...": f"(?:{_ANY_WORD} {_PAUSE}){{0,8}}?",
    "^": f"(?<={BORDER})",
    "$": f"(?={BORDER})",
    ",": "(?<=, )",
}
_END = re.compile(r"(?:(?<!\.)\.(?!\.)|[!?;\n])+")
"""What ends a sentence; three dots are a pause in it."""


class PatternError(ValueError):
    """A pattern can't be read."""


def check(patterns: Iterable[str], words: Mapping[str, str]) -> None:
    """Look whether patterns and the lists that they name can be read.

    Raises:
        PatternError: one of them is wrong; the message is that pattern.

    """
    _check((*words.values(), *patterns), tuple(words))


@lru_cache(maxsize=4)
def _check(patterns: tuple[str, ...], lists: tuple[str, ...]) -> None:
    """Look at patterns once: content is read again and again, by every command that starts.

    Whether one can be read is a matter of its signs: of those alike but for their words one is
    compiled, with short words.
    """
    known = dict.fromkeys(lists, "a")  # what a list holds is looked at once, not wherever it stands
    shapes = {_WORDS.sub(lambda word: word[1] or "a", pattern): pattern for pattern in patterns}
    for shape, pattern in shapes.items():
        try:
            re.compile(_read(shape, known))
        except (re.error, KeyError) as error:
            raise PatternError(pattern) from error


def compiled(
    patterns: Iterable[str],
    words: Mapping[str, str],
    *,
    pauses: bool = True,
    borders: Iterable[str] = (),
) -> re.Pattern[str]:
    """Return what finds any of some patterns, which were checked, in a text to be searched.

    A comma may stand between any two of their words, unless there may be no pauses. Borders are
    words that `..` does not pass over.
    """
    read = "|".join(_read(pattern, words) for pattern in patterns)
    if closed := "|".join(borders):
        read = read.replace("(?!", f"(?!{_PAUSE}")  # else `a (! b)` would find `a, b`
        read = read.replace(_ANY_WORD, f"(?!(?:{closed}) ){_ANY_WORD}")
    if not pauses:
        read = read.replace(_PAUSE, "")
    return re.compile(f"(?<= )(?:{read or '(?!)'})")


def searched(text: str) -> tuple[str, ...]:
    """Return the readings of a text: as written, and with its short forms written out.

    Each is its words in lower case, its commas, and a border around every sentence.
    """
    sentences = _END.split(text.replace("…", " "))
    pieces = [normalise(piece) for sentence in sentences for piece in _windows(sentence)]
    readings = (
        BORDER + BORDER.join(told for piece in pieces if (told := _told(piece, write))) + BORDER
        for write in (tokens, _written_out)
    )
    return tuple(dict.fromkeys(readings))


def _windows(sentence: str) -> Iterator[str]:
    """Yield a sentence, or, where it never ends, pieces of it that overlap."""
    yield sentence[:MAX_CHARS]
    for start in range(MAX_CHARS, len(sentence), MAX_CHARS - _OVERLAP):
        yield sentence[start - _OVERLAP : start + MAX_CHARS - _OVERLAP]


def _told(piece: str, write: Callable[[str], list[str]]) -> str:
    parts = (write(part) for part in piece.split(","))
    return ", ".join("".join(f"{word} " for word in words) for words in parts if words)


def _written_out(part: str) -> list[str]:
    return read_lexicon().expand(part)[0].split()


def _read(pattern: str, words: Mapping[str, str]) -> str:
    return "".join(_signs(pattern, words))


def _signs(pattern: str, words: Mapping[str, str]) -> Iterator[str]:
    for mark in _MARKS.findall(pattern):
        if mark in _SIGNS:
            yield _SIGNS[mark]
        elif mark.startswith("<"):
            yield f"(?:{_read(words[mark[1:-1]], words)})"
        elif mark.isalnum() or mark[:1] == "=":
            yield f"(?:{_spelled(mark)} {_PAUSE})"
        elif not mark.isspace():
            raise KeyError(mark)


@cache
def _spelled(word: str) -> str:
    """Return what finds a word as it may be written, letter by letter: `ch[ếễêe]t`."""
    strict, letters = word.startswith("="), word.removeprefix("=").lower()
    return "".join(_letter(letter, strict=strict) for letter in letters)


def parted(text: str) -> tuple[str, str]:
    """Return a text without its tones, its letters and their marks taken apart, and the tones."""
    parts = unicodedata.normalize("NFD", text)
    tones = "".join(part for part in parts if part in _TONES)
    return "".join(part for part in parts if part not in _TONES), tones


def _letter(letter: str, *, strict: bool) -> str:
    parts = unicodedata.normalize("NFD", letter)
    swapped = parts.translate({ord(HOOK): TILDE, ord(TILDE): HOOK})
    toneless, _ = parted(letter)
    forms = (parts, swapped) if strict else (parts, swapped, toneless, fold(letter))
    written = dict.fromkeys(unicodedata.normalize("NFC", form) for form in forms)
    return letter if len(written) == 1 else f"[{''.join(written)}]"
