"""The understanding itself, without Rasa."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse
from scipy.special import expit

from nlu.content import read_content
from nlu.core.accents import Restorer
from nlu.core.embedder import SHIPPED, Cache, Embedder
from nlu.core.features import letter_grams, word_grams
from nlu.core.gate import Judgement
from nlu.core.kernel import Kernel, fit_held_out, landmarks_of, likeness, targets_of
from nlu.core.logistic import fit_curve, logit, on_curve
from nlu.core.ranking import calibrate, guesses
from nlu.core.scorer import ANY_ARTICLE, ANY_TALK, Scores
from nlu.core.understanding import Understanding
from nlu.core.views import Vectors, ending
from nlu.text import Lexicon

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def model(content: Path, lexicon: Lexicon) -> Understanding:
    """Return an understanding of the tiny content."""
    return Understanding.fit(read_content(content), lexicon, Embedder(), Cache())


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Thành lập hợp tác xã cần mấy người?", "founding.so-thanh-vien"),
        ("thanh lap hop tac xa can may nguoi", "founding.so-thanh-vien"),
        ("đăng ký htx lệ phí bn", "founding.le-phi"),
        ("lãi vay quỹ hợp tác xã răng rứa", "fund.lai-suat"),
        ("chào bạn", "smalltalk.greeting"),
    ],
)
def test_messages_are_understood(text: str, intent: str, model: Understanding) -> None:
    """However it is written, a message finds its article."""
    assert intent == model.read([text])[0].ranking[0].intent


def test_a_follow_up_is_read_with_the_open_article(model: Understanding) -> None:
    """A bare word means the open topic's article; a whole question leaves the topic."""
    bare, whole = model.read(
        ["mấy người", "lãi vay quỹ hợp tác xã"], opened=["founding.le-phi", "founding.le-phi"]
    )

    assert bare.ranking[0].intent == "founding.so-thanh-vien"
    assert whole.ranking[0].intent == "fund.lai-suat"


@pytest.mark.parametrize(
    ("text", "end"),
    [
        (
            "Nhà có ba sào ruộng. Chừ tui muốn lập hợp tác xã thì phải chuẩn bị giấy tờ chi rứa?",
            "Chừ tui muốn lập hợp tác xã thì phải chuẩn bị giấy tờ chi rứa?",
        ),
        (
            "Tụi tui làm chung mười năm ni, ba nhà thôi, hùn được 40 triệu. Lập tổ hay lập htx?",
            "ba nhà thôi, hùn được 40 triệu. Lập tổ hay lập htx?",
        ),
        ("Chào cô, cho tui hỏi lập hợp tác xã thì cần ít nhất là mấy người vậy hè?", None),
        ("lệ phí, bao nhiêu?", None),
    ],
)
def test_the_end_of_a_message_is_its_last_clauses(text: str, end: str | None) -> None:
    """They are a dozen words or more; of a message that has little before them all is its end."""
    assert ending(text) == (end or text)


def test_a_story_is_read_nearer_to_what_is_asked_behind_it(model: Understanding) -> None:
    """What stands before it counts less than its words; a message of one clause stays as it is."""
    question = "cho tui hỏi lệ phí đăng ký thành lập hợp tác xã hết bao nhiêu tiền"
    texts = [f"Năm ngoái bão lớn, tui vay quỹ hợp tác xã sửa lại trại nấm. {question}", question]

    whole = model.views.of(texts)
    read = model.views.with_endings(texts, whole)

    assert read.dense[0] @ whole.dense[1] > whole.dense[0] @ whole.dense[1]
    assert np.array_equal(read.dense[1], whole.dense[1])
    assert np.allclose(np.linalg.norm(read.dense, axis=1), 1)


def test_the_gate_tells_inside_from_outside(model: Understanding) -> None:
    """A question of the content passes more easily than one of another field."""
    inside, outside = model.read(["lệ phí đăng ký hợp tác xã", "giá vàng tối qua"])

    assert outside.in_scope < inside.in_scope


def test_confidences_are_chances(model: Understanding) -> None:
    """Every intent has a confidence between 0 and 1, the likeliest first."""
    ranking = model.read(["lệ phí?"])[0].ranking
    confidences = [guess.confidence for guess in ranking]

    assert sorted(confidences, reverse=True) == confidences
    assert all(0 <= c <= 1 for c in confidences)


