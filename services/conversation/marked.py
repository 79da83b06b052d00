"""A message whose quantities are marked by a word for their kind: patterns can name them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from nlu.text import fold
from services.conversation.quantities import Quantity, read_quantities
from services.knowledge.once import once
from services.knowledge.rules import QUANTITIES, LawRules
from services.knowledge.word_patterns import BORDER, compiled, searched

MARKS = {kind: mark.removeprefix("=") for kind, mark in QUANTITIES.items()}
"""The word that stands for a quantity, by its kind."""
_ARROW = re.compile(r"\s*(?:[-–—=]+>|[→⇒➡])\s*")
"""From one to another, as accountants write it: “2 tỷ -> 2,1 tỷ”."""
_BORDERS = 2
"""Borders around one sentence."""
_MARK = re.compile(rf" (?:{'|'.join(MARKS.values())}) ")


@dataclass(frozen=True)
class Marked:
    """A message whose quantities are marked by a word for their kind."""

    quantities: tuple[Quantity, ...]
    readings: tuple[str, ...]
    """The text as patterns are sought in it: as written, and with its short forms written out."""

    @classmethod
    def of(cls, text: str, today: date) -> "Marked":
        """Mark the quantities of a text."""
        found, pieces, at = read_quantities(text, today), [], 0
        for one in found:
            between = text[at : one.start]
            pieces += [" thành " if _ARROW.fullmatch(between) else between]
            pieces += [f" {MARKS[one.kind]} "]
            at = one.end
        return cls(tuple(found), searched("".join([*pieces, text[at:]])))

    @property
    def is_one_sentence(self) -> bool:
        """Whether no other sentence stands beside it."""
        return all(one.count(BORDER) <= _BORDERS for one in self.readings)

    def holds(self, pattern: re.Pattern[str] | None) -> bool:
        """Say whether it holds a pattern; none is held by nothing."""
        return pattern is not None and any(map(pattern.search, self.readings))

    def is_of(self, words: frozenset[str]) -> bool:
        """Say whether it is made of some folded words alone."""
        return any(words.issuperset(re.findall(r"\w+", fold(one))) for one in self.readings)

    def named(self, patterns: Iterable[re.Pattern[str]], taken: set[int]) -> set[int]:
        """Return which quantities are named, by the first of some patterns that names any."""
        for pattern in patterns:
            found = set(self._named(pattern)) - taken
            if found:
                return found
        return set()

    def _named(self, pattern: re.Pattern[str]) -> Iterator[int]:
        """Yield the quantities at which a pattern ends: of two that it names, the last."""
        for reading in self.readings:
            for match in pattern.finditer(reading):
                if _marks_in(match[0]):
                    yield _marks_in(reading[: match.end()]) - 1


@once
def patterns_of(rules: LawRules) -> Mapping[str, re.Pattern[str]]:
    """Return what finds each word pattern of the rules, by the pattern; worked out once."""
    return {
        pattern: compiled((pattern,), rules.lists, borders=MARKS.values())
        for pattern in rules.patterns
    }


def _marks_in(text: str) -> int:
    return len(_MARK.findall(f" {text} ".replace(" ", "  ")))
