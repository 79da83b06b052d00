"""Whether a message asks for the rule of another province or country.

A place's name alone tells nothing: rice is bought in one, a son works in another, and without
diacritics `gia lai` is a price put up again. It counts where the words around it say that the
asker is there, or that what he asks for is: `HTX ở Huế`, `HĐND tỉnh Nghệ An`, `còn Huế thì sao`.
These words stand in `content/places/names.yml`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from services.conversation.gazetteer import (
    Elsewhere,
    Mention,
    Word,
    cut_end,
    cut_start,
    gazetteer_of,
    holds_any,
    is_at,
    is_sure,
    phrases,
    words_of,
)
from services.knowledge.once import once
from services.knowledge.place_names import PlaceNames, PlaceWords

_FAR = 7
"""Words between what is asked for and the place; more are a story."""
_ADDRESS = 8
"""Words of an address before the province: `xã …, huyện …`."""
_STORY = 45
"""Words from which on a place is most often colour: only the asker's own and `tỉnh …` count."""
_QUESTION = 30
"""Words of a message that is one question; of a longer one what stands near the place counts."""
_SENTENCE_ENDS = frozenset(".?!;")
_SURELY_AT = phrases(("ở", "bên", "ngoài"))
"""Before one syllable without diacritics these alone make it a place: `của hãn` is no country."""
_SHORT = 9
"""Words of a message that only turns to another place."""
_MOST_NAMES = 12
"""Names that are weighed. Each costs as much as the message is long, and nobody else is served
meanwhile: one of 2,000 characters that holds nothing else took eight seconds."""


def elsewhere(places: PlaceNames, message: str) -> Elsewhere | None:
    """Return the other place whose rule a message asks for; None for ours, or for none named."""
    words, locator = words_of(message), _locator_of(places.words)
    mentions = list(islice(gazetteer_of(places).mentions(words), _MOST_NAMES))
    ours = any(mention.name.ours for mention in mentions)
    for mention in mentions:
        if mention.name.place and locator.is_asked(words, mention, ours=ours):
            return mention.name.place
    return None


@dataclass(frozen=True)
class _Setting:
    """A name among its words."""

    words: Sequence[Word]
    """The whole message."""
    head: Sequence[Word]
    """What stands before it in its clause, without the words that only lead to it."""
    rest: Sequence[Word]
    """All that stands behind it."""
    of_kind: bool
    """Whether it is told to be a province or a country: `tỉnh …`."""
    located: bool
    """Whether something is told to be there: `ở …`."""
    opens: bool
    """Whether its clause begins a sentence."""


