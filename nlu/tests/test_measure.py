"""Figures and thresholds from held-out readings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nlu import evaluate
from nlu.content import Example
from nlu.core.held_out import HeldOut, deal, register
from nlu.core.measure import by_article, calibration_error, confusions, report
from nlu.core.ranking import Guess
from nlu.core.thresholds import MOST_WRONG, OutcomeBars, choose, outcome_shares
from nlu.core.understanding import Reading
from nlu.text import Lexicon

BARS = OutcomeBars(gate=0.5, answer=0.7, offer=0.1)


def read_as(intent: str, guess: str, confidence: float, in_scope: float = 0.9) -> HeldOut:
    """Return a message of `intent` whose first guess is `guess`."""
    ranking = [Guess(guess, confidence), Guess("fund.other", (1 - confidence) / 2)]
    return HeldOut(Example("hợp tác xã là gì", intent), Reading(ranking, in_scope))


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        (read_as("fund.a", "fund.a", 0.9), "answered"),
        (read_as("fund.a", "fund.a", 0.5), "offered"),
        (read_as("fund.a", "fund.a", 0.9, in_scope=0.1), "declined"),
        (read_as("fund.a", "fund.a", 0.05), "declined"),
        (read_as("fund.a", "out_of_scope", 0.9), "declined"),
        (read_as("fund.a", "smalltalk.thanks", 0.4), "talk"),
    ],
)
def test_the_bars_decide(held: HeldOut, expected: str) -> None:
    """Each rule of the conversation has its case."""
    assert expected == BARS.outcome(held)


def test_chosen_thresholds_keep_the_limits() -> None:
    """Where wrong guesses are less sure than right ones, no more than the limit is answered."""
    held = [read_as("fund.a", "fund.a", 0.9)] * 90 + [read_as("fund.a", "fund.b", 0.6)] * 10
    held += [read_as("out_of_scope", "fund.a", 0.5, in_scope=0.2)] * 50

    bars = choose(held)

    assert outcome_shares(held[:100], bars)["wrong"] <= MOST_WRONG
    assert outcome_shares(held[:100], bars)["right"] == 0.9


def test_confusions_are_counted_both_ways() -> None:
    """One for the other is the same pair both ways."""
    held = [read_as("fund.a", "fund.b", 0.6)] * 2 + [read_as("fund.b", "fund.a", 0.6)]
    (found,) = confusions(held)

    assert (found["pair"], found["n"], found["ways"]) == (("fund.a", "fund.b"), 3, [2, 1])
    assert found["questions"][0] == {"text": "hợp tác xã là gì", "intent": "fund.a"}


def test_an_article_tells_what_it_is_taken_for() -> None:
    """With the questions that miss it."""
    held = [read_as("fund.a", "fund.a", 0.9), read_as("fund.a", "fund.b", 0.6)]
    row = by_article(held)["fund/a"]

    assert (row["n"], row["right"]) == (2, 0.5)
    assert (row["taken_for"], row["missed"]) == (["fund.b"], ["hợp tác xã là gì"])


def test_a_foreign_message_is_listed_with_its_answer() -> None:
    """The article that would have been given, also where the first guess is none."""
    reading = Reading([Guess("out_of_scope", 0.95), Guess("fund.a", 0.8)], 0.9)
    held = [HeldOut(Example("giá vàng hôm nay", "out_of_scope"), reading)]

    expected = [{"text": "giá vàng hôm nay", "article": "fund/a"}]
    assert report(held, BARS)["outside_answered"] == expected


def test_calibration_error_of_an_honest_model_is_nil() -> None:
    """Nine of ten right at a confidence of nine tenths."""
    held = [read_as("fund.a", "fund.a", 0.9)] * 9 + [read_as("fund.a", "fund.b", 0.9)]

    assert calibration_error(held) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hợp tác xã là gì?", "clean"),
        ("hop tac xa la gi", "nodiac"),
        ("htx là j z", "noisy"),
        ("hợp tác xã là cái chi rứa", "dialect"),
        ("hợp tác xã " * 10, "long"),
    ],
)
def test_registers(text: str, expected: str) -> None:
    """How a message is written is told from its words."""
    assert expected == register(text)


def test_spellings_of_a_question_share_a_fold(lexicon: Lexicon) -> None:
    """With and without diacritics, short and in full."""
    texts = ["hợp tác xã là gì", "htx la gi", "hop tac xa la gi"]

    assert len(set(deal([Example(t, "fund.a") for t in texts], lexicon, 5, 1))) == 1


def test_the_report_is_plain_data() -> None:
    """Every figure is there, also when nothing is out of scope."""
    figures = report([read_as("fund.a", "fund.a", 0.9)], BARS)

    assert {"register", "topic", "article", "risk_coverage", "reliability"} <= set(figures)
    assert figures["chosen"] == {"bar": BARS.answer, "coverage": 1.0, "risk": 0.0}
    assert figures["all"]["right"] == 1.0


def test_evaluation_writes_what_it_measured(
    content: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One JSON object on stdout, the thresholds in the file, progress on stderr."""
    path = tmp_path / "thresholds.json"
    assert evaluate.main(["--json", "--content", str(content), "--thresholds", str(path)]) == 0
    out, err = capsys.readouterr()

    figures = json.loads(out)

    assert json.loads(path.read_text(encoding="utf-8")) == figures["thresholds"]
    assert "fold 1 of 5" in err