@pytest.mark.parametrize("text", ["", " ", "😀😀", "\u202e", "zzz " * 500])
def test_nothing_breaks_it(text: str, model: Understanding) -> None:
    """Empty and meaningless messages are read like any other: every intent has a chance."""
    reading = model.read([text])[0]
    chances = {guess.intent: guess.confidence for guess in reading.ranking}

    assert len(chances) == len(reading.ranking)
    assert set(chances) == {*model.meaning.scorer.columns} - {ANY_ARTICLE, ANY_TALK}
    assert all(0 <= chance <= 1 for chance in (*chances.values(), reading.in_scope))


def test_models_are_kept_whole(model: Understanding, tmp_path: Path) -> None:
    """What is written and read again reads alike, by itself and beside an open article."""
    model.save(tmp_path)
    again = Understanding.load(tmp_path)
    texts, opened = ["lệ phí htx", "mấy người"], [None, "founding.le-phi"]

    before, after = (each.read(texts, opened=opened) for each in (model, again))

    assert [r.opened for r in after] == [False, True]
    for kept, read in zip(before, after, strict=True):
        expected = {guess.intent: guess.confidence for guess in kept.ranking}
        assert {g.intent: g.confidence for g in read.ranking} == pytest.approx(expected, abs=0.01)


def test_a_damaged_model_is_refused(tmp_path: Path) -> None:
    """An empty folder raises instead of giving an untrained model."""
    with pytest.raises(OSError, match="arrays"):
        Understanding.load(tmp_path)


@pytest.fixture
def vectors() -> Vectors:
    """Return vectors of a hundred made-up messages."""
    rows = sparse.random(100, 5_000, density=0.01, format="csr", dtype=np.float32, random_state=1)
    meanings = np.random.default_rng(1).standard_normal((100, 8), np.float32)
    return Vectors(rows, meanings / np.linalg.norm(meanings, axis=1, keepdims=True))


def test_held_out_scores_know_nothing_of_the_example(vectors: Vectors) -> None:
    """An example alone in its column cannot be found when it is left out."""
    some, rows = vectors.take(np.arange(4)), np.arange(4)
    targets = targets_of([[name] for name in "abcd"], "abcd")

    kernel, held_out = fit_held_out(some, targets, rows, rows)

    assert held_out.diagonal().max() <= 0
    assert kernel.scores(some).diagonal().min() > 0.5


@pytest.mark.parametrize("landmarks", [100, 60])
def test_held_out_scores_are_those_of_a_kernel_without_the_part(
    vectors: Vectors, landmarks: int
) -> None:
    """What is compared once for all parts says the same as comparing anew for each."""
    rows, parts = np.arange(100), np.arange(100) % 4
    marks, others = rows[:landmarks], rows[landmarks:]
    targets = targets_of([["ab"[row % 2]] for row in rows], "ab")

    kernel, held_out = fit_held_out(vectors, targets, marks, parts)

    known = [some[parts[some] != 1] for some in (marks, others)]
    without = Kernel.fit(vectors, targets, *known).scores(vectors.take(parts == 1))
    np.testing.assert_allclose(held_out[parts == 1], without, atol=1e-5)
    whole = Kernel.fit(vectors, targets, marks, others).scores(vectors)
    np.testing.assert_allclose(kernel.scores(vectors), whole, atol=1e-5)


def test_words_that_stand_in_many_are_multiplied_as_all_are(vectors: Vectors) -> None:
    """What is made a table of and what is not give one product."""
    both = (vectors.sparse @ vectors.sparse.T).toarray()

    np.testing.assert_allclose(vectors.columns.products(vectors.sparse), both, rtol=1e-5)


def test_what_is_no_landmark_is_learned_too(vectors: Vectors) -> None:
    """What others beside a landmark mean outweighs what it means itself."""
    known, rows = vectors.take([*range(10), *[0] * 5]), np.arange(15)
    targets = targets_of([*["b"] * 10, *["a"] * 5], "ab")

    scores = Kernel.fit(known, targets, rows[:10], rows[10:]).scores(known)

    assert scores[0].argmax() == 0
    assert set(scores[1:10].argmax(axis=1)) == {1}


def test_landmarks_are_spread_evenly() -> None:
    """A label with few examples keeps all of them; no more are taken than may be."""
    labels = ["a"] * 90 + ["b"] * 4 + ["c"] * 30
    chosen = [labels[row] for row in landmarks_of(labels, 30)]

    assert len(chosen) <= 30
    assert chosen.count("b") == 4
    assert abs(chosen.count("a") - chosen.count("c")) <= 3


def test_an_article_takes_no_more_room_once_it_was_asked_for(vectors: Vectors) -> None:
    """Of comparing a message with its texts nothing is left behind."""
    message = vectors.take([0])
    likeness(message, vectors)  # what is made once for all

    tracemalloc.start()
    try:
        likeness(message, vectors)
        left, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert left < 10_000, left


