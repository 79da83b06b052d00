"""The running product, started once for all tests that need the whole of it."""

import asyncio
from collections.abc import Iterator

import pytest

from services.settings import load_settings
from services.understanding.model import ensure_model
from tests.doubles.product import Product, environment, start


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Return `htx run`, its model trained before, with a Bot API double behind its Telegram."""
    asyncio.run(ensure_model(load_settings(), print))
    running = start(environment(tmp_path_factory.mktemp("product") / "var"))
    yield running
    running.stop()
