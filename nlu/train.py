"""Train the model: `nlu/.venv/bin/python -m nlu.train --out FILE.tar.gz`, from the project's root.

One line for each step goes to stderr. Exit code 1 and one sentence when it cannot be done.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from nlu.content import Example, ExamplesError, content_dir, read_content
from nlu.core.embedder import Embedder
from nlu.core.misfits import extract_misfits
from nlu.core.parameters import CONFIG_PATH, PARAMETERS
from nlu.runtime import prepare, say

_CROWDED = 0.95
"""From this share of the most examples on a training warns: a few sets of questions fill it."""


def main(arguments: list[str] | None = None) -> int:
    """Train from the command line; return the exit code."""
    options = _parser().parse_args(arguments)
    try:
        train(options.content, options.out)
    except (ExamplesError, OSError) as error:
        say(str(error))
        return 1
    return 0


def train(content: Path, out: Path) -> None:
    """Train on the folder `content` and put the model at `out`, whole or not at all.

    Beside it goes `<name>.misfits.json`: the examples that fit another article better.

    Raises ExamplesError when the content cannot be learned from, OSError when `out` is refused or
    there is no embedding.
    """
    examples = read_content(content).examples
    Embedder()  # refuses here in a sentence, inside Rasa in a hundred lines
    say(f"{len(examples)} example questions of {len({e.intent for e in examples})} intents")
    if warning := crowding(examples):
        say(warning)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent) as folder:
        os.environ["RASA_CACHE_DIRECTORY"] = folder
        model = _train_with_rasa(content, Path(folder), out.name)
        extract_misfits(model, out.with_name(f"{out.name.removesuffix('.tar.gz')}.misfits.json"))
        model.replace(out)
    say(f"model written to {out}")


def crowding(examples: Sequence[Example]) -> str:
    """Return a warning where the examples near or pass the most that are all compared; else "".

    Beyond that a model answers worse (docs/benchmarks.md): somebody has to choose before it does.
    """
    count, most = sum(not example.leans for example in examples), PARAMETERS.exact
    if count <= _CROWDED * most:
        return ""
    passed = "passed" if count > most else "nearly reached"
    return (
        f"{count} examples that stand alone: the {most} that a message is compared with one by one "
        f"are {passed}; beyond them the answers get worse. Raise `exact` in nlu/config.yml "
        "(a training then needs more memory and time), or take out examples that say the same."
    )


def _train_with_rasa(content: Path, folder: Path, name: str) -> Path:
    prepare()
    say("loading Rasa and TensorFlow (about 10 s)")
    from rasa.model_training import train_nlu  # noqa: PLC0415  # slow, and only wanted here

    import nlu.importer  # noqa: F401, PLC0415  # an error in it is loud here; Rasa would only warn

    say("learning")
    started = time.monotonic()
    path = train_nlu(str(CONFIG_PATH), str(content), str(folder), name)
    if path is None:
        msg = "Rasa trained nothing: read what it says above and correct the content."
        raise ExamplesError(msg)
    say(f"learned in {time.monotonic() - started:.0f} s")
    return Path(path)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="nlu.train", description="Train the NLU model.")
    parser.add_argument("--out", type=Path, required=True, help="model file, ends in .tar.gz")
    parser.add_argument("--content", type=Path, default=content_dir(), help="content folder")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
