"""Rasa itself: importer, one real training, the model's answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from nlu import serve
from nlu.importer import ContentImporter
from nlu.text import BESIDE
from nlu.train import CONFIG_PATH, main
from rasa.core.agent import Agent
from rasa.shared.importers.importer import TrainingDataImporter

Parse = Callable[[str], dict[str, Any]]


@pytest.fixture(scope="module")
def parse(content: Path, tmp_path_factory: pytest.TempPathFactory) -> Parse:
    """Return the parse function of a model that Rasa trained on the tiny content."""
    model = tmp_path_factory.mktemp("model") / "model.tar.gz"
    assert main(["--content", str(content), "--out", str(model)]) == 0
    agent = Agent.load(model)
    return lambda text: asyncio.run(agent.parse_message(text))


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
    """Intent, ranking, entities, gate and views are in the answer."""
    answer = parse("vay quỹ htx 5 triệu lãi bao nhiêu")

    assert answer["intent"]["name"] == "fund.lai-suat"
    assert answer["intent"] == answer["intent_ranking"][0]
    assert [e["value"] for e in answer["entities"]] == ["5000000"]
    assert 0 <= answer["gate"]["in_scope"] <= 1
    assert "sparse" in answer["views"]


def test_a_message_is_parsed_beside_the_open_article(parse: Parse) -> None:
    """What stands behind the separator is the open article, no part of the message."""
    answer = parse(f"mấy người{BESIDE}founding/le-phi")

    assert answer["text"] == "mấy người"
    assert answer["intent"]["name"] == "founding.so-thanh-vien"


@pytest.mark.parametrize(
    "text",
    ["", "/start", '/lệ{"x": 1}', "\ud800", "a" * 100_000, "\n" * 10_000, f"x{BESIDE}no/such"],
)
def test_hostile_messages_get_a_whole_answer(text: str, parse: Parse) -> None:
    """Whatever comes, nothing of the answer is missing; a slash commands nothing."""
    answer = parse(text)

    assert answer["intent_ranking"]
    assert "in_scope" in answer["gate"]


@pytest.mark.usefixtures("parse")
def test_sparse_serves_alone(monkeypatch: pytest.MonkeyPatch, content: Path) -> None:
    """Without the embedding the model answers all the same and says so."""
    monkeypatch.setattr("nlu.components.featurizer.open_embedder", lambda: None)
    model = next(content.parent.glob("model*/model.tar.gz"))
    answer = asyncio.run(Agent.load(model).parse_message("htx can may nguoi"))

    assert answer["views"] == ["sparse"]
    assert answer["intent"]["name"] == "founding.so-thanh-vien"


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
