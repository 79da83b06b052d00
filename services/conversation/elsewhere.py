"""Whether a message asks for the rule of another province or country.

A place's name alone tells nothing: rice is bought in one, a son works in another, and without
diacritics `gia lai` is a price put up again. It counts where the words around it say that the
asker is there, or that what he asks for is: `HTX ở Huế`, `HĐND tỉnh Nghệ An`, `còn Huế thì sao`.
These words stand in `content/places/names.yml`.
"""

from collections.abc import Sequence
from functools import lru_cache

from services.conversation.gazetteer import (
    Elsewhere,
    Gazetteer,
    Mention,
    Word,
    cut_end,
    cut_start,
    holds,
    is_at,
    is_sure,
    phrases,
    words_of,
)
from services.knowledge.schema import PlaceNames, PlaceWords

_FAR = 7
"""Words between what is asked for and the place; more are a story."""
_STORY = 45
"""Words from which on a place is most often colour: only the asker's own and `tỉnh …` count."""
_SURELY_AT = phrases(("ở", "bên", "ngoài"))
"""Before one syllable without diacritics these alone make it a place: `của hãn` is no country."""
_SHORT = 9
"""Words of a message that only turns to another place."""


def elsewhere(places: PlaceNames, message: str) -> Elsewhere | None:
    """Return the other place whose rule a message asks for; None for ours, or for none named."""
    words, locator = words_of(message), _Locator.of(places.words)
    mentions = list(Gazetteer.of(places).mentions(words))
    ours = any(mention.name.ours for mention in mentions)
    for mention in mentions:
        if mention.name.place and locator.is_asked(words, mention, ours=ours):
            return mention.name.place
    return None


class _Locator:
    """The words around names, made ready to compare."""

    def __init__(self, words: PlaceWords) -> None:
        self._kinds, self._at = phrases(words.kinds), phrases(words.at)
        self._askers, self._others = phrases(words.askers), phrases(words.others)
        self._staying, self._field = phrases(words.staying), phrases(words.field)
        self._colour, self._openers = phrases(words.colour), phrases(words.openers)

    @classmethod
    @lru_cache(maxsize=4)
    def of(cls, words: PlaceWords) -> "_Locator":
        """Return the locator of these words, made once."""
        return cls(words)

    def is_asked(self, words: Sequence[Word], mention: Mention, *, ours: bool) -> bool:
        """Say whether the rule is asked for there; `ours` is whether a place of ours is named."""
        if any(holds(words, phrase) for phrase in mention.name.unless):
            return False
        start = _clause_start(words, mention.start)
        before = words[start : mention.start]
        kindless = cut_end(before, self._kinds)
        head = cut_end(kindless, self._at)
        of_kind, located = len(kindless) < len(before), len(head) < len(kindless)
        unsure = not (of_kind or is_sure(words[mention.start : mention.end]))
        if unsure and not any(holds(kindless[-1:], phrase) for phrase in _SURELY_AT):
            return False
        if _is_sentence(words, start) and not cut_start(head, self._openers):
            return self._is_theme(words, mention, located=located)
        if located and self._is_asker(head):
            return not ours
        if (ours or len(words) > _STORY) and not of_kind:
            return False
        return self._is_field(head, near=not (of_kind or located))

    def _is_theme(self, words: Sequence[Word], mention: Mention, *, located: bool) -> bool:
        """Say whether a sentence that opens with a place asks for a rule there."""
        rest = words[mention.end :]
        if not rest and not mention.start:
            return False  # a name by itself asks nothing
        if any(is_at(phrase, rest, 0) for phrase in self._colour):
            return False
        turns = not located and len(words) - (mention.end - mention.start) <= _SHORT - 2
        return turns or any(holds(rest, phrase) for phrase in self._field)

    def _is_asker(self, head: Sequence[Word]) -> bool:
        """Say whether the asker himself is there, not somebody of his."""
        stayer = cut_end(head, self._staying)
        owner = cut_end(stayer, self._askers)
        return owner != stayer and cut_end(owner, self._others) == owner

    def _is_field(self, head: Sequence[Word], *, near: bool) -> bool:
        """Say whether what is asked for is of our field, with no colour around it."""
        for back in range(1 if near else min(_FAR, len(head))):
            end = len(head) - back
            rest = cut_end(head[:end], self._field)
            if rest != head[:end]:
                around = (*rest[-3:], *head[end:])
                return not any(holds(around, phrase) for phrase in self._colour)
        return False


def _clause_start(words: Sequence[Word], at: int) -> int:
    return next((i for i in range(at, 0, -1) if words[i].stop), 0)


def _is_sentence(words: Sequence[Word], start: int) -> bool:
    return start == 0 or bool(set(words[start].stop) & set(".?!;"))