class _Locator:
    """The words around names, made ready to compare."""

    def __init__(self, words: PlaceWords) -> None:
        self._kinds, self._at = phrases(words.kinds), phrases(words.at)
        self._askers, self._others = phrases(words.askers), phrases(words.others)
        self._staying, self._parts = phrases(words.staying), phrases(words.parts)
        self._field, self._does = phrases(words.field), phrases(words.does)
        self._there, self._here = phrases(words.there), phrases(words.here)
        self._back = phrases(words.back)
        self._colour, self._openers = phrases(words.colour), phrases(words.openers)

    def is_asked(self, words: Sequence[Word], mention: Mention, *, ours: bool) -> bool:
        """Say whether the rule is asked for there; `ours` is whether a place of ours is named."""
        if holds_any(words, mention.name.unless):
            return False
        site = self._setting(words, mention)
        if site is None or holds_any(site.rest, self._back):
            return False
        if site.opens and not cut_start(site.head, self._openers):
            return self._acts(site) or self._is_theme(site)
        abroad = mention.name.place is not None and mention.name.place.abroad
        if not (ours or abroad) and self._is_asker(site):  # abroad one asks of home
            return True
        if holds_any(site.rest, self._here):
            return False
        colourable = not site.of_kind and (ours or len(words) > _STORY)
        return (
            ((site.of_kind or not ours) and self._acts(site))
            or (not colourable and self._is_field(site))
            or (not ours and self._is_meant_again(site))
        )

    def _setting(self, words: Sequence[Word], mention: Mention) -> _Setting | None:
        """Return a name among its words; None where these make no place of a single syllable."""
        start = _clause_start(words, mention.start)
        kindless = cut_end(words[start : mention.start], self._kinds)
        of_kind = start + len(kindless) < mention.start
        name = words[mention.start : mention.end]
        if not (of_kind or is_sure(name) or holds_any(kindless[-1:], _SURELY_AT)):
            return None
        if of_kind and not kindless and start:  # `ở xã …, tỉnh …`
            kind, start = start, _clause_start(words, start - 1)
            kindless = words[start:kind]
        head = self._without_parts(cut_end(kindless, self._at))
        located, opens = len(head) < len(kindless), _is_sentence(words, start)
        return _Setting(words, head, words[mention.end :], of_kind, located, opens)

    def _without_parts(self, head: Sequence[Word]) -> Sequence[Word]:
        """Return what stands before `ở xã …` where that is told of the place too."""
        for start in range(len(head) - 1, max(len(head) - _ADDRESS, 0), -1):
            if any(is_at(part, head, start) for part in self._parts):
                outside = cut_end(head[:start], self._at)
                return outside if len(outside) < start else head
        return head

    def _is_theme(self, site: _Setting) -> bool:
        """Say whether a sentence that opens with a place asks for a rule there."""
        if any(is_at(phrase, site.rest, 0) for phrase in self._colour):
            return False
        turns = bool(site.head) or (bool(site.rest) and not site.located)
        if turns and len(site.words) <= _SHORT:
            return True
        ends = (at for at, word in enumerate(site.rest) if set(word.stop) & _SENTENCE_ENDS)
        told = site.rest[: next(ends, len(site.rest))]
        if len(site.words) <= _QUESTION:
            return self._is_of_field(told)
        return self._is_of_field(told[:_FAR]) and not self._is_colour(told[:_FAR])

    def _is_of_field(self, words: Sequence[Word]) -> bool:
        return holds_any(words, self._field)

    def _is_colour(self, words: Sequence[Word]) -> bool:
        return holds_any(words, self._colour)

    def _acts(self, site: _Setting) -> bool:
        """Say whether the place itself does what is asked: it pays, it lends, it decides."""
        if not any(is_at(phrase, site.rest, 0) for phrase in self._does):
            return False
        return not self._is_colour(site.head[-3:])

    def _is_asker(self, site: _Setting) -> bool:
        """Say whether the asker himself is there, not somebody of his."""
        stayer = cut_end(site.head, self._staying)
        owner = cut_end(stayer, self._askers)
        return site.located and owner != stayer and cut_end(owner, self._others) == owner

    def _is_meant_again(self, site: _Setting) -> bool:
        """Say whether the place is come back to for the rule: `…, ngoài đó tỉnh cho bao nhiêu`."""
        for at in range(len(site.rest)):
            found = next((p for p in self._there if is_at(p, site.rest, at)), None)
            after = site.rest[at + len(found) :][:_FAR] if found else ()
            if self._is_of_field(after):
                return not holds_any(after, (*self._colour, *self._askers))
        return False

    def _is_field(self, site: _Setting) -> bool:
        """Say whether what is asked for is of our field, with no colour around it."""
        head, far = site.head, _FAR if site.located or site.of_kind else 1
        for end in range(len(head), max(len(head) - far, 0), -1):
            rest = cut_end(head[:end], self._field)
            if len(rest) < end:
                # “Tôi là xã viên một hợp tác xã ở …” is the asker's own, whatever stands before it.
                before = () if len(cut_start(head, self._askers)) < len(head) else rest[-3:]
                return not self._is_colour((*before, *head[end:]))
        return False


@once
def _locator_of(words: PlaceWords) -> _Locator:
    """Return the locator of these words, made once."""
    return _Locator(words)


def _clause_start(words: Sequence[Word], at: int) -> int:
    return next((i for i in range(at, 0, -1) if words[i].stop), 0)


def _is_sentence(words: Sequence[Word], start: int) -> bool:
    return start == 0 or bool(set(words[start].stop) & _SENTENCE_ENDS)
