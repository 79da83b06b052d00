"""What is asked of one case, one person, one named cooperative: no rule answers it.

Told by the words of `content/phrases/cues.yml`, as beliefs are.
"""

from collections.abc import Sequence

from services.conversation.gazetteer import (
    Phrase,
    Word,
    gazetteer_of,
    holds_any,
    is_at,
    phrases,
    words_of,
)
from services.knowledge.beliefs import speaks_of
from services.knowledge.discourse_cues import Particular
from services.knowledge.library import Library
from services.knowledge.place_names import PlaceNames, PlaceWords

_COOPERATIVE = phrases(("HTX", "hợp tác xã"))
_OURS = (*_COOPERATIVE, *phrases(("THT", "tổ hợp tác", "OCOP")))
_KIND_WORDS = 5
"""Words between `hợp tác xã` and its name: `rau sạch`, `dịch vụ nông nghiệp`."""
_CAPITALS = 0.5
"""The share of capitals from which on a message is a heading, in which they name nothing."""


def particular_in(
    particulars: Sequence[Particular], places: PlaceNames, message: str
) -> Particular | None:
    """Return the first particular that a message asks; None where it asks a rule."""
    for particular in particulars:
        if speaks_of(particular, message) and _is_of(particular, places, message):
            return particular
    return None


def asks_figures(particulars: Sequence[Particular], message: str) -> bool:
    """Say whether what is asked of another place is what was done or counted there, no rule."""
    return any(p.of == "elsewhere" and speaks_of(p, message) for p in particulars)


def asks_status(library: Library, message: str) -> bool:
    """Say whether a message asks how far one's own papers have come: no tool tells that."""
    particular = particular_in(library.cues.particulars, library.places, message)
    return particular is not None and particular.about == "status"


def names_our_field(message: str) -> bool:
    """Say whether a message names what this is about: a cooperative, a group, OCOP."""
    words = words_of(message)
    return holds_any(words, _OURS)


def names_cooperative(places: PlaceNames, message: str) -> bool:
    """Say whether a message names a cooperative after its place, or points at one there.

    `HTX Duy Sơn`, `cái hợp tác xã bên Điện Bàn nớ`, `HTX Suối Trong`; whoever hides the name writes
    `HTX X`.
    """
    words, around = words_of(message), places.words
    apart = phrases((*around.askers, *around.colour))
    trades = phrases(around.trades)
    names = [
        at for at in _names(words, places) if not any(is_at(trade, words, at) for trade in trades)
    ]
    if _is_called(words, names, (*apart, *phrases(around.at))):
        return True
    for mention in gazetteer_of(places).mentions(words):
        kind = _kind_words(words[: mention.start]) if mention.name.within else None
        if kind is None or holds_any(kind, apart):
            continue
        located = holds_any(kind, phrases(around.at))
        if not located or _is_pointed_at(words, mention.end, around):
            return True
    return any(
        (word.plain == "x" or (word.capital and len(word.plain) == 1))
        and _kind_words(words[:at]) == ()
        for at, word in enumerate(words)
    )


def names_person(places: PlaceNames, message: str) -> bool:
    """Say whether a message names somebody: `nhà bà Sáu`, `anh Tân`."""
    words = words_of(message)
    titles = {word for title in phrases(places.words.others) for word, _ in title}
    names = (at for at in _names(words, places) if not any(is_at(one, words, at) for one in _OURS))
    return any(words[at - 1].written in titles for at in names if at)


def _names(words: Sequence[Word], places: PlaceNames) -> Sequence[int]:
    """Return where capitals stand that begin no place and no heading."""
    if sum(word.capital for word in words) > _CAPITALS * len(words):
        return ()
    known = {at for one in gazetteer_of(places).mentions(words) for at in range(one.start, one.end)}
    return [at for at, word in enumerate(words) if word.capital and at not in known]


def _is_called(words: Sequence[Word], names: Sequence[int], apart: Sequence[Phrase]) -> bool:
    """Say whether two capitals stand behind `hợp tác xã` and its kind; one may be `Nông nghiệp`."""
    for at in names:
        kind, named = _kind_words(words[:at]), words[at : at + 2]
        if at + 1 not in names or kind is None or holds_any(kind, apart):
            continue
        if not any(word.stop for word in (*kind, *named)):
            return True
    return False


def _is_pointed_at(words: Sequence[Word], at: int, around: PlaceWords) -> bool:
    return any(is_at(phrase, words, at) for phrase in phrases(around.pointing))


def _is_of(particular: Particular, places: PlaceNames, message: str) -> bool:
    match particular.of:
        case "anyone":
            return True
        case "cooperative":
            return names_cooperative(places, message)
        case "person":
            return names_person(places, message)
        case "elsewhere":
            return False


def _kind_words(words: Sequence[Word]) -> Sequence[Word] | None:
    """Return what stands behind the last `hợp tác xã`; None where there is none near the end."""
    for size in range(_KIND_WORDS + 1):
        end = len(words) - size
        if any(
            is_at(phrase, words, end - len(phrase)) for phrase in _COOPERATIVE if len(phrase) <= end
        ):
            return words[end:]
    return None
