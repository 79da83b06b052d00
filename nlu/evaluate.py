"""Measure the understanding: `nlu/.venv/bin/python -m nlu.evaluate [--json]`, from the root.

Cross-validation over the content, spellings of one question never on both sides. Writes the
thresholds that follow from it to nlu/thresholds.json and prints the figures: a summary, or with
--json everything as one JSON object. Progress goes to stderr.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import starmap
from pathlib import Path
from typing import Any

from nlu.content import Content, Example, ExamplesError, content_dir, read_content
from nlu.core.embedder import Cache, Embedder, training_cache
from nlu.core.held_out import HeldOut, folds
from nlu.core.measure import report
from nlu.core.pairs import articles_by_topic, deal_open
from nlu.core.thresholds import choose
from nlu.core.understanding import Understanding
from nlu.runtime import say
from nlu.text import Lexicon, read_lexicon

THRESHOLDS_PATH = Path(__file__).parent / "thresholds.json"
FOLDS = 5
SEED = 17
_TIMED = 60  # messages of each fold, about


@dataclass
class Measured:
    """What came of a cross-validation."""

    held: list[HeldOut] = field(default_factory=list)
    training: list[float] = field(default_factory=list)
    """Seconds, a figure for each fold."""
    reading: list[float] = field(default_factory=list)
    """Milliseconds a message, read by itself as a citizen's is."""


def main(arguments: list[str] | None = None) -> int:
    """Measure from the command line; return the exit code."""
    options = _parser().parse_args(arguments)
    try:
        content = read_content(options.content)
    except ExamplesError as error:
        say(str(error))
        return 1
    measured = cross_validate(content, read_lexicon())
    held = measured.held
    alone, opened = [h for h in held if not h.opened], [h for h in held if h.opened]
    bars = {"alone": choose(alone), "opened": choose(opened)}
    thresholds = {name: asdict(bar) for name, bar in bars.items()}
    options.thresholds.write_text(json.dumps(thresholds) + "\n", encoding="utf-8")
    figures = {
        "thresholds": thresholds,
        **report(alone, bars["alone"]),
        "opened": report(opened, bars["opened"]),
        "cost": cost(measured),
    }
    text = json.dumps(figures, ensure_ascii=False) if options.json else summary(figures)
    sys.stdout.write(f"{text}\n")
    return 0


def cross_validate(content: Content, lexicon: Lexicon) -> Measured:
    """Return every example as it is read by a model trained without its fold, and what it cost.

    What leans is read with articles of its topic open, where it is clear which is meant; some of
    the others a second time with any.
    """
    embedder, cache = Embedder(), training_cache()
    measured = Measured()
    for known, kept_back in folds(content.examples, lexicon, FOLDS, SEED):
        started = time.monotonic()
        model = Understanding.fit(Content(known, content.matter), lexicon, embedder, cache)
        measured.training.append(time.monotonic() - started)
        alone = [e for e in kept_back if not e.leans]
        measured.held += map(HeldOut, alone, model.read([e.text for e in alone], cache))
        measured.held += _with_open_article(model, kept_back, known, cache)
        some = alone[:: max(len(alone) // _TIMED, 1)]
        measured.reading += [_timed(model, e.text) for e in some]
        done = len(measured.training)
        say(f"fold {done} of {FOLDS} in {time.monotonic() - started:.0f} s")
    return measured


def cost(measured: Measured) -> dict[str, float]:
    """Return what a training and a reading cost; the memory is the most that measuring took."""
    percentiles = statistics.quantiles(measured.reading, n=100)
    return {
        "training_s": statistics.median(measured.training),
        "messages": len(measured.reading),
        "p50_ms": percentiles[49],
        "p95_ms": percentiles[94],
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _RSS_UNIT / 2**20,
    }


_RSS_UNIT = 1 if sys.platform == "darwin" else 1024


def _timed(model: Understanding, text: str) -> float:
    started = time.perf_counter()
    model.read([text])
    return (time.perf_counter() - started) * 1000


def _with_open_article(
    model: Understanding, kept_back: Sequence[Example], known: Sequence[Example], cache: Cache
) -> Iterator[HeldOut]:
    labels, leans = [e.intent for e in kept_back], [e.leans for e in kept_back]
    articles = articles_by_topic(e.intent for e in known)
    vectors = model.views.of([e.text for e in kept_back], cache).rows()
    dealt = [
        (kept_back[row], opened)
        for row, opened in deal_open(labels, leans, [False] * len(labels), articles)
        if model.meaning.context.is_clear(vectors[row], labels[row], opened)
    ]
    chosen, opened = [example for example, _ in dealt], [name for _, name in dealt]
    readings = model.read([e.text for e in chosen], cache, opened)
    return map(HeldOut, chosen, readings, opened)


def summary(figures: dict[str, Any]) -> str:
    """Return the main figures as lines for people."""
    lines = [f"thresholds {figures['thresholds']}", _line("cost", figures["cost"])]
    for when, own in (("alone", figures), ("opened", figures["opened"])):
        rows = {name: own[name] for name in ("in_scope", "out_of_scope", "all")}
        lines.append(f"{when}, calibration error {own['calibration_error']:.3f}")
        lines += starmap(_line, (rows | own["register"] | own["topic"]).items())
    return "\n".join(lines)


def _line(name: str, row: dict[str, float]) -> str:
    return f"{name:20}" + "  ".join(f"{key} {value:.3f}" for key, value in row.items())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="nlu.evaluate", description="Measure the NLU.")
    parser.add_argument("--json", action="store_true", help="everything as one JSON object")
    parser.add_argument("--content", type=Path, default=content_dir(), help="content folder")
    parser.add_argument("--thresholds", type=Path, default=THRESHOLDS_PATH, help="file to write")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
