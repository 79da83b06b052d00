"""Which part of an article is asked for, by meaning."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from nlu.content import Example
from nlu.core import storage
from nlu.core.parts import PartScorer
from nlu.core.views import Vectors

TEXTS = [Example("", "a.x", part=part) for part in ("", "noi", "noi")]


def vectors(*rows: tuple[float, float]) -> Vectors:
    """Return vectors that are alike in meaning and in spelling."""
    dense = np.array(rows, dtype=np.float32)
    return Vectors(csr_matrix(dense), dense)


@pytest.fixture
def scorer() -> PartScorer:
    """Return what is learned of an article with a part."""
    return PartScorer.fit(vectors((1, 0), (0, 1), (0.1, 1)), TEXTS)


def test_nearest_texts_tell_the_part(scorer: PartScorer) -> None:
    """That most texts are a part's makes it no likelier; other articles tell nothing."""
    read = scorer.read(vectors((1, 0)), ["a.x", "a.y"])

    assert set(read) == {"a.x"}
    assert read["a.x"][""] > read["a.x"]["noi"]


def test_what_is_kept_reads_alike(scorer: PartScorer, tmp_path: Path) -> None:
    """Saved and loaded it gives the same, but for the digits that are dropped."""
    storage.save(tmp_path / "parts", scorer)
    message = vectors((0.2, 1))
    before, after = (
        s.read(message, ["a.x"])["a.x"]
        for s in (scorer, storage.load(tmp_path / "parts", PartScorer))
    )

    assert after == pytest.approx(before, abs=0.01)
