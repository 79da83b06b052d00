"""Which part of an article is asked for, by meaning."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from nlu.core.parts import PartScorer, PartText
from nlu.core.views import Vectors
from scipy.sparse import csr_matrix

TEXTS = [PartText("a.x", ""), PartText("a.x", "noi"), PartText("a.x", "noi"), PartText("a.y", "")]


def vectors(*rows: tuple[float, float]) -> Vectors:
    """Return vectors that are alike in meaning and in spelling."""
    dense = np.array(rows, dtype=np.float32)
    return Vectors(csr_matrix(dense), dense)


@pytest.fixture
def scorer() -> PartScorer:
    """Return what is learned of an article with a part, and of one without."""
    return PartScorer.fit(vectors((1, 0), (0, 1), (0.1, 1), (1, 0)), TEXTS)


def test_nearest_texts_tell_the_part(scorer: PartScorer) -> None:
    """That most texts are a part's makes it no likelier; an article without parts tells nothing."""
    read = scorer.read(vectors((1, 0)), ["a.x", "a.y", "a.z"])

    assert set(read) == {"a.x"}
    assert read["a.x"][""] > read["a.x"]["noi"]


def test_what_is_kept_reads_alike(scorer: PartScorer, tmp_path: Path) -> None:
    """Saved and loaded it gives the same, but for the digits that are dropped."""
    scorer.save(tmp_path)
    message = vectors((0.2, 1))
    before, after = (s.read(message, ["a.x"])["a.x"] for s in (scorer, PartScorer.load(tmp_path)))

    assert after == pytest.approx(before, abs=0.01)
