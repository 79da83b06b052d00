from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.doubles.faces import FACES, Answer, Speaker
from tests.doubles.product import Product

FOLDER = Path(__file__).parents[1] / "conversations"
CONVERSATIONS = {p.stem: yaml.safe_load(p.read_text("utf-8")) for p in FOLDER.glob("*.yml")}


@pytest.mark.parametrize("face", FACES)
async def test_same_conversations_on_every_face(product: Product, face: str) -> None:
    """Each written conversation goes the same way on Telegram, the web and in the terminal."""
    failed = []
    async with FACES[face](product) as meet:
        for name, turns in CONVERSATIONS.items():
            failed += [f"{name}: {wrong}" for wrong in await walk(meet(), turns)]

    assert failed == []


async def walk(speaker: Speaker, turns: list[dict[str, Any]]) -> list[str]:
    wrong = []
    answer = Answer("", {})
    for turn in turns:
        answer = await take(speaker, turn, answer)
        wrong += differences(turn, answer)
    return wrong


async def take(speaker: Speaker, turn: dict[str, Any], before: Answer) -> Answer:
    if "press" in turn:
        return await speaker.say(payload=before.buttons[turn["press"]])
    return await speaker.say(turn["say"])


def differences(turn: dict[str, Any], answer: Answer) -> list[str]:
    name = turn.get("say") or turn["press"]
    wrong = [
        f"{name}: no “{part}” in {answer.text[:200]}"
        for part in turn.get("has", [])
        if part not in answer.text
    ]
    if answer.outcome not in (None, turn["outcome"]):
        wrong.append(f"{name}: {answer.outcome}, not {turn['outcome']}")
    return wrong
