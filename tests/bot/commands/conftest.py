"""The command line over the small content."""

import asyncio
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from services.bootstrap import bootstrap
from services.settings import load_settings
from services.storage.models import Base
from tests.conftest import BARS, NOON
from tests.doubles.commands import Keep, Run
from tests.doubles.content import read_content, read_once


@pytest.fixture(autouse=True)
def read_but_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have commands read the same content once for all tests: most of their time goes to that."""
    for reader in ("due.read_content", "check.read_content", "filling.read_content"):
        monkeypatch.setattr(f"bot.commands.{reader}", read_once)
    for reader in ("bot.commands.paper", "services.publishing.editions"):
        monkeypatch.setattr(f"{reader}.read_library", read_once)


@pytest.fixture
def run(content: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return what runs `htx` with these words, over the small content."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HTX_CONTENT_DIR", str(content))
    monkeypatch.setenv("HTX_DATA_DIR", str(tmp_path / "var"))

    def run_with(*words: str, typed: str = "") -> Result:
        return CliRunner().invoke(app, words, input=typed)

    return run_with


@pytest.fixture
def keep(run: Run, content: Path, sqlite_template: Path) -> Keep:
    """Return what keeps rows in the database of the commands, the product begun once before."""
    del run  # its settings are what `load_settings` reads

    async def keep_all(*rows: Base) -> None:
        path = load_settings().sqlite_path
        if path is not None and not path.exists():
            shutil.copy(sqlite_template, path)
        library = read_content(content)
        async with (
            bootstrap(
                settings=load_settings(), library=library, thresholds=BARS, now=lambda: NOON
            ) as services,
            services.sessions.begin() as session,
        ):
            session.add_all(rows)

    return lambda *rows: asyncio.run(keep_all(*rows))
