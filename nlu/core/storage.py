"""Arrays and plain data in a folder, as npz and JSON: nothing that can run code when read."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

Arrays = dict[str, NDArray[Any]]


def save(folder: Path, arrays: Arrays, meta: dict[str, Any]) -> None:
    """Write `arrays` and `meta` into `folder`."""
    np.savez(folder / "arrays.npz", **arrays)
    text = json.dumps(meta, ensure_ascii=False)
    (folder / "meta.json").write_text(text, encoding="utf-8")


def load(folder: Path) -> tuple[Arrays, dict[str, Any]]:
    """Read what `save` wrote. Raises OSError or ValueError when it is not there or not whole."""
    with np.load(folder / "arrays.npz", allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    meta: dict[str, Any] = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    return arrays, meta


def joined(parts: Mapping[str, Arrays]) -> Arrays:
    """Return the arrays of several parts as one, each with its part's name before its own."""
    return {f"{part}:{name}": a for part, own in parts.items() for name, a in own.items()}


def parted(arrays: Arrays) -> dict[str, Arrays]:
    """Return the parts that `joined` put together."""
    parts: dict[str, Arrays] = defaultdict(dict)
    for joint, array in arrays.items():
        part, _, name = joint.partition(":")
        parts[part][name] = array
    return parts


def packed(sparse: csr_matrix, dense: NDArray[np.float32]) -> Arrays:
    """Return vectors as arrays, with half the digits."""
    return {
        "values": sparse.data.astype(np.float16),
        "places": sparse.indices,
        "ends": sparse.indptr,
        "shape": np.array(sparse.shape),
        "dense": dense.astype(np.float16),
    }


def unpacked(arrays: Arrays) -> tuple[csr_matrix, NDArray[np.float32]]:
    """Return the vectors that `packed` made arrays of."""
    values = arrays["values"].astype(np.float32)
    shape = tuple(arrays["shape"])
    sparse = csr_matrix((values, arrays["places"], arrays["ends"]), shape=shape)
    return sparse, arrays["dense"].astype(np.float32)


def digest(content: bytes) -> str:
    """Return a short name for `content`."""
    return hashlib.blake2b(content, digest_size=16).hexdigest()
