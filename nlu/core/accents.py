"""Restores missing diacritics, so that an embedding sees the words that were meant.

A bigram model over the syllables of the project's own texts and a Viterbi search: each bare word
becomes the marked word that fits its neighbours best. What is marked already stays as it is.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from nlu.text import Lexicon, WordReading, fold, has_diacritics, tokens

MARKED_ENOUGH = 0.4
"""The share of marked words from which a text is taken to be written with diacritics."""

_START = ""
_BACKOFF = 0.6  # how much the word alone counts against the pair
_AS_TYPED = math.log(6)  # for a bare word in a text that is otherwise marked
_DOUBTFUL = math.log(0.3)  # for a lexicon reading that only may be meant
_MOST_READINGS = 8
_UNKNOWN = 0.3  # count of a word that the texts do not have


def is_marked(text: str) -> bool:
    """Tell whether `text` is written with diacritics on the whole."""
    words = tokens(text)
    return sum(map(has_diacritics, words)) >= MARKED_ENOUGH * max(len(words), 1)


@dataclass(frozen=True)
class Restorer:
    """How often each marked word and each pair of them stands in the project's texts."""

    words: dict[str, int]
    pairs: dict[str, int]
    readings: dict[str, list[str]]
    total: int

    @classmethod
    def fit(cls, texts: Iterable[str], lexicon: Lexicon) -> Restorer:
        """Count words and pairs in those of `texts` that are written with diacritics.

        Of a bare word the most frequent marked ones are its readings, in that order.
        """
        words: Counter[str] = Counter()
        pairs: Counter[str] = Counter()
        for text in filter(is_marked, texts):
            read = [_START, *lexicon.expand(text)[0].split()]
            words.update(read)
            pairs.update(map(" ".join, pairwise(read)))
        readings: dict[str, list[str]] = defaultdict(list)
        for word in sorted(words, key=lambda w: -words[w]):
            readings[fold(word)].append(word)
        short = {bare: marked[:_MOST_READINGS] for bare, marked in readings.items()}
        return cls(dict(words), dict(pairs), short, sum(words.values()))

    def restore(self, text: str, lexicon: Lexicon) -> str:
        """Return `text` in lower case, short forms expanded, missing diacritics restored."""
        bonus = _AS_TYPED if is_marked(text) else 0.0
        choices = [self._choices(r, bonus) for r in _single_words(lexicon.read(text))]
        return " ".join(self._best_path(choices))

    def _choices(self, reading: WordReading, bonus: float) -> dict[str, float]:
        """Return what a word may be, each with the logarithm of its prior."""
        if has_diacritics(reading.word):
            return {reading.word: 0.0}
        choices = dict.fromkeys(self.readings.get(reading.word, ()), 0.0)
        as_typed = bonus or not choices or reading.word in self.words
        choices[reading.word] = bonus if as_typed else _DOUBTFUL
        return choices | {other: _DOUBTFUL for other in reading.others if other not in choices}

    def _best_path(self, choices: Sequence[dict[str, float]]) -> list[str]:
        paths: dict[str, tuple[float, list[str]]] = {_START: (0.0, [])}
        for options in choices:
            paths = {word: self._extended(paths, word, prior) for word, prior in options.items()}
        return max(paths.values(), key=lambda path: path[0])[1]

    def _extended(
        self, paths: dict[str, tuple[float, list[str]]], word: str, prior: float
    ) -> tuple[float, list[str]]:
        before = max(paths, key=lambda b: paths[b][0] + self._log_chance(b, word))
        score, path = paths[before]
        return score + self._log_chance(before, word) + prior, [*path, word]

    def _log_chance(self, before: str, word: str) -> float:
        first, last = before.rsplit(" ", maxsplit=1)[-1], word.split(" ", maxsplit=1)[0]
        alone = (self.words.get(last, 0) or _UNKNOWN) / (self.total + 1)
        seen = self.words.get(first, 0)
        together = self.pairs.get(f"{first} {last}", 0) / seen if seen else 0.0
        return math.log((1 - _BACKOFF) * together + _BACKOFF * alone)


def _single_words(readings: Iterable[WordReading]) -> Iterator[WordReading]:
    """Yield the words of expansions one by one; a word with other readings stays as it is."""
    for reading in readings:
        if reading.others:
            yield reading
        else:
            yield from map(WordReading, reading.word.split())
