"""`htx run | web | telegram | worker`: what is said before a part of the product runs."""

from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest
import uvloop

from tests.doubles.commands import Keep, Run


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have nothing run: what is said before is looked at."""

    def leave(part: Coroutine[Any, Any, None]) -> None:
        part.close()

    monkeypatch.setattr(uvloop, "run", leave)


@pytest.mark.usefixtures("begun")
@pytest.mark.parametrize("part", ["run", "web"])
def test_new_folder_is_told_at_the_start(run: Run, tmp_path: Path, part: str) -> None:
    """A wrong folder must not look as if everything was lost."""
    told = run(part).stderr

    assert f"Chưa có dữ liệu ở {tmp_path}/var/htx.db: tạo mới, còn trống." in told
    assert "xem HTX_DATA_DIR" in told


@pytest.mark.usefixtures("begun")
def test_token_in_clear_is_warned_of(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """It runs with a plain address of another machine, which is told."""
    monkeypatch.setenv("HTX_TELEGRAM_BASE_URL", "http://bot-api:8081/bot")
    done = run("run")

    assert done.exit_code == 0
    assert "HTX_TELEGRAM_BASE_URL là máy khác mà không phải https" in done.stderr


@pytest.mark.usefixtures("begun")
def test_folder_with_data_is_not_remarked_on(run: Run, keep: Keep) -> None:
    """What is as always needs no sentence."""
    keep()

    assert "Chưa có dữ liệu" not in run("run").stderr
