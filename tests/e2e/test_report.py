"""The measurement of the understanding in its own room, over a small content."""

import os
import subprocess
from pathlib import Path

import pytest

from services.settings import ROOT
from tests.doubles.content import write_content
from tests.doubles.product import HTX

OUTSIDE = "far:\n  - giá vàng hôm nay\n  - kết quả bóng đá tối qua\n  - trời có mưa không\n"


@pytest.fixture
def variables(tmp_path: Path) -> dict[str, str]:
    """Return an environment of the small content, with something out of scope."""
    content = write_content(tmp_path / "content")
    (content / "phrases/out_of_scope.yml").write_text(OUTSIDE, encoding="utf-8")
    kept = {"HTX_NLU_CACHE": str(tmp_path / "embeddings.npz")}
    folders = {"HTX_CONTENT_DIR": str(content), "HTX_DATA_DIR": str(tmp_path / "var")}
    return os.environ | folders | kept


def test_the_report_is_made_of_what_the_room_measures(
    variables: dict[str, str], tmp_path: Path
) -> None:
    """Every figure that the page wants is measured."""
    page, bars = tmp_path / "report.html", tmp_path / "thresholds.json"
    done = subprocess.run(
        [HTX, "nlu", "evaluate", "--thresholds", bars, "--report", page, "--markdown"],
        cwd=ROOT,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert "| questions of an article | 44 |" in done.stdout
    assert "Máy hiểu câu hỏi đến đâu" in page.read_text(encoding="utf-8")
    assert bars.exists()
