"""A message as vectors: the whole of it first, then each of its sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, vstack

from nlu.core import storage
from nlu.core.features import SparseView, TfIdf
from nlu.core.ridge import Floats
from nlu.text import Lexicon, sentences

MOST_SENTENCES = 8
SHORTEST_SENTENCE = 3  # words; "Cảm ơn." says nothing about the need


@dataclass(frozen=True)
class Vectors:
    """The vectors of one message; row 0 is the whole, the others its sentences."""

    sparse: csr_matrix


def parts(text: str) -> list[str]:
    """Return `text`, then its sentences when there are several worth looking at."""
    said = [s for s in sentences(text) if len(s.split()) >= SHORTEST_SENTENCE]
    return [text, *said[-MOST_SENTENCES:]] if len(said) > 1 else [text]


@dataclass(frozen=True)
class Views:
    """Turns messages into vectors."""

    sparse: SparseView

    @classmethod
    def fit(cls, texts: Sequence[str], lexicon: Lexicon) -> Views:
        """Learn what turns text into vectors from `texts`."""
        return cls(SparseView.fit(texts, lexicon))

    def of(self, text: str) -> Vectors:
        """Return the vectors of one message."""
        return Vectors(self.sparse.transform(parts(text)))

    def save(self, folder: Path) -> None:
        """Write everything into `folder`."""
        words, letters = self.sparse.words, self.sparse.letters
        arrays = {"words": words.idf, "letters": letters.idf}
        storage.save(folder, arrays, _meta(self.sparse))

    @classmethod
    def load(cls, folder: Path) -> Views:
        """Read what `save` wrote."""
        arrays, meta = storage.load(folder)
        blocks = (TfIdf(_vocabulary(meta[name]), arrays[name]) for name in ("words", "letters"))
        return cls(SparseView(Lexicon(**meta["lexicon"]), *blocks))


def wholes(vectors: Sequence[Vectors]) -> csr_matrix:
    """Return one row for each message: its whole."""
    return vstack([each.sparse[0] for each in vectors], format="csr")


def kernel(vectors: Sequence[Vectors]) -> Floats:
    """Return the inner products of the messages' wholes."""
    rows = wholes(vectors)
    products: Floats = (rows @ rows.T).toarray().astype(np.float64)
    return products


def _meta(view: SparseView) -> dict[str, Any]:
    return {
        "words": list(view.words.vocabulary),
        "letters": list(view.letters.vocabulary),
        "lexicon": {"sure": view.lexicon.sure, "maybe": view.lexicon.maybe},
    }


def _vocabulary(grams: Sequence[str]) -> dict[str, int]:
    return {gram: at for at, gram in enumerate(grams)}
