"""Differences of two texts, line by line, and within a line word by word."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise, zip_longest
from typing import Literal

_WORD = re.compile(r"\w+|\W")
_CONTEXT = 2
"""Lines that are the same, shown before and after one that is not."""
_ALIKE = 0.3
"""Two lines that share less are one that went and one that came."""


@dataclass(frozen=True)
class DiffPiece:
    """A run of a line."""

    kind: Literal["same", "gone", "new"]
    text: str


@dataclass(frozen=True)
class DiffRow:
    """A line as it was and as it is; `skipped` stands for lines that are the same."""

    before: tuple[DiffPiece, ...] = ()
    after: tuple[DiffPiece, ...] = ()
    skipped: int = 0

    @property
    def changed(self) -> bool:
        """Whether it is not the same on both sides."""
        return self.before != self.after


def rows(before: str, after: str) -> list[DiffRow]:
    """Return the lines of two texts side by side; how a keyboard puts letters together is alike."""
    one, other = _lines(before), _lines(after)
    found: list[DiffRow] = []
    for kind, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if kind == "equal":
            found += _same(one[a:b], first=a == 0, last=b == len(one))
        else:
            found += (_line(*pair) for pair in _paired(one[a:b], other[c:d]))
    return found


def merged(base: str, one: str, other: str) -> str | None:
    """Put what two people did to a text together; None where both changed the same lines.

    Lines that touch count as the same: which of them comes first nobody can tell.
    """
    lines = base.splitlines(keepends=True)
    edits = sorted({*_edits(lines, one), *_edits(lines, other)})
    if any(start <= end for (_, end, _), (start, _, _) in pairwise(edits)):
        return None
    for start, end, told in reversed(edits):
        lines[start:end] = told
    return "".join(lines)


def _edits(lines: list[str], text: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Yield what makes a text of some lines: from where to where, and what stands there then."""
    changed = text.splitlines(keepends=True)
    for kind, a, b, c, d in SequenceMatcher(None, lines, changed, autojunk=False).get_opcodes():
        if kind != "equal":
            yield a, b, tuple(changed[c:d])


def _lines(text: str) -> list[str]:
    return unicodedata.normalize("NFC", text).splitlines()


def _same(lines: Sequence[str], *, first: bool, last: bool) -> Iterator[DiffRow]:
    """Yield the lines next to a change; of those between, how many there are."""
    head = 0 if first else _CONTEXT
    tail = 0 if last else _CONTEXT
    between = len(lines) - head - tail
    if between <= 1:
        yield from map(_unchanged, lines)
        return
    yield from map(_unchanged, lines[:head])
    yield DiffRow(skipped=between)
    yield from map(_unchanged, lines[len(lines) - tail :])


def _unchanged(line: str) -> DiffRow:
    piece = (DiffPiece("same", line),)
    return DiffRow(piece, piece)


def _paired(one: Sequence[str], other: Sequence[str]) -> Iterator[tuple[str | None, str | None]]:
    for old, new in zip_longest(one, other):
        if old is None or new is None or _likeness(old, new) >= _ALIKE:
            yield old, new
        else:
            yield old, None
            yield None, new


def _likeness(old: str, new: str) -> float:
    words, others = re.findall(r"\w+", old), re.findall(r"\w+", new)
    return SequenceMatcher(None, words, others, autojunk=False).ratio()


def _line(old: str | None, new: str | None) -> DiffRow:
    if old is None or new is None:
        gone = () if old is None else (DiffPiece("gone", old),)
        come = () if new is None else (DiffPiece("new", new),)
        return DiffRow(gone, come)
    words, others = _WORD.findall(old), _WORD.findall(new)
    before: list[DiffPiece] = []
    after: list[DiffPiece] = []
    for kind, a, b, c, d in SequenceMatcher(None, words, others, autojunk=False).get_opcodes():
        same = kind == "equal"
        if a < b:
            before.append(DiffPiece("same" if same else "gone", "".join(words[a:b])))
        if c < d:
            after.append(DiffPiece("same" if same else "new", "".join(others[c:d])))
    return DiffRow(tuple(before), tuple(after))
