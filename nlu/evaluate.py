"""Measure the understanding: `nlu/.venv/bin/python -m nlu.evaluate [--json]`, from the root.

Cross-validation over the content, spellings of one question never on both sides. Writes the
thresholds that follow from it to nlu/thresholds.json and prints the figures: a summary, or with
--json everything as one JSON object. Progress goes to stderr.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import starmap
from pathlib import Path
from typing import Any

from nlu.content import Content, Example, ExamplesError, content_dir, read_content
from nlu.core.embedder import Cache, Embedder, training_cache
from nlu.core.held_out import HeldOut, folds
from nlu.core.measure import report
from nlu.core.pairs import deal_open
from nlu.core.thresholds import choose
from nlu.core.understanding import Understanding
from nlu.runtime import say
from nlu.text import Lexicon, read_lexicon

THRESHOLDS_PATH = Path(__file__).parent / "thresholds.json"
FOLDS = 5
SEED = 17


def main(arguments: list[str] | None = None) -> int:
    """Measure from the command line; return the exit code."""
    options = _parser().parse_args(arguments)
    try:
        content = read_content(options.content)
    except ExamplesError as error:
        say(str(error))
        return 1
    held = cross_validate(content, read_lexicon())
    alone, opened = [h for h in held if not h.opened], [h for h in held if h.opened]
    bars = {"alone": choose(alone), "opened": choose(opened)}
    thresholds = {name: asdict(bar) for name, bar in bars.items()}
    options.thresholds.write_text(json.dumps(thresholds) + "\n", encoding="utf-8")
    figures = {
        "thresholds": thresholds,
        **report(alone, bars["alone"]),
        "opened": report(opened, bars["opened"]),
    }
    text = json.dumps(figures, ensure_ascii=False) if options.json else summary(figures)
    sys.stdout.write(f"{text}\n")
    return 0


def cross_validate(content: Content, lexicon: Lexicon) -> list[HeldOut]:
    """Return every example as it is read by a model trained without its fold.

    What leans is read with articles of its topic open, where it is clear which is meant; some of
    the others a second time with any.
    """
    embedder, cache = Embedder(), training_cache()
    held: list[HeldOut] = []
    for number, (known, kept_back) in enumerate(folds(content.examples, lexicon, FOLDS, SEED), 1):
        started = time.monotonic()
        model = Understanding.fit(Content(known, content.matter), lexicon, embedder, cache)
        alone = [e for e in kept_back if not e.leans]
        held += map(HeldOut, alone, model.read([e.text for e in alone], cache))
        held += _with_open_article(model, kept_back, cache)
        say(f"fold {number} of {FOLDS} in {time.monotonic() - started:.0f} s")
    return held


def _with_open_article(
    model: Understanding, kept_back: Sequence[Example], cache: Cache
) -> Iterator[HeldOut]:
    labels, leans = [e.intent for e in kept_back], [e.leans for e in kept_back]
    vectors = model.views.of([e.text for e in kept_back], cache).rows()
    dealt = [
        (kept_back[row], opened)
        for row, opened in deal_open(labels, leans, [False] * len(labels))
        if model.meaning.context.is_clear(vectors[row], labels[row], opened)
    ]
    chosen, opened = [example for example, _ in dealt], [name for _, name in dealt]
    readings = model.read([e.text for e in chosen], cache, opened)
    return map(HeldOut, chosen, readings, opened)


def summary(figures: dict[str, Any]) -> str:
    """Return the main figures as lines for people."""
    lines = [f"thresholds {figures['thresholds']}"]
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
