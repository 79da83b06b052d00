"""What is heard of distress, without Rasa."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from nlu.content import (
    DistressExample,
    ExamplesError,
    read_content,
)
from nlu.core import storage
from nlu.core.distress import Alarm, AlarmBars, DistressModel
from nlu.core.embedder import Cache, Embedder
from nlu.core.scorer import ANY_ARTICLE
from nlu.core.views import Vectors, Views
from nlu.text import Lexicon

TOLD = "distress-examples.yml"


@pytest.fixture(scope="module")
def views(content: Path, lexicon: Lexicon) -> Views:
    """Return what turns a message into its words and letters."""
    known = read_content(content)
    texts = [e.text for e in known.examples if not e.is_answer]
    return Views.fit(texts, known.matter, lexicon, Embedder(), Cache())


@pytest.fixture(scope="module")
def model(content: Path, views: Views) -> DistressModel:
    """Return what is learned of distress from the tiny content."""
    known = read_content(content)
    examples, ordinary = known.distress, [e.text for e in known.examples if not e.is_answer]
    return DistressModel.fit(examples, views.of([*(e.text for e in examples), *ordinary]))


def test_each_message_is_learned_as_it_stands(content: Path) -> None:
    """Once, with its family: its words and letters are the same without marks."""
    examples = read_content(content).distress

    assert DistressExample("tôi không muốn sống nữa", "clear", "self", "hết muốn sống") in examples
    assert len({example.text for example in examples}) == len(examples)


@pytest.mark.parametrize(
    "wrong",
    ["level: sure\n  danger: self", "level: clear", "level: none\n  danger: self"],
    ids=["no level", "no danger", "a danger of nobody"],
)
def test_a_family_that_can_not_be_learned_from_is_named(
    wrong: str, content: Path, tmp_path: Path
) -> None:
    """Whoever wrote it is told which file."""
    folder = Path(shutil.copytree(content, tmp_path / "content"))
    text = f'- family: x\n  {wrong}\n  texts: ["a"]\n'
    (folder / "phrases" / TOLD).write_text(text, encoding="utf-8")

    with pytest.raises(ExamplesError, match=TOLD):
        read_content(folder)


@pytest.mark.parametrize(
    ("text", "level", "danger"),
    [
        ("em không muốn sống nữa", "clear", "self"),
        ("em khong muon song nua", "clear", "self"),
        ("chồng em đánh em đau lắm", "clear", "violence"),
    ],
)
def test_distress_is_heard(
    text: str, level: str, danger: str, model: DistressModel, views: Views
) -> None:
    """However it is written, and who is in danger is told."""
    alarm = model.hear(views.of([text]))

    assert alarm.level == level
    assert alarm.dangers[:1] == (danger,)


@pytest.mark.parametrize("text", ["lệ phí đăng ký hợp tác xã", "bò nhà tôi chết rồi", ""])
def test_what_is_none_is_not_heard(text: str, model: DistressModel, views: Views) -> None:
    """Neither a question nor what only sounds so."""
    assert model.hear(views.of([text])).level == "none"


def test_a_question_is_not_near(model: DistressModel, views: Views) -> None:
    """So that a doubtful word in it tells nothing."""
    assert not model.hear(views.of(["lệ phí đăng ký hợp tác xã"])).near
    assert model.hear(views.of(["em không muốn sống nữa"])).near


def test_what_comes_close_is_faint(model: DistressModel, views: Views) -> None:
    """Between what is heard and what is only near; who may be in danger is told."""
    vectors = views.of(["em không muốn sống nữa"])
    some = float(model.scorer.scores(vectors).of(ANY_ARTICLE)[0]) if model.scorer else 0.0

    def _heard(share: float) -> Alarm:
        bars = AlarmBars(any=some / share, sure=9, clear=9)
        return replace(model, bars=bars).hear(vectors)

    assert [_heard(share).level for share in (1.1, 0.95, 0.7, 0.5)] == [
        "doubtful",
        "faint",
        "none",
        "none",
    ]
    assert _heard(0.95).dangers[:1] == ("self",)
    assert (_heard(0.7).near, _heard(0.5).near) == (True, False)


def test_what_is_like_clear_distress_is_heard_though_there_is_little_in_all() -> None:
    """Each height has a bar of its own, and one of them is enough."""
    bars = AlarmBars(any=0.7, sure=0.5, clear=0.4)
    heights = np.array([[0.6, 0.55], [0.6, 0.45], [0.75, 0.1]], dtype=np.float32)

    assert bars.heard(heights).tolist() == [True, False, True]


def test_without_examples_nothing_is_heard(tmp_path: Path, views: Views) -> None:
    """Content that has none yet is served all the same."""
    model = DistressModel.fit([], views.of(["xin chào"]))
    storage.save(tmp_path / "distress", model)

    loaded = storage.load(tmp_path / "distress", DistressModel)
    assert loaded.hear(views.of(["tôi không muốn sống nữa"])).level == "none"


def test_what_is_kept_hears_alike(tmp_path: Path, model: DistressModel, views: Views) -> None:
    """What was saved and loaded hears the same; bars and figures come back as they were."""
    storage.save(tmp_path / "distress", model)
    loaded = storage.load(tmp_path / "distress", DistressModel)

    rows = views.of(["em không muốn sống nữa", "lệ phí bao nhiêu", "bò chết"]).rows()
    assert list(map(loaded.hear, rows)) == list(map(model.hear, rows))
    assert (loaded.bars, loaded.left_out) == (model.bars, model.left_out)


def test_the_meaning_is_heard() -> None:
    """Words that nobody knows are heard by what they mean."""
    rng = np.random.default_rng(0)
    sad, calm = np.eye(384, dtype=np.float32)[:2]
    told = [DistressExample("", "clear", "self", f"f{n}") for n in range(20)]
    told += [DistressExample("", "none", "", f"g{n}") for n in range(20)]
    dense = np.array([sad] * 20 + [calm] * 40) + rng.normal(0, 0.01, (60, 384)).astype(np.float32)
    words = csr_matrix((60, 9), dtype=np.float32)
    model = DistressModel.fit(told, Vectors(words, dense.astype(np.float32)))

    assert model.hear(Vectors(words[:1], sad[None])).level == "clear"
    assert model.hear(Vectors(words[:1], calm[None])).level == "none"
