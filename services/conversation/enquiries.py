"""The enquiries of one message: where one ends and the next begins, by the words of the cues."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from nlu.text import fold, has_diacritics
from services.knowledge.discourse_cues import DiscourseCues
from services.knowledge.once import once

_MOST = 10
"""Questions that are looked for in a message; one with more is a pasted text, read whole."""
_ALONE = 3
"""Words that a question which stands by itself has at least, unless a mark makes it one."""
_MARKED = 6
"""Words from which on a question mark is enough behind a comma; fewer may be the end of a list."""
_NAMED = 4
"""Words that something asked for by its name has at least, in a sentence that requests."""
_STORY = 8
"""Words from which on what stands before “nhân tiện hỏi” is a question of its own, though nothing
in it asks; fewer are a greeting, or who is asking."""
_LISTS = (
    *("joiners", "switches", "unjoined", "asking", "closing", "particles", "requests"),
    *("counting", "turns", "tags", "alternatives", "telling", "denials", "denied", "doubts"),
)
"""The lists of the cues that are searched."""
_EDGE = " ,.;:!…-"
_MARK = re.compile(r"[.?!;…,:]\s")
_ENDED = re.compile(r"(?:^|[.?!…])\s*$")
_SENTENCE_END = re.compile(r"[.?!…]\s")


@dataclass(frozen=True)
class Enquiry:
    """One question of a message."""

    text: str
    """What asks."""
    told: str
    """The same with the story that stands before it and asks nothing."""
    marked: bool = True
    """Whether a mark or a joining word parts it from the others; else where it ends is guessed."""
    implied: bool = False
    """Whether it only tells what it wants: a story before a turn to another question."""


def enquiries(cues: DiscourseCues, text: str) -> list[Enquiry]:
    """Return the questions that stand side by side in a message; one where it can't be told.

    What asks nothing belongs to the question behind it, as the story comes first, unless what is
    behind turns to something else: “…. Nhân tiện, …?”. What only asks for the yes of a question, or
    names its other choice, is no other: “…, được không?”.
    """
    ways = _patterns(cues, plain=not has_diacritics(text))
    found = ways.asked(text, ways.parted(text))
    if not found[1:] and not _MARK.search(text):
        found = [replace(part, marked=False) for part in ways.asked(text, ways.cut(text))]
    return found if 1 < len(found) <= _MOST else [Enquiry(text, text)]


def asks(cues: DiscourseCues, text: str) -> bool:
    """Say whether a message asks something, by its mark or its words; else it tells or wishes."""
    ways = _patterns(cues, plain=not has_diacritics(text))
    return "?" in text or bool(ways.asking.search(ways.telling.sub(" ", text)))


def alternatives(cues: DiscourseCues, text: str) -> tuple[str, ...]:
    """Return the two between which a message asks: “giải thể hay tạm ngừng”; else nothing.

    “… hay không” asks for a yes.
    """
    ways = _patterns(cues, plain=not has_diacritics(text))
    sides = [side.strip(_EDGE) for side in ways.either.split(text, maxsplit=1)]
    known = all(len(side.split()) > 1 for side in sides) and not ways.no.match(sides[-1])
    return tuple(sides) if sides[1:] and known else ()


def without_asking(cues: DiscourseCues, text: str) -> str:
    """Return a text without the words that ask: `ai`, `gì`, `bao nhiêu`."""
    return _patterns(cues, plain=not has_diacritics(text)).asking.sub(" ", text)


def question_in(cues: DiscourseCues, text: str) -> str | None:
    """Return what asks last in a message that tells something else too; None where nothing does."""
    ways = _patterns(cues, plain=not has_diacritics(text))
    found = ways.asked(text, ways.parted(text))
    return found[-1].text if found and found[-1].text != text.strip(_EDGE) else None


@dataclass(frozen=True)
class _Patterns:
    """The cues as they are searched: with diacritics, or in a message that has none."""

    border: re.Pattern[str]
    """Where a piece may end: a mark, a joining word, or both."""
    unjoined: re.Pattern[str]
    """Where what holds such a word and joins nothing begins: two may share one, “mà không còn”."""
    opening: re.Pattern[str]
    """The joining words at the beginning of a piece."""
    switch: re.Pattern[str]
    """What parts a turn to another question: the end of a sentence, of some turns a comma too."""
    turn: re.Pattern[str]
    """What ends a question where no mark does."""
    asking: re.Pattern[str]
    telling: re.Pattern[str]
    """What holds an asking word and tells something: “không có gì”, “ai cũng”."""
    request: re.Pattern[str]
    tag: re.Pattern[str]
    alternative: re.Pattern[str]
    either: re.Pattern[str]
    """What stands between the two of a choice."""
    no: re.Pattern[str]
    """What a choice for a yes has on its other side."""

    def asked(self, text: str, pieces: Iterable[tuple[int, int]]) -> list[Enquiry]:
        """Return what asks among the pieces of a text, each with what stands before it.

        A story before a turn to another question is one of them, where that sentence asks.
        """
        found: list[Enquiry] = []
        begin, requested, turned = 0, False, 0
        for start, end in pieces:
            piece, told = text[start:end], text[begin:end].strip(_EDGE)
            fresh = _ENDED.search(text[:start]) is not None
            requested = bool(self.request.search(piece)) or (requested and not fresh)
            if found and (self.tag.fullmatch(piece) or self.alternative.match(told)):
                begin = end
            elif (
                self._asks(piece, told)
                or (fresh and piece.endswith("?"))
                or (requested and len(piece.split()) >= _NAMED)
            ):
                if turned and not _SENTENCE_END.search(text, turned, start):
                    story, told = text[:turned].strip(_EDGE), text[turned:end].strip(_EDGE)
                    found.append(Enquiry(story, story, implied=True))
                found.append(Enquiry(piece.strip(_EDGE), self.opening.sub("", told)))
                begin, turned = end, 0
            elif not found and len(told.split()) >= _STORY:
                turned = self._turned(text, end) or turned
        return found

    def parted(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield where each piece between two borders begins and ends."""
        whole = [found.span(1) for found in self.unjoined.finditer(text)]
        begin = 0
        for border in self.border.finditer(text):
            if not any(start < border.end() and border.start() < end for start, end in whole):
                yield begin, border.start()
                begin = border.end()
        yield begin, len(text)

    def cut(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield the same of a text without borders: a piece ends behind the word that asks."""
        begin = 0
        for turn in self.turn.finditer(text):
            yield begin, turn.end()
            begin = turn.end()
        yield begin, len(text)

    def _turned(self, text: str, at: int) -> int:
        """Return where the words begin that turn to another question there; 0 where none do."""
        turn = self.switch.match(text, at)
        return turn.end() if turn and not self.unjoined.match(text, turn.end()) else 0

    def _asks(self, piece: str, told: str) -> bool:
        marked = piece.endswith("?")
        if marked and len(piece.split()) >= _MARKED:
            return True
        asks = self.asking.search(self.telling.sub(" ", piece))
        return bool(asks) and (marked or len(told.split()) >= _ALONE)


@once
def _patterns(cues: DiscourseCues, *, plain: bool) -> _Patterns:
    """Return the patterns of an edition's cues; worked out once."""
    any_of = {name: _either(getattr(cues, name), plain=plain) for name in _LISTS}
    any_of["asides"] = _either(cues.written_out(cues.asides), plain=plain)
    between = r"[\s,:]+"
    joined = rf"(?:(?!{any_of['unjoined']}){any_of['joiners']}{between})+"
    aside = rf"(?!{any_of['unjoined']}){any_of['asides']}{between}"
    turned = rf"(?:{aside}|{joined})"
    behind = rf"(?:\s+{any_of['particles']})*"
    return _Patterns(
        border=_searched(rf"(?<=[.?!;…,:])\s+{turned}?|\s+{joined}|^{joined}"),
        unjoined=_searched(rf"(?=({any_of['unjoined']}))"),
        opening=_searched(rf"^{turned}"),
        switch=_searched(
            rf"(?<=[.?!;…])\s+(?={any_of['switches']}|{any_of['asides']})"
            rf"|(?<=,)\s+(?={any_of['asides']})"
        ),
        turn=_searched(
            rf"(?:{any_of['counting']}\s+\w+|{any_of['turns']}){behind}(?=\s)",
        ),
        asking=_searched(rf"{any_of['asking']}|{any_of['closing']}{behind}\W*$"),
        telling=_searched(
            rf"{any_of['telling']}|{any_of['denials']}(?!\s+{any_of['doubts']})"
            rf"(?:\s+\w+){{0,3}}?\s+{any_of['denied']}"
        ),
        request=_searched(any_of["requests"]),
        tag=_searched(rf"\W*{any_of['tags']}{behind}\W*"),
        alternative=_searched(any_of["alternatives"]),
        either=_searched(rf"\s+{any_of['alternatives']}\s+"),
        no=_searched(any_of["denials"]),
    )


def _either(forms: tuple[str, ...], *, plain: bool) -> str:
    """Return what finds any of the forms as whole words, the longest first; nothing without any."""
    written = sorted({fold(form) if plain else form for form in forms}, key=len, reverse=True)
    return rf"(?<!\w)(?:{'|'.join(map(re.escape, written)) or '(?!)'})(?!\w)"


def _searched(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
