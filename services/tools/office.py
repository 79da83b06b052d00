"""Where to go: the office of a ward or commune, by its name of today or of before July 2025.

A name is read with its diacritics, else without, else among other words, else as it is misspelt;
what is read at one of these steps is not sought at the next. A name that several bore gives all of
them, unless the kind (`xã`, `phường`) or the old district beside it tells which is meant. Which
communes there are is known to `services/people/places.py`; the names before them stand in
`content/places/communes.yml`, with the ways to reach an office where somebody has found them out.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from itertools import chain
from typing import Any

from nlu.text import fold, has_diacritics, normalise
from services.knowledge.library import Library
from services.knowledge.once import once
from services.knowledge.place_names import Commune, Communes
from services.people.places import places

_KIND = re.compile(r"(phường|xã|thị trấn|đặc khu|quận|huyện|thị xã|thành phố) ", re.IGNORECASE)
_DISTRICTS = ("quan", "huyen", "thi xa", "thanh pho")
_SHORT_FORMS = {
    "p": "phuong",
    "x": "xa",
    "tt": "thi tran",
    "q": "quan",
    "h": "huyen",
    "tx": "thi xa",
}
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_ALIKE = 0.8
"""Of two names, how much of their letters stands in the same order: two of ten may be wrong."""
_MOST = 6
_HOTLINE = "tong-dai-1022"
"""Of `content/places/contacts.yml`, who sends on whoever does not know a number."""


@dataclass(frozen=True)
class CommuneIndex:
    """All communes, made ready to be found by any of their names."""

    communes: tuple[Commune, ...]

    @cached_property
    def _names(self) -> tuple["_CommuneName", ...]:
        return tuple(chain.from_iterable(map(_names_of, self.communes)))

    def find(self, text: str) -> list[Commune]:
        """Return the communes that a text names, those of today first; none where it names none."""
        district, within = self.of_district(text)
        if district and _plain(text) == _plain(district):
            return within
        found = _told_apart(self._read(text), _plain(text))
        found.sort(key=lambda name: bool(name.district))
        return list({name.commune.code: name.commune for name in found}.values())

    def of_district(self, text: str) -> tuple[str, list[Commune]]:
        """Return an old district that a text names, and what it is now; empty where it names none.

        A name of today may also be an old district's: `Thăng Bình` is one commune of its eight.
        """
        plain = _plain(text)
        bare = _bare(plain)
        for district in dict.fromkeys(d for commune in self.communes for d in commune.was):
            name = _plain(district)
            if name == plain or (bare == plain and _bare(name) == bare):
                return district, [one for one in self.communes if district in one.was]
        return "", []

    def _read(self, text: str) -> list["_CommuneName"]:
        by_code = [one for one in self._names if one.commune.code == text.strip()]
        plain = _plain(text)
        if by_code or not plain:
            return by_code
        ways = [(plain, _CommuneName.as_typed)]
        if has_diacritics(text):
            ways.insert(0, (_written(text), _CommuneName.as_written))
        for told, forms in ways:
            if found := [one for one in self._names if told in forms(one)]:
                return found
        within = (self._within(told, forms) for told, forms in ways)
        return next(filter(None, within), None) or self._misspelt(_bare(plain))

    def _within(self, told: str, forms: "_Forms") -> list["_CommuneName"]:
        """Return the longest names among the words; one of a syllable only behind its kind."""
        found = [
            (form, one)
            for one in self._names
            for form in forms(one)
            if " " in form and f" {form} " in f" {told} "
        ]
        longest = [
            one
            for form, one in found
            if not any(form in other and form != other for other, _ in found)
        ]
        districts = {_bare(_plain(one.district)) for one in self._names}
        sure = [one for one in longest if one.district or _bare(one.plain) not in districts]
        return sure or longest

    def _misspelt(self, bare: str) -> list["_CommuneName"]:
        known = {_bare(one.plain) for one in self._names}
        close = set(get_close_matches(bare, sorted(known), _MOST, _ALIKE))
        return [one for one in self._names if _bare(one.plain) in close]


@dataclass(frozen=True)
class _CommuneName:
    """A name of a commune, of today or before."""

    written: str
    plain: str
    district: str
    """The old one; empty for a name of today."""
    commune: Commune

    def as_written(self) -> tuple[str, str]:
        """Return it with its diacritics, with its kind and without."""
        return self.written, _KIND.sub("", self.written, 1)

    def as_typed(self) -> tuple[str, str]:
        """Return it without diacritics, with its kind and without."""
        return self.plain, _bare(self.plain)


_Forms = Callable[[_CommuneName], tuple[str, str]]


def _names_of(commune: Commune) -> Iterator[_CommuneName]:
    named = ((name, old) for old, names in commune.was.items() for name in names)
    for name, district in ((places()[commune.code].name, ""), *named):
        yield _CommuneName(_written(name), _plain(name), district, commune)


@once
def _index_of(communes: Communes) -> CommuneIndex:
    return CommuneIndex(communes.communes)


@dataclass(frozen=True)
class OfficeSearch:
    """The offices that a text names."""

    text: str
    found: tuple[Commune, ...]
    district: str
    """An old district of that name, too; empty where there was none."""
    within: tuple[Commune, ...]
    """What is in that district now."""
    library: Library

    @property
    def asks(self) -> list[str]:
        """What to ask on the phone before the trip."""
        return self.library.phrases.say("office_ask").splitlines()

    def office(self, commune: Commune) -> str:
        """Return the office of a commune."""
        return self.library.phrases.say("office_name", name=_lowered(commune.name))

    def contact(self, commune: Commune) -> str:
        """Return how to reach it, as far as that is known; else whom to call, if anybody."""
        hotline = next((one for one in self.library.offices if one.id == _HOTLINE), None)
        if commune.contact or hotline is None:
            return commune.contact
        return self.library.phrases.say("office_contact", name=hotline.name, phone=hotline.phone)

    def as_json(self) -> dict[str, Any]:
        """Return the shape that `htx tool office --json` prints."""
        matches = [
            {
                "name": one.name,
                "code": one.code,
                "was": one.old_names,
                "office": self.office(one),
                "contact": self.contact(one),
            }
            for one in self.found
        ]
        district = {"name": self.district, "now": [one.name for one in self.within]}
        return {
            "matches": matches,
            "takes": self.library.phrases.say("office_takes"),
            "ask": self.asks,
            "district": district if self.district else None,
        }


def office(library: Library, text: str) -> OfficeSearch:
    """Return the offices of the wards and communes that a text names; none where it names none."""
    index = _index_of(library.communes)
    found, (district, within) = index.find(text), index.of_district(text)
    return OfficeSearch(text, tuple(found), district, tuple(within), library)


def _told_apart(found: list[_CommuneName], plain: str) -> list[_CommuneName]:
    """Return those that the district and the kind in the text allow; all where it tells none."""
    padded = f" {plain} "
    of_district = [
        one
        for one in found
        if one.district
        and f" {_bare(_plain(one.district))} " in padded
        and _bare(_plain(one.district)) != _bare(one.plain)
    ]
    found = of_district or found
    return [one for one in found if f" {one.plain} " in padded] or found


def _lowered(name: str) -> str:
    """Return a name with its kind as it stands within a sentence."""
    return name[:1].lower() + name[1:]


def _written(text: str) -> str:
    return " ".join(_WORD.findall(normalise(text).lower()))


def _plain(text: str) -> str:
    words = [_SHORT_FORMS.get(word, word) for word in _WORD.findall(fold(text))]
    return " ".join(words)


def _bare(plain: str) -> str:
    """Return a folded name without the kind before it."""
    for kind in ("phuong", "xa", "thi tran", "dac khu", *_DISTRICTS):
        if plain.startswith(f"{kind} ") and plain != kind:
            return plain.removeprefix(f"{kind} ")
    return plain
