"""A message as vectors: its words and letters, and its embedding.

The embedding must see words with their diacritics, so accents are restored first, and its vectors
crowd in one corner of the space, so the mean is taken off.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.preprocessing import normalize

from nlu.core.accents import Restorer
from nlu.core.embedder import Cache, Embedder, Embeddings
from nlu.core.features import SparseView
from nlu.core.storage import HALVED
from nlu.text import Lexicon

Lengths = NDArray[np.float64]

_MEAN_OF = 500  # texts
_CLAUSE_ENDS = ",;.!?…"
_ENDING = 12
"""So many words the end of a message has at least: fewer than a clause tells too little."""
_ENDING_WEIGHT = 0.2
"""How much the end of a message counts in it: who tells a story asks behind it. Of 96 stories by
strangers 83 are understood so where it was 73; what is one clause, as most is, stays as it was
(docs/benchmarks.md)."""
_USUAL = 800
"""Words and letters that are multiplied as a table: of the examples they are 98 % of the work."""


@dataclass(frozen=True)
class Columns:
    """Sparse vectors turned over: those words and letters that most of them hold as a table.

    Nearly all of a product of words and letters is of those, and a table multiplies four times as
    fast.
    """

    usual: NDArray[np.intp]
    table: Embeddings
    others: csr_matrix

    @classmethod
    def of(cls, sparse: csr_matrix) -> Columns:
        """Turn rows over."""
        others = sparse.T.tocsr()
        counts = np.diff(others.indptr)
        usual = np.sort(np.argsort(-counts, kind="stable")[:_USUAL])
        table = others[usual].toarray()
        others.data[np.repeat(np.isin(np.arange(len(counts)), usual), counts)] = 0
        others.eliminate_zeros()
        return cls(usual, table, others)

    def products(self, sparse: csr_matrix) -> Embeddings:
        """Return the product of each row of `sparse` with each that was turned over."""
        found: Embeddings = (sparse @ self.others).toarray()
        found += sparse[:, self.usual].toarray() @ self.table
        return found


@dataclass(frozen=True)
class Vectors:
    """The vectors of some messages, a row for each."""

    sparse: csr_matrix
    dense: Embeddings = field(metadata=HALVED)

    def rows(self) -> list[Vectors]:
        """Return each row by itself."""
        return [self.take(np.array([at])) for at in range(self.sparse.shape[0])]

    def take(self, chosen: Any) -> Vectors:
        """Return the chosen rows."""
        return Vectors(self.sparse[chosen], self.dense[chosen])

    @cached_property
    def columns(self) -> Columns:
        """The sparse vectors turned over, for products with other rows; made once."""
        return Columns.of(self.sparse)

    @property
    def lengths(self) -> Lengths:
        """How much is written in each: the logarithm of how many words and letters it has."""
        counts: Lengths = np.log1p(self.sparse.getnnz(axis=1))
        return counts


@dataclass(frozen=True)
class Views:
    """Turns messages into vectors."""

    sparse: SparseView
    restorer: Restorer
    mean: Embeddings
    embedder: Embedder

    @classmethod
    def fit(
        cls,
        questions: Sequence[str],
        reading_matter: Sequence[str],
        lexicon: Lexicon,
        model: Embedder,
        cache: Cache,
    ) -> Views:
        """Learn vocabulary from `questions`, spelling from `reading_matter` too."""
        restorer = Restorer.fit([*questions, *reading_matter], lexicon)
        step = max(len(questions) // _MEAN_OF, 1)
        sample = [restorer.restore(text, lexicon) for text in questions[::step]]
        mean = model.embed(sample, cache).mean(axis=0)
        return cls(SparseView.fit(questions, lexicon), restorer, mean, model)

    def of(
        self, texts: Sequence[str], cache: Cache | None = None, answers: Sequence[int] = ()
    ) -> Vectors:
        """Return the vectors of normalised `texts`; with a `cache` many at a time.

        Of the rows that are `answers` the words count alone: as a whole they are like no message.
        """
        dense = np.zeros((len(texts), len(self.mean)), dtype=np.float32)
        asked = np.setdiff1d(np.arange(len(texts)), answers)
        if asked.size:
            dense[asked] = self._dense([texts[at] for at in asked], cache)
        return Vectors(self.sparse.transform(texts), dense)

    def with_endings(
        self, texts: Sequence[str], vectors: Vectors, cache: Cache | None = None
    ) -> Vectors:
        """Return the `vectors` of messages as they are read: the end of each counts once more.

        What is learned from is taken as a whole, which was better.
        """
        ends = {at: end for at, text in enumerate(texts) if (end := ending(text)) != text}
        if not ends:
            return vectors
        dense, told = vectors.dense.copy(), [*ends]
        more = _ENDING_WEIGHT * self._dense([*ends.values()], cache)
        dense[told] = normalize(more + (1 - _ENDING_WEIGHT) * dense[told])
        return Vectors(vectors.sparse, dense)

    def _dense(self, texts: Sequence[str], cache: Cache | None) -> Embeddings:
        restored = [self.restorer.restore(text, self.sparse.lexicon) for text in texts]
        dense: Embeddings = normalize(self.embedder.embed(restored, cache) - self.mean)
        return dense


def ending(text: str) -> str:
    """Return the last clauses of a message, of twelve words at least.

    All of it where less than a quarter stands before them.
    """
    words = text.split()
    starts = [at for at, word in enumerate(words[:-_ENDING], 1) if word[-1] in _CLAUSE_ENDS]
    start = max(starts, default=0)
    return " ".join(words[start:]) if start >= len(words) / 4 else text
