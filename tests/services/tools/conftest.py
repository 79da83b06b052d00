"""What the tests of tools share: the content that the product comes with, read once."""

import pytest

from services.knowledge.library import Library
from services.knowledge.loader import load_library
from services.settings import ROOT


@pytest.fixture(scope="session")
def whole() -> Library:
    """Return the library that the product comes with."""
    return load_library(ROOT / "content")
