"""Measure the understanding: `nlu/.venv/bin/python -m nlu.evaluate [--json]`, from the root.

Cross-validation over the content, spellings of one question never on both sides. Prints figures
(with --json as one JSON object on stdout) and writes the thresholds that follow from them to
nlu/thresholds.json. Progress goes to stderr.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from nlu.content import (
    FOLLOWUP,
    HANDOFF,
    OUT_OF_SCOPE,
    SMALLTALK,
    ContentError,
    Example,
    content_dir,
    is_article,
    read_examples,
)
from nlu.core import measure
from nlu.core.measure import Held, Thresholds
from nlu.core.understanding import Understanding
from nlu.text import Lexicon, read_lexicon

THRESHOLDS_PATH = Path(__file__).parent / "thresholds.json"
FOLDS = 5
SEED = 17
_TALK = (FOLLOWUP, HANDOFF, SMALLTALK)


def main(arguments: list[str] | None = None) -> int:
    """Measure from the command line; return the exit code."""
    options = _parser().parse_args(arguments)
    try:
        held = cross_validate(read_examples(options.content), read_lexicon())
    except ContentError as error:
        _say(str(error))
        return 1
    thresholds = measure.choose(held)
    options.thresholds.write_text(json.dumps(asdict(thresholds)) + "\n", encoding="utf-8")
    figures = report(held, thresholds)
    print(json.dumps(figures, ensure_ascii=False) if options.json else _plain(figures))
    return 0


def cross_validate(examples: Sequence[Example], lexicon: Lexicon) -> list[Held]:
    """Return every example as it is read by a model trained without its fold."""
    fold_of = measure.folds(examples, lexicon, FOLDS, SEED)
    held: list[Held] = []
    for fold in range(FOLDS):
        started = time.monotonic()
        known = [e for e, own in zip(examples, fold_of) if own != fold]
        model = Understanding.fit(known, lexicon)
        kept_back = [e for e, own in zip(examples, fold_of) if own == fold]
        held += [Held(e, model.read(e.text)) for e in kept_back]
        _say(f"fold {fold + 1} of {FOLDS} in {time.monotonic() - started:.0f} s")
    return held


def report(held: Sequence[Held], thresholds: Thresholds) -> dict[str, Any]:
    """Return every figure as plain data."""
    articles = [h for h in held if is_article(h.example.intent)]
    outside = [h for h in held if h.example.intent == OUT_OF_SCOPE]
    talk = [h for h in held if h.example.intent.split(".")[0] in _TALK]
    return {
        "thresholds": asdict(thresholds),
        "in_scope": measure.outcome_shares(articles, thresholds),
        "out_of_scope": measure.outcome_shares(outside, thresholds),
        "all": measure.shares(articles, lambda _: "articles"),
        "register": measure.shares(articles, lambda h: measure.register(h.example.text)),
        "topic": measure.shares(articles, lambda h: h.example.intent.split(".")[0]),
        "talk": measure.shares(talk, lambda h: h.example.intent),
        "calibration_error": measure.calibration_error(articles),
        "risk_coverage": measure.risk_coverage(articles),
        "confusions": measure.confusions(articles),
    }


def _plain(figures: dict[str, Any]) -> str:
    return json.dumps(figures, ensure_ascii=False, indent=1)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="nlu.evaluate", description="Measure the NLU.")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    parser.add_argument("--content", type=Path, default=content_dir(), help="content folder")
    parser.add_argument("--thresholds", type=Path, default=THRESHOLDS_PATH, help="file to write")
    return parser


def _say(line: str) -> None:
    print(f"nlu: {line}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
