"""Money, periods, numbers of people, places, products and documents, found by rules.

Rules match a copy of the text that is folded letter by letter, so offsets hold in the text itself
and missing diacritics do not matter; where diacritics stand they must be the right ones.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from nlu.text import fold

NAMES_PATH = Path(__file__).parent.parent / "data" / "entities.yml"


@dataclass(frozen=True)
class Entity:
    """A stretch of text that names something, and what it means.

    value: money in đồng ("5000000"), a period with its unit ("36 month"), people ("5"), a place or
    product by its proper name, a document by kind and number ("nghị định 92/2024").
    """

    kind: str
    start: int
    end: int
    value: str
    group: str = ""
    """What kind of place or product, such as "old_district"."""


@dataclass(frozen=True)
class Names:
    """Known names: kind, group and proper name by folded name, and one pattern for all."""

    known: dict[str, tuple[str, str, str]]
    pattern: re.Pattern[str]


_DIGITS = r"\d{1,3}(?:[.,]\d{3})+|\d+(?:[.,]\d{1,2})?"
_WORDS = {
    w: n
    for n, w in enumerate(
        ["mot", "hai", "ba", "bon", "nam", "sau", "bay", "tam", "chin", "muoi"], 1
    )
} | {"tu": 4, "chuc": 10}
_NUMBER = rf"(?P<number>{_DIGITS}|{'|'.join(_WORDS)})"
_AMOUNT = rf"(?P<number>{_DIGITS})"
_MONEY_UNITS = {
    "ty": 10**9, "ti": 10**9, "trieu": 10**6, "tr": 10**6, "cu": 10**6, "chai": 10**6,
    "nghin": 10**3, "ngan": 10**3, "k": 10**3, "dong": 1, "vnd": 1, "d": 1,
}  # fmt: skip
_PERIOD_UNITS = {
    "ngay lam viec": "working_day", "ngay": "day", "tuan": "week",
    "thang": "month", "quy": "quarter", "nam": "year",
}  # fmt: skip
_PEOPLE = "nguoi|thanh vien|xa vien|ho gia dinh|ho dan|ho|nhan khau|lao dong|tv|ng"
_DOCUMENT_KINDS = {
    "nghi dinh": "nghị định", "nd": "nghị định", "thong tu": "thông tư", "tt": "thông tư",
    "quyet dinh": "quyết định", "qd": "quyết định", "nghi quyet": "nghị quyết", "nq": "nghị quyết",
    "ket luan": "kết luận", "kl": "kết luận", "luat": "luật", "cong van": "công văn",
    "cv": "công văn", "van ban": "văn bản", "vb": "văn bản",
}  # fmt: skip


def _either(options: Mapping[str, Any]) -> str:
    return "|".join(sorted(options, key=len, reverse=True))


_MONEY = re.compile(
    rf"(?<!\w){_AMOUNT}\s*(?P<unit>{_either(_MONEY_UNITS)})(?P<rest>\d)?(?!\w)(?:\s*(?:dong|vnd|d)\b)?"
)
_PERIOD = re.compile(rf"(?<!\w){_NUMBER}\s*(?P<unit>{_either(_PERIOD_UNITS)})(?!\w)")
_COUNT = re.compile(rf"(?<!\w){_NUMBER}\s*(?:{_PEOPLE})(?!\w)")
_DOCUMENT = re.compile(
    rf"(?<!\w)(?:(?P<kind>{_either(_DOCUMENT_KINDS)})\s*(?:htx|hop tac xa|so)?\s*)?"
    r"(?P<number>\d{1,4}(?:/\d{4})?(?:[/-][a-z][a-z0-9]*(?:[-/][a-z0-9]+)*)?)(?!\w)"
)


def aligned_fold(text: str) -> str:
    """Return `text` folded letter by letter: every index means the same in both."""
    return "".join(folded if len(folded := fold(char)) == 1 else char for char in text)


def find(text: str, names: Names) -> list[Entity]:
    """Return the entities of normalised `text`, by place in the text, none inside another.

    `names` is what `read_names` returns. Linear in the length of `text`.
    """
    folded = aligned_fold(text)
    found = [e for rule in _RULES for e in rule(folded)] + list(_named(text, folded, names))
    return _without_overlaps(found)


def read_names(path: Path = NAMES_PATH) -> Names:
    """Read the file of known names."""
    listed: dict[str, dict[str, list[str]]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    known = {
        fold(name): (kind, group, name)
        for kind, groups in listed.items()
        for group, names in groups.items()
        for name in names
    }
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(sorted(known, key=len, reverse=True))})(?!\w)")
    return Names(known, pattern)


def _named(text: str, folded: str, names: Names) -> Iterator[Entity]:
    for match in names.pattern.finditer(folded):
        kind, group, name = names.known[match[0]]
        written = text[match.start() : match.end()].lower()
        if written in (match[0], name.lower()):
            yield Entity(kind, match.start(), match.end(), name, group)


def _money(folded: str) -> Iterator[Entity]:
    for match in _MONEY.finditer(folded):
        unit = _MONEY_UNITS[match["unit"]]
        tail = int(match["rest"] or 0) * unit // 10
        value = round(_amount(match["number"]) * unit) + tail
        yield Entity("money", *match.span(), str(value))


def _period(folded: str) -> Iterator[Entity]:
    for match in _PERIOD.finditer(folded):
        value = f"{_amount(match['number']):g} {_PERIOD_UNITS[match['unit']]}"
        yield Entity("period", *match.span(), value)


def _people(folded: str) -> Iterator[Entity]:
    for match in _COUNT.finditer(folded):
        yield Entity("people", *match.span(), f"{_amount(match['number']):g}")


def _documents(folded: str) -> Iterator[Entity]:
    for match in _DOCUMENT.finditer(folded):
        kind, number = match["kind"], match["number"].upper()
        if kind or "/" in number or number == "2651":
            value = f"{_DOCUMENT_KINDS[kind]} {number}" if kind else number
            yield Entity("document", *match.span(), value)


_RULES: tuple[Callable[[str], Iterator[Entity]], ...] = (_documents, _money, _period, _people)


def _amount(written: str) -> float:
    if written in _WORDS:
        return _WORDS[written]
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", written):
        return int(re.sub(r"[.,]", "", written))
    return float(written.replace(",", "."))


def _without_overlaps(found: list[Entity]) -> list[Entity]:
    kept: list[Entity] = []
    for entity in sorted(found, key=lambda e: (e.start, e.start - e.end)):
        if not kept or entity.start >= kept[-1].end:
            kept.append(entity)
    return kept
