"""The command line over the small content."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from tests.doubles.commands import Run


@pytest.fixture
def run(content: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return what runs `htx` with these words, over the small content."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HTX_CONTENT_DIR", str(content))
    monkeypatch.setenv("HTX_DATA_DIR", str(tmp_path / "var"))

    def run_with(*words: str, typed: str = "") -> Result:
        return CliRunner().invoke(app, words, input=typed)

    return run_with
