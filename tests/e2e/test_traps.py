import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.doubles.product import Product

TRAPS = yaml.safe_load((Path(__file__).parents[1] / "traps.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("trap", "asked"),
    [pytest.param(trap, asked, id=trap["id"]) for trap in TRAPS for asked in trap["asks"]],
)
def test_old_belief_meets_the_present_rule(
    product: Product, trap: dict[str, Any], asked: str
) -> None:
    """A question that holds an old belief gets an article that opens on the rule of today."""
    reply = product.ask_understood(f"trap {trap['id']} {asked}"[:128], asked)

    opening = reply["text"].partition("\n\n")[0]
    assert reply["outcome"] == "answered", reply["text"]
    assert re.search(trap["opens"], opening, re.IGNORECASE), (reply["article"], opening)
    assert not re.search(trap.get("never", r"(?!)"), reply["text"], re.IGNORECASE), reply["article"]


def test_every_trap_is_asked() -> None:
    """The twenty-nine traps of the fact sheet are all here."""
    asked = {trap["id"].split()[0] for trap in TRAPS}

    assert asked == {f"15.{number}" for number in range(1, 30)}
