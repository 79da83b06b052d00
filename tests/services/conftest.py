"""What the tests of services share: the content that the product comes with, read once."""

import pytest

from services.knowledge.library import Library
from services.settings import ROOT
from tests.doubles.content import read_content


@pytest.fixture(scope="session")
def whole() -> Library:
    """Return the library that the product comes with."""
    return read_content(ROOT / "content")
