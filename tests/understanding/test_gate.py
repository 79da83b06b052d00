"""Measuring the understanding, the product's answers put in its place by a script."""

from pathlib import Path

import pytest

from tests.understanding import gate

_SCRIPT = """#!/bin/sh
cat >/dev/null
echo "{\\"data\\": \\"$HTX_DATA_DIR$HTX_DATABASE_URL\\"}"
"""


def test_measuring_leaves_the_products_data_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the gate asks is kept in a folder of its own, which is gone afterwards."""
    asked = tmp_path / "htx"
    asked.write_text(_SCRIPT)
    asked.chmod(0o755)
    monkeypatch.setattr(gate, "HTX", asked)
    monkeypatch.setenv("HTX_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("HTX_DATABASE_URL", "sqlite:///of-the-product.db")

    (reply,) = gate.ask([{"id": "q0", "text": "htx là gì"}])

    assert reply["data"] not in {"", str(tmp_path / "var")}
    assert "of-the-product" not in reply["data"]
    assert not Path(reply["data"]).exists()
