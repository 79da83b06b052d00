"""Race the understanding: `nlu/.venv/bin/python -m nlu.tests.bench`, from the project's root.

The same examples and folds for everybody in one run: ours, a linear SVM on our vectors, TF-IDF
with a logistic regression and with a linear SVM, BM25, and stock Rasa on the first fold, for at
most --minutes. Progress goes to stderr.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from nlu.runtime import prepare, say, settle

prepare()

from nlu.content import ExamplesError, content_dir  # noqa: E402  # the same
from nlu.tests.bench import peers  # noqa: E402  # what it imports wants the settings above
from nlu.tests.bench.race import measure, table  # noqa: E402  # the same
from nlu.text import read_lexicon  # noqa: E402  # the same


def main(arguments: list[str] | None = None) -> int:
    """Race from the command line; return the exit code."""
    options = _parser().parse_args(arguments)
    lexicon = read_lexicon()
    try:
        splits = peers.content_splits(options.content, lexicon)
    except ExamplesError as error:
        say(str(error))
        return 1
    everybody = {
        "ours": peers.ours(lexicon),
        "our vectors, linear SVM": peers.svm_on_our_vectors(lexicon),
        "TF-IDF, logistic regression": peers.logistic,
        "TF-IDF, linear SVM": peers.svm,
        "BM25, nearest example": peers.bm25,
    }
    results = [measure(name, learn, splits) for name, learn in everybody.items()]
    if options.minutes:
        results.append(_stock_rasa(options.minutes, splits))
    text = json.dumps(results, ensure_ascii=False) if options.json else table(results)
    sys.stdout.write(f"{text}\n")
    return 0


def _stock_rasa(minutes: float, splits: list[peers.Split]) -> dict[str, Any]:
    from nlu.tests.bench.diet import Diet  # noqa: PLC0415  # TensorFlow is slow, and only wanted here

    settle()
    diet = Diet(minutes)
    return measure("stock Rasa (DIET)", diet, splits[:1]) | {"note": diet.note}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bench", description="Race the NLU and its peers.")
    parser.add_argument("--json", action="store_true", help="everything as one JSON list")
    parser.add_argument("--content", type=Path, default=content_dir(), help="content folder")
    parser.add_argument(
        "--minutes", type=float, default=10, help="for stock Rasa; 0 leaves it out (default 10)"
    )
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
