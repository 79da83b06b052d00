"""How the tests are run: the product started once, their folders in memory."""

import asyncio
import gc
import os
import pickle
from collections.abc import Iterator
from functools import lru_cache, partial
from types import CodeType

import pytest
from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket

from services.knowledge import files
from services.knowledge.once import once
from services.settings import load_settings
from services.understanding.model import ensure_model
from services.understanding.parts import PartIndex
from services.understanding.words import WordReader
from tests.doubles.memory import in_memory
from tests.doubles.product import Product, environment, start

_ALLOCATED = 10_000
"""So many objects more than were let go are looked through for garbage; by default 700."""


def pytest_configure() -> None:
    """Have the folders of tests in memory, unless whoever runs them names another place.

    Garbage is looked for seldom, and not in what was imported: a fifth of all time went to that.
    """
    gc.set_threshold(_ALLOCATED)
    if folder := in_memory():
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(folder))


def pytest_collection_finish() -> None:
    """Leave what was imported out of garbage."""
    gc.freeze()


class _Compiled(BytecodeCache):
    """Keeps what templates were compiled to, for all apps that the tests of a process make."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        self._kept[bucket.key, bucket.checksum] = bucket.code


@pytest.fixture(scope="session", autouse=True)
def _compiled_once() -> Iterator[None]:
    """Have templates compiled once: each test has an app of its own, which would compile them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "bot.web.render.Environment", partial(Environment, bytecode_cache=_Compiled())
        )
        yield


@pytest.fixture(scope="session", autouse=True)
def _indexed_once() -> Iterator[None]:
    """Have the words of a library indexed once: each test has an edition of its own over it."""
    with pytest.MonkeyPatch.context() as patch:
        for made in (PartIndex, WordReader):
            patch.setattr(made, "of", once(made.of))
        yield


@pytest.fixture(scope="session", autouse=True)
def _parsed_once() -> Iterator[None]:
    """Have files parsed once: a test that changes a line of the content reads all others anew."""
    parsed = files.parsed

    @lru_cache(maxsize=2048)
    def _packed(text: str) -> bytes:
        return pickle.dumps(parsed(text))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "parsed", lambda text: pickle.loads(_packed(text)))  # noqa: S301  # because we packed it
        yield


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Return `htx run`, its model trained before."""
    asyncio.run(ensure_model(load_settings(), print))
    running = start(environment(tmp_path_factory.mktemp("product") / "var"))
    yield running
    running.stop()
