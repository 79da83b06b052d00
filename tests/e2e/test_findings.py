"""What a reading against the law found missing is told to whoever asks for it."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.doubles.product import Product, opening_of

FINDINGS = yaml.safe_load((Path(__file__).parents[1] / "findings.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("finding", "asked"),
    [
        pytest.param(finding, asked, id=finding["id"])
        for finding in FINDINGS
        for asked in finding["asks"]
    ],
)
def test_answer_says_what_it_once_left_out(
    product: Product, finding: dict[str, Any], asked: str
) -> None:
    """The first words settle it, the rest is a press away, and the law is named for it."""
    reply = product.ask_understood(f"finding {asked}"[:128], asked)
    whole = product.ask(f"finding {asked}"[:128], payload=f"f:{reply['article']}")

    opening = opening_of(reply)
    told = f"{reply['text']}\n{whole['text']}"
    cited = {(c["source"], c["clause"]) for c in (*reply["citations"], *whole["citations"])}
    assert reply["outcome"] == "answered", reply["text"]
    assert re.search(finding["opens"], opening), (reply["article"], opening)
    assert not re.search(finding.get("never", r"(?!)"), opening, re.IGNORECASE), opening
    assert [part for part in finding.get("holds", []) if not re.search(part, told)] == [], told
    assert [
        wanted
        for wanted in finding["cites"].items()
        if not any(source == wanted[0] and wanted[1] in clause for source, clause in cited)
    ] == [], cited
