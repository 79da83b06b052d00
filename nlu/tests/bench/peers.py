"""Ours and its peers: each learns from a split and returns what reads messages.

The sparse peers see folded text, words and letters, which does them good: without it a question
typed without diacritics is lost on them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import hstack
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline, make_union
from sklearn.svm import LinearSVC

from nlu.content import Content, Example, read_content
from nlu.core.embedder import Cache, Embedder
from nlu.core.held_out import folds
from nlu.core.understanding import Understanding
from nlu.core.views import Vectors, Views
from nlu.evaluate import FOLDS, SEED
from nlu.text import Lexicon, fold, normalise


@dataclass(frozen=True)
class Split:
    """Examples to learn from, examples to ask, and sentences that teach correct spelling."""

    known: Sequence[Example]
    asked: Sequence[Example]
    reading_matter: Sequence[str] = ()

    @property
    def alone(self) -> list[Example]:
        """What is known without an open article: all that a peer can learn from."""
        return [e for e in self.known if not e.leans]


Read = Callable[[Sequence[str]], list[list[str]]]
"""Returns for each message the intents, the likeliest first."""
Learn = Callable[[Split], Read]

_MOST = 10
"""So many intents a peer names."""
_WORDS = r"\w+"
_SATURATION, _LENGTH = 1.2, 0.75
"""Of BM25, as in its textbook (Robertson and Zaragoza 2009)."""


def content_splits(folder: Path, lexicon: Lexicon) -> list[Split]:
    """Return the folds of `htx nlu evaluate`. Raises ExamplesError as `read_content` does."""
    content = read_content(folder)
    return [
        Split(known, [e for e in kept_back if not e.leans], content.matter)
        for known, kept_back in folds(content.examples, lexicon, FOLDS, SEED)
    ]


def ours(lexicon: Lexicon) -> Learn:
    """Return the understanding of the product; it embeds a text once for all splits."""
    embedder, cache = Embedder(), Cache()

    def _learn(split: Split) -> Read:
        content = Content(split.known, split.reading_matter)
        model = Understanding.fit(content, lexicon, embedder, cache)

        def _read(texts: Sequence[str]) -> list[list[str]]:
            kept = cache if len(texts) > 1 else None  # alone it pays for its embedding
            return [[g.intent for g in r.ranking] for r in model.read(texts, kept)]

        return _read

    return _learn


def svm_on_our_vectors(lexicon: Lexicon) -> Learn:
    """Return a linear support vector machine on the vectors that the product learns from."""
    embedder, cache = Embedder(), Cache()

    def _learn(split: Split) -> Read:
        known = split.alone
        texts, answers = [e.text for e in known], [at for at, e in enumerate(known) if e.is_answer]
        views = Views.fit(texts, split.reading_matter, lexicon, embedder, cache)
        model = LinearSVC().fit(_side_by_side(views.of(texts, cache, answers)), _intents(known))

        def _read(asked: Sequence[str]) -> list[list[str]]:
            kept = cache if len(asked) > 1 else None  # alone it pays for its embedding
            return _likeliest(model, _side_by_side(views.of(list(map(normalise, asked)), kept)))

        return _read

    return _learn


def logistic(split: Split) -> Read:
    """Learn TF-IDF of words and letters and a logistic regression."""
    return _classified(LogisticRegression(C=100, solver="liblinear", dual=True), split)


def svm(split: Split) -> Read:
    """Learn TF-IDF of words and letters and a linear support vector machine."""
    return _classified(LinearSVC(), split)


def bm25(split: Split) -> Read:
    """Take an intent for as near as the nearest of its examples is by BM25."""
    known = split.alone
    counter = CountVectorizer(preprocessor=fold, token_pattern=_WORDS)
    counts = counter.fit_transform([e.text for e in known]).astype(np.float64)
    weights = _bm25_weights(counts)
    labels = np.array(_intents(known))

    def _read(texts: Sequence[str]) -> list[list[str]]:
        scores = (counter.transform(texts) @ weights.T).toarray()
        nearest = np.argsort(-scores, axis=1, kind="stable")[:, : _MOST * _MOST]
        return [list(dict.fromkeys(labels[row].tolist()))[:_MOST] for row in nearest]

    return _read


def _bm25_weights(counts: Any) -> Any:
    holding = np.bincount(counts.indices, minlength=counts.shape[1])
    rarity = np.log1p((counts.shape[0] - holding + 0.5) / (holding + 0.5))
    length = np.asarray(counts.sum(axis=1)).ravel()
    rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    held = _SATURATION * (1 - _LENGTH + _LENGTH * length[rows] / length.mean())
    weights = counts.copy()
    weights.data = rarity[counts.indices] * counts.data * (_SATURATION + 1) / (counts.data + held)
    return weights


def _classified(classifier: Any, split: Split) -> Read:
    words = TfidfVectorizer(
        preprocessor=fold, token_pattern=_WORDS, ngram_range=(1, 2), sublinear_tf=True
    )
    letters = TfidfVectorizer(
        preprocessor=fold, analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True
    )
    model = make_pipeline(make_union(words, letters), classifier)
    model.fit([e.text for e in split.alone], _intents(split.alone))
    return lambda texts: _likeliest(model, texts)


def _likeliest(model: Any, asked: Any) -> list[list[str]]:
    scores = model.decision_function(asked)
    if scores.ndim == 1:  # two classes have one column
        scores = np.column_stack([-scores, scores])
    order = np.argsort(-scores, axis=1)[:, :_MOST]
    return [model.classes_[row].tolist() for row in order]


def _side_by_side(vectors: Vectors) -> Any:
    return hstack([vectors.sparse, vectors.dense], format="csr")


def _intents(examples: Sequence[Example]) -> list[str]:
    return [e.intent for e in examples]
