"""The race: the same splits for everybody, and figures that can be read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from nlu.bench import __main__ as bench
from nlu.bench import growth, peers
from nlu.bench.diet import Diet
from nlu.bench.race import measure, table
from nlu.bench.splits import Split, content_splits, public_split
from nlu.content import Example, ExamplesError, read_examples
from nlu.text import Lexicon


@pytest.fixture
def split(content: Path) -> Split:
    """Return a split that asks what was learned."""
    examples = [e for e in read_examples(content) if not e.leans]
    return Split(examples, [e for e in examples if not e.is_answer])


def write_part(path: Path, rows: list[tuple[str, str]]) -> None:
    """Write one split of a public set."""
    lines = [json.dumps({"text": text, "label": label}) for text, label in rows]
    path.write_text("\n".join(lines), encoding="utf-8")


@pytest.mark.parametrize("learn", [peers.logistic, peers.svm, peers.bm25])
def test_a_peer_knows_what_it_learned(learn: peers.Learn, split: Split) -> None:
    """Each names the intent of an example that it has seen, and other intents after it."""
    names = learn(split)(["Lập hợp tác xã cần mấy người"])[0]

    assert len(set(names)) == len(names) > 1
    assert names[0] == "founding.so-thanh-vien"


def test_time_ends_the_training_of_stock_rasa(split: Split) -> None:
    """One epoch is the least; its seconds are told, and it names every intent."""
    diet = Diet(0)
    names = diet(split)(["Lập hợp tác xã cần mấy người"])[0]

    assert set(names) == {e.intent for e in split.known}
    assert diet.note.startswith("1 epochs of")


def test_nothing_that_is_asked_was_learned(content: Path, lexicon: Lexicon) -> None:
    """Over all folds every question is asked once."""
    splits = content_splits(content, lexicon)
    asked = [e for split in splits for e in split.asked]

    assert all(not set(split.known) & set(split.asked) for split in splits)
    assert len(asked) == len(set(asked))


def test_what_was_not_measured_has_a_dash(split: Split) -> None:
    """A register without a question has no share."""
    result = measure("tất cả", peers.bm25, [split])
    row = table([result | {"note": "một lời"}]).splitlines()

    assert row[2].startswith("| tất cả | 1.000 |")
    assert "| – |" in row[2]
    assert row[-1] == "tất cả: một lời."


def test_a_public_set_is_raced(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its labels are taken for articles; everybody learns its one split and is asked its other."""
    monkeypatch.setattr(peers, "open_embedder", lambda: None)
    texts = {"tat_den": "tắt đèn phòng {}", "bat_nhac": "mở nhạc số {}", "hen_gio": "hẹn {} phút"}
    for name, numbers in (("train", range(6)), ("test", range(6, 8))):
        rows = [
            {"text": t.format(n), "label": label} for label, t in texts.items() for n in numbers
        ]
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")

    assert bench.main(["--set", str(tmp_path), "--minutes", "0", "--json"]) == 0

    results = json.loads(capsys.readouterr().out)
    assert [(r["all"]["n"], r["all"]["right"]) for r in results] == [(6, 1.0)] * 4


def test_a_broken_set_is_refused(tmp_path: Path) -> None:
    """The file is named and the shape that a line must have."""
    (tmp_path / "train.jsonl").write_text('{"text": "a"}\n', encoding="utf-8")

    with pytest.raises(ExamplesError, match=r"train\.jsonl: every line"):
        public_split(tmp_path)


def test_a_label_is_an_article_of_its_own(tmp_path: Path) -> None:
    """So the understanding learns it like one."""
    for name in ("train", "test"):
        write_part(tmp_path / f"{name}.jsonl", [("Tắt đèn", "tat_den")])

    assert public_split(tmp_path).asked == [Example("Tắt đèn", "set.tat_den")]


def test_grown_content_is_learned(content: Path) -> None:
    """Three times the content has three times the articles, and what it costs is told."""
    once, thrice = (growth.measure(content, times) for times in (1, 3))

    assert thrice["intents"] == once["intents"] + 2 * 3
    assert thrice["examples"] > once["examples"]
    assert min(thrice.values()) > 0
