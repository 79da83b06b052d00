# /// script
# requires-python = ">=3.10"
# dependencies = ["hassil==3.12.1", "home-assistant-intents==2026.10.27"]
# ///
"""Write a public set: `uv run --script nlu/bench/home_assistant.py FOLDER`.

Vietnamese commands to a house, from the package home-assistant-intents (Apache-2.0). It holds
patterns, no messages, and no split of its own: sentences are drawn from the patterns, and a pattern
is either learned from or asked. Names of devices and rooms are ours.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import home_assistant_intents
from hassil import expression as e
from hassil.intents import Intents, RangeSlotList, TextSlotList

SEED = 3
SENTENCES = 8
"""Drawn from each pattern at most."""
TEST = 3
"""One pattern of so many is asked."""
NAMES = {
    "name": [
        "đèn trần",
        "quạt đứng",
        "điều hòa",
        "máy bơm",
        "loa",
        "rèm",
        "tivi",
        "bình nóng lạnh",
    ],
    "area": ["phòng khách", "phòng ngủ", "nhà bếp", "sân trước", "nhà kho", "tầng hai"],
    "floor": ["tầng trệt", "tầng hai"],
}
OTHER = ["gạo", "nước mắm", "sữa", "trà"]


def main() -> None:
    """Write both parts below the folder that is named."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    parts: dict[str, list[dict[str, str]]] = {"train": [], "test": []}
    for part, row in drawn(_intents(), random.Random(SEED)):  # noqa: S311  # it draws a sample, no secret
        parts[part].append(row)
    for part, rows in parts.items():
        lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
        (folder / f"{part}.jsonl").write_text("".join(lines), encoding="utf-8")


def drawn(intents: Intents, dice: random.Random) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield sentences and the part that they belong to; an intent with one pattern has none."""
    for name, intent in sorted(intents.intents.items()):
        patterns = [pattern for data in intent.data for pattern in data.sentences]
        if len(patterns) < 2:  # noqa: PLR2004  # one to learn from, one to ask
            continue
        dice.shuffle(patterns)
        asked = max(len(patterns) // TEST, 1)
        for at, pattern in enumerate(patterns):
            part = "test" if at < asked else "train"
            sentences = {_say(pattern.expression, intents, dice) for _ in range(SENTENCES)}
            yield from ((part, {"text": text, "label": name}) for text in sorted(sentences))


def _intents() -> Intents:
    found = home_assistant_intents.get_intents("vi")
    return Intents.from_dict(found)


def _say(pattern: Any, intents: Intents, dice: random.Random) -> str:
    return " ".join(_spoken(pattern, intents, dice).split())


def _spoken(pattern: Any, intents: Intents, dice: random.Random) -> str:
    if isinstance(pattern, e.TextChunk):
        return str(pattern.original_text)
    if isinstance(pattern, e.RuleReference):
        return _spoken(intents.expansion_rules[pattern.rule_name].expression, intents, dice)
    if isinstance(pattern, e.ListReference):
        return _listed(pattern.list_name, intents, dice)
    if isinstance(pattern, e.Alternative):
        return _spoken(dice.choice(pattern.items), intents, dice)
    items: Sequence[Any] = pattern.items
    return "".join(_spoken(item, intents, dice) for item in items)


def _listed(name: str, intents: Intents, dice: random.Random) -> str:
    known = intents.slot_lists.get(name)
    if isinstance(known, RangeSlotList):
        return str(dice.randint(known.start, known.stop))
    if isinstance(known, TextSlotList):
        return _say(dice.choice(known.values).text_in, intents, dice)
    return dice.choice(NAMES.get(name, OTHER))


if __name__ == "__main__":
    main()
