import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.knowledge.library import Library
from services.settings import ROOT
from tests.doubles.content import read_content
from tests.doubles.product import Product, opening_of

TRAPS = yaml.safe_load((Path(__file__).parents[1] / "traps.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def library() -> Library:
    """Return the content that the product serves."""
    return read_content(ROOT / "content")


@pytest.mark.parametrize(
    ("trap", "asked"),
    [pytest.param(trap, asked, id=trap["id"]) for trap in TRAPS for asked in trap["asks"]],
)
def test_old_belief_meets_the_present_rule(
    product: Product, trap: dict[str, Any], asked: str
) -> None:
    """A question that holds an old belief gets an article that opens on the rule of today."""
    reply = product.ask_understood(f"trap {trap['id']} {asked}"[:128], asked)

    opening = opening_of(reply)
    assert reply["outcome"] == "answered", reply["text"]
    assert re.search(trap["opens"], opening, re.IGNORECASE), (reply["article"], opening)
    assert not re.search(trap.get("never", r"(?!)"), reply["text"], re.IGNORECASE), reply["article"]


@pytest.mark.parametrize("trap", [pytest.param(trap, id=trap["id"]) for trap in TRAPS])
def test_who_believes_it_reads_what_settles_it_first(
    product: Product, library: Library, trap: dict[str, Any]
) -> None:
    """A reply to the old belief opens with the one sentence of its article that settles it."""
    asked = trap["asks"][0]
    reply = product.ask_understood(f"belief {trap['id']} {asked}"[:128], asked)

    beliefs = library.articles[reply["article"]].head.beliefs
    assert reply["text"].partition("\n\n")[0] in [belief.settles for belief in beliefs]


def test_every_trap_is_asked() -> None:
    """The twenty-nine traps of the fact sheet are all here."""
    asked = {trap["id"].split()[0] for trap in TRAPS}

    assert asked == {f"15.{number}" for number in range(1, 30)}
