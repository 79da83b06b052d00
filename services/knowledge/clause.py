"""Clauses as citations write them, read into places of a document.

Known are `Điều 6 khoản 2 và 3 điểm a`, `Điều 17 đến 28`, `Mục 2 gạch đầu dòng 1`, `Phụ lục II mục
1.1`, `Phụ lục III Mẫu 02`, several of them with commas between, `toàn văn`, and the parts that
bear no number. A remark in brackets at the end is left aside.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.knowledge.schema import Outline

POINTS = "abcdđeghiklmnopqrstuvxy"
"""The letters of points, in the order in which documents use them."""

_NUMBER, _LETTER = r"\d+(?:\.\d+)*[a-z]?", rf"[{POINTS}](?!\w)"


def _several(one: str) -> str:
    return rf"{one}(?:(?:, | và | đến ){one})*"


_PLACE = re.compile(
    rf"Điều (?P<article>{_several(_NUMBER)})"
    rf"(?: khoản (?P<clause>{_several(_NUMBER)}))?(?: điểm (?P<point>{_several(_LETTER)}))?"
    rf"|Mục (?P<section>{_several(_NUMBER)})(?: gạch đầu dòng (?P<bullet>{_several(_NUMBER)}))?"
    r"|Phụ lục (?P<appendix>[IVX]+)"
    rf"(?: (?P<kind>mục|bộ|Mẫu)(?: số)? (?P<mark>{_several(_NUMBER)}))?"
)
_PART = r"(?:Phần |phần )?(?:[Cc]âu kết|Trích yếu|mở đầu|[Cc]ăn cứ|Kính gửi|Nơi nhận)"
_UNNUMBERED = re.compile(rf"toàn văn|toàn bài|{_PART}(?:(?:, | và ){_PART})*")
_REMARK = re.compile(r" \([^()]*\)$")


@dataclass(frozen=True)
class Passage:
    """One numbered place of a document; what is not named is empty."""

    kind: str
    """Điều, Mục or Phụ lục."""
    number: str
    clause: str = ""
    """The number of the khoản or of the bullet, or what stands in the appendix."""
    point: str = ""

    def __str__(self) -> str:
        """Return the place as people write it."""
        if self.kind == "Phụ lục":
            return f"Phụ lục {self.number} {self.clause}".strip()
        inner = "khoản" if self.kind == "Điều" else "gạch đầu dòng"
        clause = f" {inner} {self.clause}" if self.clause else ""
        return f"{self.kind} {self.number}{clause}" + (f" điểm {self.point}" if self.point else "")


def read_clause(text: str) -> list[Passage] | None:
    """Return the places that a clause names, none for the whole text; None if it can't be read."""
    named = _REMARK.sub("", text.strip())
    if _UNNUMBERED.fullmatch(named):
        return []
    found: list[Passage] = []
    at = 0
    while match := _PLACE.match(named, at):
        found += _places(match)
        if match.end() == len(named):
            return found
        if not named.startswith(", ", match.end()):
            return None
        at = match.end() + 2
    return None


def names_place(text: str) -> bool:
    """Say whether a text speaks of numbered places at all."""
    return re.search(r"\b(?:[Đđ]iều|[Kk]hoản|[Đđ]iểm) \w{1,3}\b", text) is not None


def outside(places: list[Passage], outline: Outline) -> Iterator[Passage]:
    """Yield the places that a document of this outline does not have."""
    for place in places:
        if not _stands(place, outline):
            yield place


def _stands(place: Passage, outline: Outline) -> bool:
    if place.kind == "Phụ lục":
        known = outline.appendices.get(place.number)
        return known is not None and place.clause in {"", *known}
    if not place.number.isdigit():
        return False
    if place.kind == "Mục":
        return _up_to(outline.sections.get(int(place.number)), place.clause)
    return int(place.number) in outline.articles and _holds(
        outline.articles[int(place.number)], place
    )


def _holds(clauses: tuple[int, ...] | None, place: Passage) -> bool:
    """Say whether an article of these clauses has the place; None are clauses not known."""
    if clauses is None:
        return True
    if not _up_to(len(clauses), place.clause):
        return False
    points = clauses[int(place.clause) - 1] if place.clause else 0
    return not place.point or POINTS.index(place.point) < points


def _up_to(most: int | None, number: str) -> bool:
    if most is None:
        return False
    return not number or (number.isdigit() and 1 <= int(number) <= most)


def _places(match: re.Match[str]) -> Iterator[Passage]:
    if match["appendix"]:
        marks = [f"{match['kind']} {mark}" if mark else "" for mark in _spread(match["mark"])]
        yield from (Passage("Phụ lục", match["appendix"], mark) for mark in marks)
    for number in _spread(match["section"]) if match["section"] else ():
        yield from (Passage("Mục", number, bullet) for bullet in _spread(match["bullet"]))
    for number in _spread(match["article"]) if match["article"] else ():
        for clause in _spread(match["clause"]):
            yield from (Passage("Điều", number, clause, point) for point in _spread(match["point"]))


def _spread(listed: str | None) -> list[str]:
    """Return the names of a list, those between `đến` too; one empty name for no list."""
    found: list[str] = []
    for part in re.split(", | và ", listed or ""):
        first, _, last = part.partition(" đến ")
        found += _between(first, last) if last else [first]
    return found


def _between(first: str, last: str) -> list[str]:
    if first.isdigit() and last.isdigit():
        return [str(number) for number in range(int(first), int(last) + 1)]
    if first in POINTS and last in POINTS:
        return list(POINTS[POINTS.index(first) : POINTS.index(last) + 1])
    return [first, last]
