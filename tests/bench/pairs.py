"""Runs a bench in two checkouts in turn: `python tests/bench/pairs.py OLD NEW BENCH [ARGUMENT …]`.

`BENCH` is a script that both have, as `tests/bench/latency.py`; both were set up by `make setup`.
Old, new, old, new: what the machine does meanwhile, it does to both of a pair. Each line of figures
is printed with the medians of both sides, and with the median of new / old over the pairs. Set
`PAIRS` for more than two.
"""

import os
import re
import statistics
import subprocess
import sys
from pathlib import Path

from bot.terminal import progress, result

NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.])")
"""A figure; p50 and the like are part of its name."""
Figures = dict[str, list[float]]
"""The figures of each line, by the line without them."""


def main(old: Path, new: Path, bench: list[str]) -> None:
    """Print what both sides measured."""
    rounds = range(int(os.environ.get("PAIRS", "2")))
    pairs = [(measured(old, bench), measured(new, bench)) for _ in rounds]
    for line in pairs[0][0]:
        if all(line in figures for pair in pairs for figures in pair):
            result(compared(line, [(before[line], after[line]) for before, after in pairs]))


def measured(checkout: Path, bench: list[str]) -> Figures:
    """Run the bench in a checkout, by its own environment; return what it printed."""
    progress(f"{checkout}: {' '.join(bench)}…")
    done = subprocess.run(
        [checkout / ".venv/bin/python", *bench],
        cwd=checkout,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return figures(done.stdout)


def figures(printed: str) -> Figures:
    """Return the figures of each line, by the line with the figures left out."""
    lines = [line for line in printed.splitlines() if NUMBER.search(line)]
    return {
        " ".join(NUMBER.sub("#", line).split()): [float(n) for n in NUMBER.findall(line)]
        for line in lines
    }


def compared(line: str, pairs: list[tuple[list[float], list[float]]]) -> str:
    """Return a line with medians and ratio in the place of each figure."""
    told = iter(zip(*(zip(*pair, strict=True) for pair in pairs), strict=True))

    def figure(_: re.Match[str]) -> str:
        both = next(told)
        before, after = (statistics.median(side) for side in zip(*both, strict=True))
        ratio = statistics.median(new / old if old else 1.0 for old, new in both)
        return f"{before:g} → {after:g} (×{ratio:.2f})"

    return re.sub("#", figure, line)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve(), sys.argv[3:])
