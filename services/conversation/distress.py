"""Distress: who may be in danger, told by the words of `content/phrases/distress-cues.yml`.

Words are heard before anything is understood and need no NLU: they must do alone while that is
down. What they do not know the NLU may hear, from the meaning, where it reads the message anyway.
What was written is kept nowhere.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from services.knowledge.distress_cues import DistressCues, Emergency, Sign
from services.knowledge.once import once
from services.knowledge.word_patterns import BORDER, compiled, searched
from services.understanding.interpretation import EMERGENCIES, Danger, Distress

_ORDER: tuple[Danger, ...] = (
    "gas",
    "water",
    "snake",
    "poison",
    "fire",
    "current",
    "traffic",
    "injury",
    "youth",
    "self",
    "other",
    "child",
    "harassment",
    "violence",
    "emergency",
    "lines",
)
"""Which is spoken to first where there are several."""
_KINDRED: frozenset[Danger] = frozenset({"emergency", "poison", "fire", "injury"})
"""Dangers of an emergency that words may tell the kind of, and that are gone once they are over:
years later what is given for them is asked."""
_TAKING = frozenset({"poison", "fire", "harassment"})
"""Dangers whose words tell of no other: who swallowed by mistake does not want to die."""

_CAUSES = frozenset(EMERGENCIES) - {"injury"}
"""What an emergency comes of: who tells of that is told all that is said to the hurt."""
_ANOTHER = "ai "
"""Stands for whoever else is named."""
_MOST = 20_000
"""Characters of a message that are listened to; more than anybody writes by hand."""
_HINTED = 3
"""What hints weigh together that make a doubt, and beside a doubt leave none."""
_BEFORE = 9
"""Words before a sign among which is looked for whom it is about."""
_CLOSE = 2
"""Words between a thing and a clear sign about it; farther away it tells why, and not who."""


def hear(
    cues: DistressCues, text: str, *, faintly: bool = False, consoled: bool = False
) -> Distress | None:
    """Return what distress a message tells of, or None where it tells of none.

    `faintly` is for a message whose meaning comes near: then a faint sign is a doubt too. Who was
    `consoled` and asks whom to call asks it of danger.
    """
    ears = _ears(cues)
    found: set[_FoundSign] = set()
    for reading in searched(text[:_MOST]):  # as written first: “ổng” is nobody who writes “ông”
        known = {one.sign for one in found}
        signs = ears.heard(reading, faintly=faintly)
        found |= {one for one in signs if one.sign not in known}
    hints = {one.sign: one.weight for one in found if one.level == "hint"}
    hinted = sum(hints.values()) >= _HINTED
    doubts = {one for one in found if one.level == "doubtful"}
    clear = {one for one in found if one.level == "clear"} or (hinted and doubts)
    told = clear or doubts or (hinted and found)
    if not told:
        called = ears.called(text, consoled=consoled)
        return Distress(clear=True, dangers=("lines",)) if called else None
    return of_kind(cues, text, Distress(bool(clear), _in_order(one.danger for one in told)))


def of_kind(cues: DistressCues, text: str, heard: Distress) -> Distress:
    """Return what was heard in a text as words tell it: an emergency's kinds, and one's youth."""
    ears = _ears(cues)
    told = set(heard.dangers)
    if told & _KINDRED and (kinds := ears.kinds_in(text)):
        told = (told - _KINDRED) | kinds
    if "self" in told and ears.is_young(text):
        told = (told - {"self"}) | {"youth"}
    return replace(heard, dangers=_in_order(told))


def helped_on(cues: DistressCues, text: str, heard: Distress | None, danger: Danger) -> Distress:
    """Return what is heard in what is told on of an emergency: still that, unless another's."""
    own = {danger, "injury", *(_KINDRED - _ears(cues).kinds_in(text)), "lines"}
    if heard and heard.clear and not own.issuperset(heard.dangers):
        return heard
    return Distress(clear=True, dangers=(danger,))


def names_matter(cues: DistressCues, text: str) -> bool:
    """Say whether a message names what is asked for its own sake, though kind words came before."""
    return any(_ears(cues).matter.search(reading) for reading in searched(text[:_MOST]))


