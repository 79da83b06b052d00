"""Words and letters of a message as TF-IDF vectors that survive missing diacritics."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack, vstack

from nlu.text import Lexicon, fold, until_answered

WORD_SIZES = (1, 2)
LETTER_SIZES = (2, 3, 4, 5)
DOUBTFUL_WEIGHT = 0.5  # of what only a doubtful reading holds

_AT_A_TIME = 1000
"""Texts whose counts are held in memory; they take many times what their vectors take."""

Counts = dict[str, float]


def word_grams(words: Sequence[str]) -> Iterator[str]:
    """Yield single words and pairs of neighbours."""
    for size in WORD_SIZES:
        for at in range(len(words) - size + 1):
            yield " ".join(words[at : at + size])


def letter_grams(words: Iterable[str]) -> Iterator[str]:
    """Yield runs of letters inside each word, the word's edges counting as letters."""
    return chain.from_iterable(map(_runs, words))


@until_answered(maxsize=4096)
def _runs(word: str) -> tuple[str, ...]:
    padded = f" {word} "
    sizes = [size for size in LETTER_SIZES if size <= len(padded)]
    return tuple(padded[at : at + size] for size in sizes for at in range(len(padded) - size + 1))


def count(text: str, lexicon: Lexicon) -> tuple[Counts, Counts]:
    """Return the weighted words and letter runs of `text`, folded and expanded."""
    sure, doubtful = (fold(reading).split() for reading in lexicon.expand(text))
    return (
        _merge(Counter(word_grams(sure)), word_grams(doubtful)),
        _merge(Counter(letter_grams(sure)), letter_grams(doubtful)),
    )


def _merge(sure: Counter[str], doubtful: Iterable[str]) -> Counts:
    counts: Counts = dict(sure)
    for gram in doubtful:
        counts.setdefault(gram, DOUBTFUL_WEIGHT)
    return counts


@dataclass(frozen=True)
class TfIdf:
    """One block of features: a vocabulary, each entry with the weight of its rarity."""

    vocabulary: dict[str, int]
    idf: NDArray[np.float32]

    @classmethod
    def of(cls, frequency: Counter[str], documents: int, least: int) -> TfIdf:
        """Make a vocabulary of what stands in at least `least` of so many documents."""
        kept = sorted(gram for gram, n in frequency.items() if n >= least)
        seen = np.array([frequency[gram] for gram in kept], dtype=np.float64)
        idf = np.log((1 + documents) / (1 + seen)) + 1
        return cls({gram: at for at, gram in enumerate(kept)}, idf.astype(np.float32))

    def transform(self, documents: Sequence[Counts]) -> csr_matrix:
        """Return one row of unit length for each document."""
        rows = [self._row(document) for document in documents]
        ends = np.cumsum([0] + [len(columns) for columns, _ in rows])
        columns = np.concatenate([columns for columns, _ in rows] or [np.empty(0, np.int32)])
        values = np.concatenate([values for _, values in rows] or [np.empty(0, np.float32)])
        return csr_matrix((values, columns, ends), shape=(len(rows), len(self.vocabulary)))

    def _row(self, document: Counts) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        known = [(self.vocabulary[g], n) for g, n in document.items() if g in self.vocabulary]
        columns = np.array([column for column, _ in known], dtype=np.int32)
        counts = np.array([n for _, n in known], dtype=np.float32)
        damped = np.where(counts >= 1, 1 + np.log(np.maximum(counts, 1)), counts)
        weighted = (damped * self.idf[columns]).astype(np.float32)
        length = float(np.linalg.norm(weighted)) or 1.0
        return columns, weighted / np.float32(length)


@dataclass(frozen=True)
class SparseView:
    """Words and letters side by side."""

    lexicon: Lexicon
    words: TfIdf
    letters: TfIdf

    @classmethod
    def fit(cls, texts: Sequence[str], lexicon: Lexicon) -> SparseView:
        """Learn both vocabularies from `texts`: every word, and letters of two texts or more."""
        words, letters = Counter[str](), Counter[str]()
        for text in texts:
            for seen, counts in zip((words, letters), count(text, lexicon), strict=True):
                seen.update(counts.keys())
        blocks = (TfIdf.of(seen, len(texts), least) for seen, least in ((words, 1), (letters, 2)))
        return cls(lexicon, *blocks)

    def transform(self, texts: Sequence[str]) -> csr_matrix:
        """Return one row for each text: its words, then its letters."""
        parts = [texts[at : at + _AT_A_TIME] for at in range(0, len(texts), _AT_A_TIME)]
        return vstack([self._rows(part) for part in parts or [texts]], format="csr")

    def _rows(self, texts: Sequence[str]) -> csr_matrix:
        counted = [count(text, self.lexicon) for text in texts]
        words = self.words.transform([words for words, _ in counted])
        letters = self.letters.transform([letters for _, letters in counted])
        return hstack([words, letters], format="csr")
