"""What was learned, in a folder, as npz and JSON: nothing that can run code when read.

It consists of dataclasses and named tuples down to arrays, sparse matrices and plain data, and is
put together again by what its classes tell of their fields.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from types import UnionType
from typing import Any, NamedTuple, TypeVar, get_args, get_origin, get_type_hints

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

T = TypeVar("T")
Arrays = dict[str, NDArray[Any]]

HALVED = {"halved": True}
"""Metadata of an array of which half the digits are kept."""


class _Sparse(NamedTuple):
    """A sparse matrix, its values with half the digits."""

    values: NDArray[np.float16]
    places: NDArray[np.int32]
    ends: NDArray[np.int32]
    shape: tuple[int, int]


def save(folder: Path, learned: Any) -> None:
    """Write what was learned into `folder`, which is made."""
    arrays: Arrays = {}
    told = json.dumps(_taken_apart(learned, "", arrays), ensure_ascii=False)
    folder.mkdir()
    np.savez(folder / "arrays.npz", **arrays)
    (folder / "told.json").write_text(told, encoding="utf-8")


def load(folder: Path, kind: type[T]) -> T:
    """Read what `save` wrote. Raises OSError or ValueError when it is not there or not whole."""
    with np.load(folder / "arrays.npz", allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    told = json.loads((folder / "told.json").read_text(encoding="utf-8"))
    learned: T = _put_together(kind, told, arrays)
    return learned


def digest(content: bytes) -> str:
    """Return a short name for `content`."""
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def _taken_apart(value: Any, name: str, arrays: Arrays) -> Any:
    """Put the arrays of a value into `arrays`, named after where they stand; return the rest."""
    if isinstance(value, np.ndarray):
        arrays[name] = value
        return name
    if isinstance(value, csr_matrix):
        halved = value.data.astype(np.float16)
        value = _Sparse(halved, value.indices, value.indptr, value.shape)
    own = _fields_of(value)
    if own is None:
        return value
    return {key: _taken_apart(part, f"{name}/{key}", arrays) for key, part in own.items()}


def _fields_of(value: Any) -> Mapping[str, Any] | None:
    """Return what a value is made of, if of anything that has names."""
    if is_dataclass(value):
        own = {f.name: (getattr(value, f.name), f.metadata == HALVED) for f in fields(value)}
        return {key: part.astype(np.float16) if half else part for key, (part, half) in own.items()}
    if isinstance(value, Mapping):
        return value
    return value._asdict() if hasattr(value, "_asdict") else None


def _put_together(kind: Any, told: Any, arrays: Arrays) -> Any:
    """Return what `_taken_apart` left `told` of, a value of that kind."""
    if isinstance(kind, UnionType):
        kind = get_args(kind)[0]
    made_of = get_origin(kind) or kind
    if made_of is np.ndarray:
        array = arrays[told]
        return array.astype(np.float32) if array.dtype == np.float16 else array
    if not isinstance(told, dict):
        return tuple(told) if made_of is tuple else told
    if made_of is csr_matrix:
        values, places, ends, shape = _put_together(_Sparse, told, arrays)
        return csr_matrix((values, places, ends), shape=shape)
    if issubclass(made_of, Mapping):
        each = get_args(kind)[1]
        return {key: _put_together(each, part, arrays) for key, part in told.items()}
    kinds = get_type_hints(made_of)
    return made_of(**{key: _put_together(kinds[key], part, arrays) for key, part in told.items()})
