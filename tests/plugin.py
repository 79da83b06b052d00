"""How the tests are run: the product started once, their folders in memory."""

import asyncio
import os
from collections.abc import Iterator

import pytest

from services.settings import load_settings
from services.understanding.model import ensure_model
from tests.doubles.memory import in_memory
from tests.doubles.product import Product, environment, start


def pytest_configure() -> None:
    """Have the folders of tests in memory, unless whoever runs them names another place."""
    if folder := in_memory():
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(folder))


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Return `htx run`, its model trained before."""
    asyncio.run(ensure_model(load_settings(), print))
    running = start(environment(tmp_path_factory.mktemp("product") / "var"))
    yield running
    running.stop()