def has_ended(cues: DistressCues, text: str) -> bool:
    """Say whether a message, as a whole, tells that an emergency is over, or asks something else.

    What is over in part is not: “cứu được rồi mà không thở”.
    """
    return any(_ears(cues).ended.search(reading) for reading in searched(text[:_MOST]))


def louder(one: Distress | None, other: Distress | None) -> Distress | None:
    """Return what was heard by two who listened to the same: the surer of them, else both."""
    if one is None or other is None:
        return one or other
    if one.likely != other.likely or one.faint != other.faint:
        return one if one.likely or other.faint else other
    return replace(one, dangers=_in_order((*one.dangers, *other.dangers)))


def without_idioms(cues: DistressCues, message: str) -> str | None:
    """Return a message without what only sounds of danger; None where nothing in it does."""
    written = searched(message[:_MOST])[0]
    rest = _ears(cues).idioms.sub(BORDER, written)
    return None if rest == written else " ".join(rest.replace(BORDER, " ").split())


def _in_order(dangers: Iterable[Danger]) -> tuple[Danger, ...]:
    named = set(dangers)
    if named & _CAUSES:
        named -= {"emergency", "injury"}
    elif "injury" in named:
        named -= {"emergency"}
    return tuple(danger for danger in _ORDER if danger in named)


@dataclass(frozen=True)
class _FoundSign:
    """One sign that was found: which, how sure it is here, and who is in danger."""

    sign: int
    level: Literal["clear", "doubtful", "hint"]
    weight: int
    danger: Danger


@dataclass(frozen=True)
class _Ears:
    """The cues as they are searched."""

    idioms: re.Pattern[str]
    field: re.Pattern[str]
    past: tuple[re.Pattern[str], re.Pattern[str]]
    relief: re.Pattern[str]
    who: dict[Literal["self", "other", "thing"], re.Pattern[str]]
    tells: re.Pattern[str]
    minors: re.Pattern[str]
    matter: re.Pattern[str]
    lines: re.Pattern[str]
    whom: re.Pattern[str]
    youth: re.Pattern[str]
    ended: re.Pattern[str]
    kinds: dict[Emergency, re.Pattern[str]]
    signs: tuple[tuple[Sign, re.Pattern[str]], ...]
    """What takes its words away from the others comes first."""

    def kinds_in(self, text: str) -> set[Emergency]:
        """Return what kinds of emergency the words of a message tell of."""
        readings = tuple(searched(text[:_MOST]))
        return {kind for kind, says in self.kinds.items() if any(map(says.search, readings))}

    def is_young(self, text: str) -> bool:
        """Say whether who writes tells that they are no grown person; their child is another."""
        readings = (self.who["other"].sub(_ANOTHER, one) for one in searched(text[:_MOST]))
        return any(map(self.youth.search, readings))

    def called(self, text: str, *, consoled: bool) -> bool:
        """Say whether a message asks which number to call in danger."""
        asking = (self.lines, self.whom) if consoled else (self.lines,)
        return any(one.search(reading) for reading in searched(text[:_MOST]) for one in asking)

    def heard(self, reading: str, *, faintly: bool) -> Iterator[_FoundSign]:
        """Yield each sign that a reading holds, the faint ones only where those count."""
        asks, relief = (one.search(reading) is not None for one in (self.field, self.relief))
        text = self.idioms.sub(BORDER, reading)
        for place, (sign, says) in enumerate(self.signs):
            if sign.level == "faint" and not faintly:
                continue
            for found in says.finditer(text):
                over = self._is_over(text, found.end())
                if over and relief and sign.about in _KINDRED:
                    continue
                level = _level(sign, asks=asks, over=over)
                if danger := self._danger(sign, text, found, clear=level == "clear"):
                    yield _FoundSign(place, level, sign.weight, danger)
            if _takes(sign):
                text = says.sub(BORDER, text)

    def _is_over(self, text: str, at: int) -> bool:
        """Say whether what ends at a place was long ago: told as that, and not behind “giờ”."""
        past, over = ([one.start() for one in says.finditer(text)] for says in self.past)
        told, now = (max((one for one in each if one < at), default=-1) for each in (past, over))
        return bool(past and over) and told >= now

    def _danger(self, sign: Sign, text: str, found: re.Match[str], *, clear: bool) -> Danger | None:
        """Return who is in danger where a sign was found; None where it is about a thing."""
        if sign.about == "harassment":
            return "child" if self.minors.search(text) else "harassment"
        if sign.about in {"violence", "child", "poison", "fire", "injury"}:
            return sign.about
        words = text[: found.start()].rpartition(BORDER)[2].split()[-_BEFORE:]
        before = " ".join(("", *words, ""))
        if sign.about == "emergency":
            return None if self._holds_thing(f"{before}{found[0]}") else "emergency"
        return self._whose(before, found, clear=clear)

    def _whose(self, before: str, found: re.Match[str], *, clear: bool) -> Danger | None:
        """Return whose life a sign is about that stands behind some words; None for a thing's."""
        inside = [one for one in self._named(f" {found[0]}") if one.who != "thing"]
        if inside:
            first = min(inside, key=lambda one: (one.start, -one.end))
            return "other" if self._is_of_another(before, found[0], first) else _person(first)
        # The longest of those that end last: “chồng tôi” is another, though “tôi” ends there too.
        last = max(
            self._named(before),
            key=lambda one: (one.end, -one.start),
            default=None,
        )
        if last is None:
            return "self"
        behind = before[last.end - 1 :]
        if last.who != "thing":
            told = "," not in behind or self.tells.search(f"{behind}{found[0]} ")
            return _person(last) if told else "self"
        between = behind.split()
        near = not clear or ("," not in between and len(between) <= _CLOSE)
        return None if near else "self"

    def _is_of_another(self, before: str, found: str, first: "_Named") -> bool:
        """Say whether who is named first in a sign only tells whose they are: “vợ | tôi tự tử”."""
        at, named = len(before) + first.start - 1, self._named(f"{before}{found}")
        return any(
            one.who == "other" and one.start < len(before) - 1 <= at < one.end for one in named
        )

    def _holds_thing(self, text: str) -> bool:
        """Say whether a thing is named that is no part of a person's name: “hàng xóm” is none."""
        named = self._named(text)
        people = [one for one in named if one.who != "thing"]
        return any(
            one.who == "thing"
            and not any(who.start <= one.start and one.end <= who.end for who in people)
            for one in named
        )

    def _named(self, text: str) -> list["_Named"]:
        found = ((who, one) for who, ways in self.who.items() for one in ways.finditer(text))
        return [
            _Named(who, one.start(), one.end() - one[0].endswith(", ") * 2) for who, one in found
        ]


