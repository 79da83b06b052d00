"""The 94 wards and communes of Đà Nẵng since 1 July 2025, from the package `vietnam-provinces`.

Its data are those of the General Statistics Office (https://github.com/sunshine-tech/VietnamProvinces).
"""

from dataclasses import dataclass
from functools import lru_cache

from vietnam_provinces import ProvinceCode
from vietnam_provinces import Ward as OfficialWard

from nlu.text import fold, until_answered
from services.conversation.plain import folded
from services.errors import PlaceUnknown

_KINDS = ("phuong", "xa", "dac khu", "p.", "x.", "p", "x")
"""What may stand before a name, folded."""


@dataclass(frozen=True)
class Place:
    """A ward, a commune or the special zone."""

    code: str
    """The official code, five digits."""
    name: str
    """With its kind: `Xã Hòa Tiến`."""

    @property
    def short(self) -> str:
        """The name without its kind."""
        for kind in ("Phường ", "Xã ", "Đặc khu "):
            if self.name.startswith(kind):
                return self.name.removeprefix(kind)
        return self.name


@lru_cache(maxsize=1)
def places() -> dict[str, Place]:
    """Return all places by code, in the order of the alphabet without diacritics."""
    wards = OfficialWard.iter_by_province(ProvinceCode.P_48)
    found = [Place(str(int(ward.code)), ward.name) for ward in wards]
    return {place.code: place for place in sorted(found, key=lambda place: fold(place.short))}


def place_name(code: str | None) -> str:
    """Return the name of a code; the code itself where no place bears it, empty without one."""
    known = places().get(code or "")
    return known.name if known else code or ""


def find_place(named: str) -> Place | None:
    """Return the place of a code or a name, with or without its kind and diacritics.

    None when no place, or more than one, bears it.
    """
    known = places().get(named.strip())
    if known:
        return known
    wanted = _bare(named)
    bearing = [place for place in places().values() if wanted in (_bare(place.name), _key(place))]
    exact = [place for place in bearing if _plain(place.name) == _plain(named)]
    return _only(exact) or _only(bearing)


def name_of_place(named: str) -> str | None:
    """Return the name of the one place that a text names; None where it names none, or several."""
    place = find_place(named)
    return place.name if place else None


def places_like(word: str) -> list[Place]:
    """Return the places whose name holds a word, written anyhow; all for an empty one."""
    return [place for place in places().values() if _plain(word) in _plain(place.name)]


def require_place(named: str) -> Place:
    """Return the place of a code or a name.

    Raises:
        PlaceUnknown: there is none in Đà Nẵng.

    """
    place = find_place(named)
    if place is None:
        raise PlaceUnknown("place_unknown", name=named)
    return place


def _key(place: Place) -> str:
    return _plain(place.short)


_plain = until_answered(maxsize=1024)(folded)


def _bare(name: str) -> str:
    """Return a name folded, without the kind before it."""
    plain = _plain(name)
    for kind in _KINDS:
        if plain.startswith(f"{kind} ") or (kind.endswith(".") and plain.startswith(kind)):
            return plain.removeprefix(kind).strip()
    return plain


def _only(found: list[Place]) -> Place | None:
    return found[0] if len(found) == 1 else None
