"""Say what texts mean: `nlu/.venv/bin/python -m nlu.meaning --model FILE`, from the root.

The texts come as a JSON list on stdin, so that no list of processes shows them. A line for each
goes to stdout: 384 signed bytes in base64, 500 for one. They are embedded as the
model reads messages: with their accents restored, the mean of all questions taken off. Exit code 1
and one sentence on stderr when it cannot be done.
"""

from __future__ import annotations

import argparse
import base64
import json
import sys
import tarfile
import tempfile
from pathlib import Path

import numpy as np

from nlu.core import storage
from nlu.core.embedder import Embeddings
from nlu.core.views import Views
from nlu.runtime import say
from nlu.text import normalise

_PART = "/views/"
"""The folder of the views in a packed model."""
_SCALE = 500
"""What a number of a vector is written as: few are over a quarter, which is cut off."""


def main(arguments: list[str] | None = None) -> int:
    """Read texts, write what they mean; return the exit code."""
    options = _parser().parse_args(arguments)
    texts = [normalise(text) for text in json.load(sys.stdin)]
    try:
        vectors = _views(options.model).of(texts).dense
    except (OSError, tarfile.TarError, KeyError) as error:
        say(f"The model {options.model} cannot be read ({type(error).__name__}).")
        return 1
    sys.stdout.writelines(f"{line}\n" for line in map(_written, vectors))
    return 0


def _views(model: Path) -> Views:
    """Read of a packed model nothing but the views."""
    with tarfile.open(model) as packed, tempfile.TemporaryDirectory() as folder:
        for member in packed:
            if member.isfile() and _PART in member.name and (read := packed.extractfile(member)):
                Path(folder, Path(member.name).name).write_bytes(read.read())
        return storage.load(Path(folder), Views)


def _written(vector: Embeddings) -> str:
    return base64.b64encode(
        np.clip(np.rint(vector * _SCALE), -127, 127).astype(np.int8).tobytes()
    ).decode()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="nlu.meaning", description="Say what texts mean.")
    parser.add_argument("--model", type=Path, required=True, help="what nlu.train wrote")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
