"""What more content costs: `nlu/.venv/bin/python -m nlu.tests.bench.growth`, from the root.

The content times 1, 2, 5 and 10, or as --times has it. What is added is made up: copies of every
example in which the words of the matter stand for each other otherwise in each copy, half of them
articles of the topics that there are, half of new ones. Embedding such texts would take an hour and
teach nothing, so while the model learns each word has a vector of its own, as if all embeddings had
been kept; messages are then read with the real one. Each size is learned in a process of its own.
Learning and reading are told in time of the processor, on which what runs beside counts little.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from nlu.runtime import prepare, say, settle

prepare()

import numpy as np  # noqa: E402  # counts its threads when it is imported

from nlu.content import (  # noqa: E402  # the same
    Content,
    content_dir,
    is_article,
    read_content,
)
from nlu.core.embedder import Cache, Embedder, Embeddings  # noqa: E402  # the same
from nlu.core.understanding import Understanding  # noqa: E402  # the same
from nlu.text import read_lexicon, tokens  # noqa: E402  # the same

_SIZE = 384  # numbers of a vector
_COMMON = 150
"""Words that mean the same in every copy: those of which questions of all kinds are made."""
_READ = 100  # messages
_RSS_UNIT = 1 if sys.platform == "darwin" else 1024
_HEAD = (
    "content",
    "examples",
    "intents",
    "training, CPU s",
    "most memory, MiB",
    "message p50, CPU ms",
)


class WordVectors:
    """Stands in for the embedder: the mean of its words' vectors, each drawn by its name."""

    def embed(self, texts: Sequence[str], _cache: Cache) -> Embeddings:
        """Return one vector for each text."""
        sums = [sum(map(_drawn, set(tokens(text))), np.zeros(_SIZE, np.float32)) for text in texts]
        return np.array(sums, np.float32)


def main(arguments: list[str] | None = None) -> int:
    """Measure from the command line; return the exit code."""
    options = _parser().parse_args(arguments)
    if options.only:
        sys.stdout.write(json.dumps(measure(options.content, options.only)))
        return 0
    rows = [_measured_apart(options.content, times) for times in options.times]
    lines = [_HEAD, ["---"] * len(_HEAD), *map(_row, rows)]
    sys.stdout.write("".join(f"| {' | '.join(cells)} |\n" for cells in lines))
    return 0


def measure(content: Path, times: int) -> dict[str, float]:
    """Return what learning and reading `times` the content costs."""
    settle()
    known = read_content(content)
    more = grown(known, times)
    started = time.process_time()
    stand_in: Any = WordVectors()
    model = Understanding.fit(more, read_lexicon(), stand_in, Cache())
    learned = time.process_time() - started
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _RSS_UNIT / 2**20
    model = replace(model, views=replace(model.views, embedder=Embedder()))
    asked = [example.text for example in known.examples if example.kind == "question"]
    spent = []
    for text in asked[:: max(len(asked) // _READ, 1)]:
        started = time.process_time()
        model.read([text])
        spent.append(time.process_time() - started)
    intents = len({example.intent for example in more.examples})
    counts = {"times": times, "examples": len(more.examples), "intents": intents}
    return counts | {"cpu_s": learned, "mib": most, "ms": statistics.median(spent) * 1000}


def grown(known: Content, times: int) -> Content:
    """Return examples and reading matter, and beside them the copies that make them so many."""
    counts = Counter(word for example in known.examples for word in tokens(example.text))
    words = sorted(counts, key=lambda word: (-counts[word], word))[_COMMON:]
    examples, matter = list(known.examples), list(known.matter)
    for number in range(1, times):
        mixed = list(words)
        random.Random(number).shuffle(mixed)  # noqa: S311  # because it samples, it keeps no secret
        told = dict(zip(words, mixed, strict=True))
        examples += [
            replace(e, text=_told(e.text, told), intent=_copied(e.intent, number))
            for e in known.examples
        ]
        matter += [_told(text, told) for text in known.matter]
    return Content(list(dict.fromkeys(examples)), matter)


def _measured_apart(content: Path, times: int) -> dict[str, float]:
    say(f"{times} times the content")
    command = [sys.executable, "-m", __spec__.name, "--only", str(times), "--content", str(content)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)  # our own
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


def _row(measured: dict[str, float]) -> list[str]:
    return [
        f"× {measured['times']}",
        f"{measured['examples']:,}",
        f"{measured['intents']:,}",
        f"{measured['cpu_s']:.0f}",
        f"{measured['mib']:,.0f}",
        f"{measured['ms']:.1f}",
    ]


def _copied(intent: str, number: int) -> str:
    """Return the intent of a copy; talk and what is out of scope stay what they are."""
    if not is_article(intent):
        return intent
    topic, _, name = intent.partition(".")
    return f"{topic}.{name}-{number}" if number % 2 else f"{topic}-{number}.{name}"


def _told(text: str, others: dict[str, str]) -> str:
    return " ".join(others.get(word, word) for word in tokens(text))


@lru_cache(maxsize=100_000)
def _drawn(word: str) -> Embeddings:
    seed = int.from_bytes(word.encode()[:16].ljust(16, b" "), "big")
    return np.random.default_rng(seed).standard_normal(_SIZE, np.float32)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="growth", description="Grow the content.")
    parser.add_argument("--content", type=Path, default=content_dir(), help="content folder")
    parser.add_argument(
        "--times", type=int, nargs="+", default=(1, 2, 5, 10), help="how many times"
    )
    parser.add_argument("--only", type=int, help="measure one size here, as JSON")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
