from pathlib import Path

from services.publishing.status import Publishing
from tests.doubles.commands import Run


def test_doctor_says_what_is_served_and_what_was_refused(run: Run, tmp_path: Path) -> None:
    """The edition served, and why the last change is not, stand in words."""
    (tmp_path / "var").mkdir()
    publishing = Publishing(tmp_path / "var/publishing.json", "a820d3c3f2dd9e9f")
    publishing.refuse(("content/articles/ocop/ho-so.md:3: [subject] Sai → Sửa lại.",))

    done = run("doctor")

    assert "Bản nội dung đang dùng: a820d3c3f2dd9e9f, từ " in done.output
    assert "✗ Lần sửa lúc " in done.output
    assert "bị từ chối: content/articles/ocop/ho-so.md:3" in done.output


def test_doctor_is_silent_where_nothing_was_published(run: Run) -> None:
    """Before the first start nothing is said about editions."""
    assert "Bản nội dung đang dùng" not in run("doctor").output
