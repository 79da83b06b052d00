"""Words and letters of a message as TF-IDF vectors that survive missing diacritics."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.preprocessing import normalize

from nlu.text import Lexicon, fold, until_answered

LETTER_SIZES = (2, 3, 4, 5)
_SURE = 2
"""So often what is surely read is counted, against once what only a doubtful reading holds."""

Grams = Iterator[list[str]]
"""For each of some texts its words or runs of letters."""


def word_grams(words: Sequence[str]) -> list[str]:
    """Return single words and pairs of neighbours."""
    return [*words, *map(" ".join, pairwise(words))]


def letter_grams(words: Iterable[str]) -> list[str]:
    """Return runs of letters inside each word, the word's edges counting as letters."""
    return list(chain.from_iterable(map(_runs, words)))


@until_answered(maxsize=4096)
def _runs(word: str) -> tuple[str, ...]:
    padded = f" {word} "
    sizes = [size for size in LETTER_SIZES if size <= len(padded)]
    return tuple(padded[at : at + size] for size in sizes for at in range(len(padded) - size + 1))


@dataclass(frozen=True)
class TfIdf:
    """One block of features: a vocabulary, each entry with the weight of its rarity."""

    vocabulary: dict[str, int]
    idf: NDArray[np.float32]

    @classmethod
    def fit(cls, texts: Grams, least: int) -> TfIdf:
        """Make a vocabulary of what stands in at least `least` of the texts."""
        counter = CountVectorizer(analyzer=list, min_df=least)
        counts = counter.fit_transform(texts)
        seen = counts.getnnz(axis=0)
        idf = np.log((1 + counts.shape[0]) / (1 + seen)) + 1
        vocabulary = {gram: int(at) for gram, at in counter.vocabulary_.items()}
        return cls(vocabulary, idf.astype(np.float32))

    def transform(self, texts: Grams) -> csr_matrix:
        """Return one row of unit length for each text."""
        rows = self._counter.transform(texts).astype(np.float32)
        counts = rows.data / _SURE
        damped = np.where(counts >= 1, 1 + np.log(np.maximum(counts, 1)), counts)
        rows.data = damped * self.idf[rows.indices]
        return normalize(rows, copy=False)

    @cached_property
    def _counter(self) -> CountVectorizer:
        return CountVectorizer(analyzer=list, vocabulary=self.vocabulary)


@dataclass(frozen=True)
class SparseView:
    """Words and letters side by side."""

    lexicon: Lexicon
    words: TfIdf
    letters: TfIdf

    @classmethod
    def fit(cls, texts: Sequence[str], lexicon: Lexicon) -> SparseView:
        """Learn both vocabularies from `texts`: every word, and letters of two texts or more."""
        words = TfIdf.fit(_counted(texts, lexicon, word_grams), least=1)
        return cls(lexicon, words, TfIdf.fit(_counted(texts, lexicon, letter_grams), least=2))

    def transform(self, texts: Sequence[str]) -> csr_matrix:
        """Return one row for each text: its words, then its letters."""
        words = self.words.transform(_counted(texts, self.lexicon, word_grams))
        letters = self.letters.transform(_counted(texts, self.lexicon, letter_grams))
        return hstack([words, letters], format="csr")


def _counted(
    texts: Iterable[str], lexicon: Lexicon, grams: Callable[[Sequence[str]], list[str]]
) -> Grams:
    """Yield the words or letters of each text, folded and expanded, as often as they count."""
    for text in texts:
        sure, doubtful = (grams(fold(reading).split()) for reading in lexicon.expand(text))
        yield [*sure * _SURE, *set(doubtful).difference(sure)]
