"""Example questions that fit another article better."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path

import numpy as np

from nlu.content import Example
from nlu.core.gate import Gate
from nlu.core.misfits import extract_misfits, misfits
from nlu.core.ranking import Ranking
from nlu.core.scorer import ANY_ARTICLE, ANY_TALK, Scores

COLUMNS = ("a.mot", "b.hai", "c.ba", "smalltalk.x", ANY_ARTICLE, ANY_TALK)
RANKING = Ranking(10.0, (1.0, 0.0, 0.0))
OPEN = (0.0, 0.0, 0.0, 4.0)


def scores(*values: float, talk: float = 0.0) -> list[float]:
    """Return scores of the three articles and of small talk."""
    return [*values, talk, 1.0, 0.0]


def found(*rows: tuple[list[float], str]) -> list[str]:
    """Return the questions found among examples with these scores and intents."""
    examples = [Example(f"câu {at}", intent) for at, (_, intent) in enumerate(rows)]
    values = np.array([row for row, _ in rows])
    known = Scores(COLUMNS, values, np.zeros(len(rows)))
    listed = misfits(RANKING, Gate(OPEN, OPEN), known, examples)
    return [misfit["question"] for misfit in listed]


def test_only_what_another_article_surely_fits_better_is_found() -> None:
    """Right first guesses, near neighbours, unsure guesses and talk are no misfits."""
    rows = [
        (scores(0.9, 0.1, 0.0), "a.mot"),
        (scores(0.9, 0.1, 0.0), "b.hai"),
        (scores(0.9, 0.1, 0.0), "c.ba"),
        (scores(0.3, 0.3, 0.2), "c.ba"),
        (scores(0.9, 0.1, 0.0, talk=1.5), "a.mot"),
        (scores(0.9, 0.1, 0.0, talk=1.5), "c.ba"),
    ]

    assert found(*rows) == ["câu 2"]


def test_misfits_come_out_of_the_archive(tmp_path: Path) -> None:
    """What training put into the model is found beside it, whatever stands around it."""
    (tmp_path / "told.json").write_text('{"misfits": [{"question": "câu"}]}', encoding="utf-8")
    archive, out = tmp_path / "model.tar.gz", tmp_path / "model.misfits.json"
    with tarfile.open(archive, "w:gz") as opened:
        opened.addfile(tarfile.TarInfo("metadata.json"), io.BytesIO())
        opened.add(tmp_path / "told.json", "components/reader/meaning/told.json")

    extract_misfits(archive, out)

    assert json.loads(out.read_text(encoding="utf-8")) == [{"question": "câu"}]
