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
from pathlib import Path
from typing import Any

from nlu.content import ContentError, Example, content_dir, read_examples, reading_matter
from nlu.core.embedder import Cache, open_embedder, training_cache
from nlu.core.held import Held, deal
from nlu.core.measure import report
from nlu.core.pairs import articles_by_topic, deal_open
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
        examples, others = read_examples(options.content), reading_matter(options.content)
    except ContentError as error:
        say(str(error))
        return 1
    held = cross_validate(examples, others, read_lexicon())
    alone, beside = [h for h in held if not h.opened], [h for h in held if h.opened]
    bars = {"alone": choose(alone), "opened": choose(beside)}
    thresholds = {name: asdict(bar) for name, bar in bars.items()}
    options.thresholds.write_text(json.dumps(thresholds) + "\n", encoding="utf-8")
    figures = {
        "thresholds": thresholds,
        **report(alone, bars["alone"]),
        "opened": report(beside, bars["opened"]),
    }
    text = json.dumps(figures, ensure_ascii=False) if options.json else summary(figures)
    sys.stdout.write(f"{text}\n")
    return 0


def cross_validate(
    examples: Sequence[Example], others: Sequence[str], lexicon: Lexicon
) -> list[Held]:
    """Return every example as it is read by a model trained without its fold.

    What leans is read beside articles of its topic; some of the others are read a second time
    beside any.
    """
    embedder, cache = open_embedder(), training_cache()
    fold_of = deal(examples, lexicon, FOLDS, SEED)
    held: list[Held] = []
    for fold in range(FOLDS):
        started = time.monotonic()
        known = [e for e, own in zip(examples, fold_of, strict=True) if own != fold or e.is_answer]
        unseen = set(examples) - set(known)
        kept_back = [e for e in examples if e in unseen]
        model = Understanding.fit(known, others, lexicon, embedder, cache)
        alone = [e for e in kept_back if not e.leans]
        held += map(Held, alone, model.read([e.text for e in alone], cache))
        held += _beside(model, kept_back, known, cache)
        say(f"fold {fold + 1} of {FOLDS} in {time.monotonic() - started:.0f} s")
    return held


def _beside(
    model: Understanding, kept_back: Sequence[Example], known: Sequence[Example], cache: Cache
) -> Iterator[Held]:
    labels, leans = [e.intent for e in kept_back], [e.leans for e in kept_back]
    dealt = list(deal_open(labels, leans, articles_by_topic(e.intent for e in known)))
    chosen, opened = [kept_back[row] for row, _ in dealt], [name for _, name in dealt]
    readings = model.read([e.text for e in chosen], cache, opened)
    return map(Held, chosen, readings, opened)


def summary(figures: dict[str, Any]) -> str:
    """Return the main figures as lines for people."""
    lines = [f"thresholds {figures['thresholds']}"]
    lines += [_line(name, figures[name]) for name in ("in_scope", "out_of_scope", "all")]
    lines += [_line(name, row) for name, row in figures["register"].items()]
    lines += [_line(name, row) for name, row in figures["topic"].items()]
    lines.append(f"calibration error {figures['calibration_error']:.3f}")
    opened = figures["opened"]
    lines += [_line(f"open, {name}", opened[name]) for name in ("in_scope", "out_of_scope", "all")]
    return "\n".join([*lines, f"calibration error {opened['calibration_error']:.3f}"])


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
