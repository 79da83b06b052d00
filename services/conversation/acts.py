"""Acts of talk: messages about the talk itself, by the words of `content/phrases/acts.yml`.

A message is an act only as a whole: every word of it must be one of the act's, or a filler. So no
question of the field is one, however it begins, for it has a word that no act knows.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from nlu.text import Lexicon, normalise, read_lexicon
from services.conversation.gazetteer import Phrase, Word, holds, is_at, phrase, words_of
from services.knowledge.schema import Acts, ActWords

LAST = -1
"""The place of the last choice."""

_LONGEST = 18
"""Words of a message that may be an act; a longer one tells something."""


@dataclass(frozen=True)
class Act:
    """What a message does to the talk."""

    name: str
    place: int = 0
    """Which choice is meant, from 1 on; `LAST` for the last one."""
    sure: bool = True
    """Whether it means nothing else as often: then nobody is asked."""


def acts_in(acts: Acts, text: str) -> Iterator[Act]:
    """Yield what a message may do to the talk, in the order of the file; most messages do nothing.

    Diacritics may be missing, never others than a word's; short forms are read through the lexicon.
    """
    spellings = _spellings(text)
    if not any(words for words in spellings):
        yield Act("sign")
        return
    if len(spellings[0]) > _LONGEST:
        return
    for act in _readable(acts):
        found = next((one for words in spellings if (one := act.read(words))), None)
        if found:
            yield found


@dataclass(frozen=True)
class _Readable:
    """An act's words, made ready to be found."""

    name: str
    ways: tuple[tuple[tuple[Phrase, ...], ...], ...]
    known: Mapping[str, Sequence[Phrase]]
    """All that the message may hold, by the first word."""
    numbers: tuple[tuple[Phrase, int], ...]
    doubtful: tuple[Phrase, ...]

    def read(self, words: Sequence[Word]) -> Act | None:
        """Return the act that these words are, if they are it."""
        if not self._covers(words):
            return None
        if self.numbers:
            places = {place for form, place in self.numbers if holds(words, form)}
            return Act(self.name, places.pop()) if len(places) == 1 else None
        held = (way for way in self.ways if all(_one_of(words, group) for group in way))
        if next(held, None) is None:
            return None
        return Act(self.name, sure=not any(len(words) == len(form) for form in self._doubts(words)))

    def _doubts(self, words: Sequence[Word]) -> Iterator[Phrase]:
        yield from (form for form in self.doubtful if is_at(form, words, 0))

    def _covers(self, words: Sequence[Word]) -> bool:
        """Say whether the words are nothing but known phrases, one behind the other."""
        reached = {0}
        for at, word in enumerate(words):
            if at in reached:
                forms = self.known.get(word.plain, ())
                reached |= {at + len(form) for form in forms if is_at(form, words, at)}
            elif max(reached) < at:
                return False
        return len(words) in reached


@lru_cache(maxsize=4)
def _readable(acts: Acts) -> tuple[_Readable, ...]:
    return tuple(_made_ready(acts, act) for act in acts.acts)


def _made_ready(acts: Acts, act: ActWords) -> _Readable:
    numbers = [(form, n) for n, forms in enumerate(acts.numbers, 1) for form in _group(forms)]
    numbers += [(form, LAST) for form in _group(acts.last)]
    ways = tuple(tuple(map(_group, way)) for way in act.ways)
    own = tuple(form for way in ways for group in way for form in group)
    if act.act != "nth":
        numbers = []
    known: dict[str, list[Phrase]] = defaultdict(list)
    for form in {*own, *_group(act.beside), *_group(acts.fillers), *(form for form, _ in numbers)}:
        known[form[0][1]].append(form)
    doubtful = _group(act.doubtful or "")
    return _Readable(act.act, ways, known, tuple(numbers), doubtful)


def _group(forms: str) -> tuple[Phrase, ...]:
    return tuple(found for form in forms.split("|") if (found := phrase(form)))


def _one_of(words: Sequence[Word], group: Sequence[Phrase]) -> bool:
    return any(holds(words, form) for form in group)


def _spellings(text: str) -> tuple[Sequence[Word], ...]:
    """Return the words as written, and with short forms written out: the sure ones, then all."""
    return tuple(map(words_of, dict.fromkeys((text, *_lexicon().expand(normalise(text))))))


@cache
def _lexicon() -> Lexicon:
    return read_lexicon()
