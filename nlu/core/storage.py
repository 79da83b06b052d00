"""Arrays and plain data in a folder, as npz and JSON: nothing that can run code when read."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

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


def digest(content: bytes) -> str:
    """Return a short name for `content`."""
    return hashlib.blake2b(content, digest_size=16).hexdigest()
