"""How the tests are run: the product started once, one place for its tests, folders in memory."""

import asyncio
import os
from collections.abc import Iterator

import pytest

from services.settings import load_settings
from services.understanding.model import ensure_model
from tests.doubles.memory import in_memory
from tests.doubles.product import Product, environment, start

_PRODUCT = "product"


def pytest_configure() -> None:
    """Have the folders of tests in memory, unless whoever runs them names another place."""
    if folder := in_memory():
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(folder))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep each file on one worker, and with each other all that ask the running product.

    What takes longest comes first, so that no worker is alone with it in the end.
    """
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_group(item)))
    items.sort(key=_rank)


def _group(item: pytest.Item) -> str:
    return _PRODUCT if "product" in getattr(item, "fixturenames", ()) else item.location[0]


def _rank(item: pytest.Item) -> int:
    group = _group(item)
    return 0 if group == _PRODUCT else 1 if group.startswith("tests/e2e/") else 2


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Return `htx run`, its model trained before."""
    asyncio.run(ensure_model(load_settings(), print))
    running = start(environment(tmp_path_factory.mktemp("product") / "var"))
    yield running
    running.stop()