def _takes(sign: Sign) -> bool:
    return sign.level == "soft" or sign.about in _TAKING


def _level(sign: Sign, *, asks: bool, over: bool) -> Literal["clear", "doubtful", "hint"]:
    """Return how sure a sign is in its message: what is over, but the wish to die, is doubtful."""
    match sign.level:
        case "alone" | "clear" if over and sign.about != "life":
            return "doubtful"
        case "alone":
            return "doubtful" if asks else "clear"
        case "soft" | "faint":
            return "doubtful"
    return sign.level


@dataclass(frozen=True)
class _Named:
    """Somebody or something that is named, and where."""

    who: Literal["self", "other", "thing"]
    start: int
    end: int


def _person(named: _Named | None) -> Danger:
    return "other" if named and named.who == "other" else "self"


@once
def _ears(cues: DistressCues) -> _Ears:
    def _search(*patterns: str | None) -> re.Pattern[str]:
        return compiled(tuple(filter(None, patterns)), cues.words)

    signs = sorted(cues.signs, key=lambda sign: not _takes(sign))
    return _Ears(
        idioms=compiled(cues.idioms, cues.words, pauses=False),
        field=_search(cues.field),
        past=(_search(cues.past), _search(cues.over)),
        relief=_search(cues.relief),
        who={
            "self": _search(cues.mine),
            "other": _search(cues.others),
            "thing": _search(cues.things),
        },
        tells=_search(cues.tells),
        minors=_search(cues.minors),
        matter=_search(cues.matter),
        lines=_search(cues.lines),
        whom=_search(cues.whom),
        youth=_search(cues.youth),
        ended=_search(cues.ended),
        kinds={kind: _search(says) for kind, says in cues.kinds.items()},
        signs=tuple((sign, _search(*sign.says)) for sign in signs),
    )