def test_accents_are_restored(lexicon: Lexicon) -> None:
    """A bare question gets the marks of the texts it was learned from; marked words stay."""
    restorer = Restorer.fit(["thành lập hợp tác xã cần mấy người"] * 3, lexicon)

    assert (
        restorer.restore("thanh lap htx can may ng", lexicon)
        == "thành lập hợp tác xã cần mấy người"
    )
    assert restorer.restore("mây", lexicon) == "mây"


def test_grams() -> None:
    """Words and their pairs; letters inside a word with its edges."""
    assert list(word_grams(["a", "b"])) == ["a", "b", "a b"]
    assert list(letter_grams(["a"])) == [" a", "a ", " a "]


def test_a_curve_learns_a_direction() -> None:
    """Higher numbers that were true more often get higher chances."""
    traits, truth = np.array([[0.0], [1.0], [2.0], [3.0]]), np.array([0.0, 0.0, 1.0, 1.0])
    chances = on_curve(traits, fit_curve(traits, truth, np.ones(4)))

    assert list(chances) == sorted(chances)
    assert np.allclose(expit(logit(chances)), chances)


def test_of_one_chance_a_long_message_is_as_sure_as_its_kind_was() -> None:
    """Where long messages were right more often at a chance, they are surer at it, unlike short."""
    shares, lengths = np.tile([[0.3, 0.2]], (40, 1)), np.repeat([3.0, 6.0], 20)
    labels = ["a.x" if at >= 20 or at % 4 == 0 else "a.y" for at in range(40)]
    scores, names = Scores((), np.empty((40, 0), np.float32), lengths), ("a.x", "a.y")
    judgement = Judgement(np.full(40, 0.9), np.zeros(40))

    curve = calibrate(scores, names, shares, judgement, labels)
    one = Judgement(np.array(0.9), np.array(0.0))
    short, long = (
        guesses(scores.take(at), names, shares[at], one, curve)[0].confidence for at in (0, 20)
    )

    assert short < 0.5 < long


def test_the_cache_remembers(tmp_path: Path) -> None:
    """A vector is found again by another cache on the same file."""
    path = tmp_path / "cache.npz"
    Cache(path).add(["a"], [np.ones(384, dtype=np.float32)])

    assert Cache(path).missing(["a", "b"]) == ["b"]
    assert Cache(None, path).missing(["a", "b"]) == ["b"]


def test_a_broken_cache_is_empty(tmp_path: Path) -> None:
    """Rubbish, half of it, a byte that turned, another release's or another model's vectors."""
    path, written = tmp_path / "cache.npz", tmp_path / "written.npz"
    Cache(written).add(["a"], [np.ones(384, dtype=np.float32)])
    whole = written.read_bytes()
    turned = bytearray(whole)
    turned[whole.index(b"\x7f" * 100)] = 0
    for content in (b"broken", b"PK broken", whole[: len(whole) // 2], bytes(turned), b""):
        path.write_bytes(content)
        assert Cache(path).missing(["a"]) == ["a"]
    for keys, rounded in (
        (np.zeros((1, 16), np.uint8), np.zeros((1, 7), np.int8)),
        (np.array(["a"]), np.zeros((1, 384), np.float32)),
        (np.zeros((1, 16), np.uint8), np.int8(0)),
    ):
        np.savez(path, keys=keys, rounded=rounded)
        assert Cache(path).missing(["a"]) == ["a"]


def test_what_ships_is_what_the_embedding_says(lexicon: Lexicon) -> None:
    """Of some hundred examples nine in ten ship, each as its text is embedded.

    Else a training from nothing takes minutes more: `make embeddings` embeds anew.
    """
    content = read_content(ROOT / "content")
    alone = [e.text for e in content.examples if not e.leans]
    restorer, cache = Restorer.fit([*alone, *content.matter], lexicon), Cache(None, SHIPPED)
    read = [restorer.restore(e.text, lexicon) for e in content.examples[::300]]
    shipped = [text for text in read if not cache.missing([text])]

    embedded, kept = Embedder().embed(shipped), cache.of(shipped)
    lengths = np.linalg.norm(embedded, axis=1) * np.linalg.norm(kept, axis=1)

    assert len(shipped) > 0.9 * len(read) > 50
    # A number is kept to 1/300, and another processor rounds otherwise: .9997 was seen.
    assert ((embedded * kept).sum(axis=1) / lengths).min() > 0.999
