"""The race: the same splits for everybody, and figures that can be read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nlu.content import read_content
from nlu.tests.bench import __main__ as bench
from nlu.tests.bench import growth, peers
from nlu.tests.bench.diet import Diet
from nlu.tests.bench.peers import Split, content_splits
from nlu.tests.bench.race import measure, table
from nlu.text import Lexicon


@pytest.fixture
def split(content: Path) -> Split:
    """Return a split that asks what was learned."""
    examples = [e for e in read_content(content).examples if not e.leans]
    return Split(examples, [e for e in examples if not e.is_answer])


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


def test_the_race_is_run_from_the_command_line(
    content: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Everybody but stock Rasa is asked the same questions where that is given no minutes."""
    assert bench.main(["--content", str(content), "--minutes", "0", "--json"]) == 0

    results = json.loads(capsys.readouterr().out)
    assert len({r["all"]["n"] for r in results}) == 1
    assert len(results) == 5


def test_grown_content_is_learned(content: Path) -> None:
    """Three times the content has three times the articles, and what it costs is told."""
    once, thrice = (growth.measure(content, times) for times in (1, 3))

    assert thrice["intents"] == once["intents"] + 2 * 3
    assert thrice["examples"] > once["examples"]
    assert min(thrice.values()) > 0
