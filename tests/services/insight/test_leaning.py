"""How many articles lean on each document, counted at once."""

from pathlib import Path

from services.insight.affected import dependents_of, leaning
from services.knowledge.loader import read_library
from services.settings import ROOT


def test_all_at_once_as_one_by_one() -> None:
    """By what they cite, the facts that they cover and the procedures that they show."""
    library = read_library(Path(ROOT / "content"))

    counted = leaning(library)

    assert {name: counted[name] for name in library.sources} == {
        name: len(dependents_of(library, name).articles) for name in library.sources
    }
    assert sum(counted.values()) > len(library.articles)
