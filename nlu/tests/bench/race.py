"""Measures one after the other on the same splits, and tells the figures as a table."""

from __future__ import annotations

import random
import statistics
import time
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from nlu.content import OUT_OF_SCOPE, Example, is_article
from nlu.core.held_out import HeldOut, register
from nlu.core.measure import accuracy
from nlu.core.ranking import Guess
from nlu.core.understanding import Reading
from nlu.runtime import say
from nlu.tests.bench.peers import Learn, Read, Split

_TIMED = 60  # messages of each split
_SEED = 5
_REGISTERS = ("clean", "nodiac", "noisy", "dialect", "long")


def measure(name: str, learn: Learn, splits: Sequence[Split]) -> dict[str, Any]:
    """Return the figures of one peer over `splits`: how often right, and what it costs."""
    held: list[list[HeldOut]] = []
    training, reading = [], []
    for split in splits:
        started = time.monotonic()
        read = learn(split)
        training.append(time.monotonic() - started)
        held.append(_ask(read, split.asked))
        reading += _timed(read, split.asked)
        say(f"{name}: split {len(held)} of {len(splits)}, learned in {training[-1]:.0f} s")
    return {
        "name": name,
        "first_part": _accuracy(held[0]),
        **_figures([h for asked in held for h in asked]),
        "training_s": training[0],
        "again_s": statistics.median(training[1:] or training),
        "ms": statistics.median(reading),
    }


def _figures(held: Sequence[HeldOut]) -> dict[str, Any]:
    registers: dict[str, list[HeldOut]] = defaultdict(list)
    for h in held:
        if is_article(h.example.intent):
            registers[register(h.example.text)].append(h)
    outside = [h for h in held if h.example.intent == OUT_OF_SCOPE]
    return {
        "all": _accuracy(held),
        "outside": accuracy(outside),
        "register": {name: accuracy(group) for name, group in sorted(registers.items())},
    }


def _accuracy(held: Sequence[HeldOut]) -> dict[str, float]:
    return accuracy([h for h in held if is_article(h.example.intent)])


def _ask(read: Read, asked: Sequence[Example]) -> list[HeldOut]:
    return list(map(_held, asked, read([e.text for e in asked])))


def _held(example: Example, names: Sequence[str]) -> HeldOut:
    """Return an example as it was read; only the order of the guesses is measured here."""
    return HeldOut(example, Reading([Guess(name, 1.0) for name in names], 1.0))


def _timed(read: Read, asked: Sequence[Example]) -> list[float]:
    """Return the milliseconds of messages that come one by one, the same for every peer."""
    dice = random.Random(_SEED)  # noqa: S311  # because it samples, it keeps no secret
    times = []
    for example in dice.sample(list(asked), min(_TIMED, len(asked))):
        started = time.perf_counter()
        read([example.text])
        times.append((time.perf_counter() - started) * 1000)
    return times


def table(results: Sequence[dict[str, Any]]) -> str:
    """Return a row for each result; what was not measured has a dash."""
    head = ["", "first", "among four", "first split", *_REGISTERS, "outside", "training s", "ms"]
    lines = [head, ["---"] * len(head), *map(_row, results)]
    notes = [f"{r['name']}: {r['note']}." for r in results if "note" in r]
    return "\n".join([*(f"| {' | '.join(cells)} |" for cells in lines), *notes])


def _row(result: dict[str, Any]) -> list[str]:
    every, registers = result["all"], result["register"]
    return [
        result["name"],
        _share(every),
        _share(every, "among_four"),
        _share(result["first_part"]),
        *(_share(registers.get(name)) for name in _REGISTERS),
        _share(result["outside"]),
        _seconds(result),
        f"{result['ms']:.1f}",
    ]


def _share(figures: dict[str, float] | None, name: str = "right") -> str:
    return f"{figures[name]:.3f}".removeprefix("0") if figures and figures["n"] else "–"


def _seconds(result: dict[str, Any]) -> str:
    first, again = f"{result['training_s']:.0f}", f"{result['again_s']:.0f}"
    return first if first == again else f"{first}, then {again}"
