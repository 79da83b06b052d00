"""The figures of a race as a Markdown table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

_REGISTERS = ("clean", "nodiac", "noisy", "dialect", "long")


def table(results: Sequence[dict[str, Any]]) -> str:
    """Return a row for each result; what was not measured has a dash."""
    head = ["", "first", "among four", "first part", *_REGISTERS, "outside", "training s", "ms"]
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
