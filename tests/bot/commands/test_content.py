"""`htx content check | coverage | review`: what content staff are told."""

import json
from pathlib import Path

import pytest

from services.knowledge.checks.questions import Misfit
from services.settings import ROOT, load_settings
from services.understanding.model import misfits_path, model_path
from tests.doubles.checked_content import edit, write_checked
from tests.doubles.commands import Run

NAME = "founding/so-thanh-vien"
QUESTION = "Số thành viên để lập hợp tác xã câu hỏi số 4"


@pytest.fixture
def sound(content: Path) -> Path:
    """Return sound content."""
    return write_checked(content)


@pytest.fixture
def learned(run: Run, sound: Path) -> Run:
    """Let a model of the content have found one sure misfit and one that is less sure."""
    fits = {"article": NAME, "question": QUESTION, "taken_for": "ocop/hang-sao"}
    found = [Misfit(**fits, confidence=0.99, own=0.0001), Misfit(**fits, confidence=0.6, own=0.1)]
    path = misfits_path(model_path(load_settings(content_dir=sound)))
    path.parent.mkdir(parents=True)
    text = json.dumps([misfit.model_dump() for misfit in found])
    path.write_text(text, encoding="utf-8")
    return run


@pytest.mark.usefixtures("sound")
def test_sound_content_is_clean_and_the_missing_model_is_told(run: Run) -> None:
    """Clean content ends with 0; that one check was left out is said on stderr."""
    done = run("content", "check")

    assert done.exit_code == 0
    assert done.stdout == "Nội dung sạch: 4 bài, 2 văn bản.\n"
    assert "htx nlu train" in done.stderr


def test_broken_template_of_an_announcement_is_found(run: Run, sound: Path) -> None:
    """Beside everything else that is to be mended."""
    (sound / "announcements").mkdir()
    (sound / "announcements/lop.md").write_text("Mời bà con.", encoding="utf-8")
    done = run("content", "check")

    assert done.exit_code == 1
    assert done.stdout.startswith("content/announcements/lop.md:1: [-] Tệp lop.md thiếu phần đầu")


def test_findings_are_listed_and_end_with_1(run: Run, sound: Path) -> None:
    """A finding is a line with file, line, field, what and how to mend it."""
    edit(sound, f"articles/{NAME}.md", "Hỏi UBND xã.", "Chờ 09 ngày.")

    done = run("content", "check")

    assert done.exit_code == 1
    assert f"content/articles/{NAME}.md:" in done.stdout
    assert ": [body] Con số “09 ngày”" in done.stdout
    assert " → Sửa số" in done.stdout


def test_reply_too_long_for_a_channel_is_found(run: Run, sound: Path) -> None:
    """What the renderers make of an article is measured too."""
    edit(sound, "articles/ocop/hang-sao.md", "Từ 3 đến 5 sao.", "Có sao.\n\n" * 700)

    found = run("content", "check").stdout

    assert "Telegram: phần “Xem thêm” dài quá một tin (4096 ký tự)." in found
    assert "Trang web: dài" in found
    assert "Chữ thường: dài" in found


def test_sure_misfit_is_a_finding_and_the_other_is_for_review(learned: Run) -> None:
    """The check tells of what is sure, the review of the rest."""
    checked, reviewed = learned("content", "check"), learned("content", "review", "--json")

    assert f"Câu “{QUESTION}” được hiểu là ocop/hang-sao (99%)." in checked.stdout
    [question] = json.loads(reviewed.stdout)["questions"]
    assert question["confidence"] == 0.6


def test_articles_not_looked_over_for_long_come_oldest_first(
    run: Run, sound: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Older than `HTX_REVIEW_DAYS` is listed with its day; younger is not."""
    edit(sound, f"articles/{NAME}.md", "as_of: '2026-11-24'", "as_of: 2020-02-03")
    edit(sound, "articles/ocop/ho-so.md", "as_of: '2026-11-24'", "as_of: 2020-01-02")
    monkeypatch.setenv("HTX_REVIEW_DAYS", "2000")

    lines = run("content", "review").stdout.splitlines()

    assert lines[0].startswith("02/01/2020  ocop/ho-so: ")
    assert lines[1].startswith(f"03/02/2020  {NAME}: ")
    assert lines[2] == "2 bài chưa đối chiếu quá 2000 ngày."


@pytest.mark.usefixtures("sound")
def test_coverage_shows_what_is_missing_first(run: Run) -> None:
    """The table opens with what no article answers; the last line counts."""
    shown = run("content", "coverage").stdout

    assert shown.index("chưa có") < shown.index(NAME)
    assert shown.rstrip().endswith("Có bài trả lời: 1/20 mục, 2/2 dữ kiện, 0/36 điều 15, 16.")


def test_coverage_is_json_alone(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """With --json stdout holds the result alone: twenty clauses, each with an article."""
    monkeypatch.setenv("HTX_CONTENT_DIR", str(ROOT / "content"))

    clauses = json.loads(run("content", "coverage", "--json").stdout)["clauses"]

    assert len(clauses) == 20
    assert all(clause["articles"] for clause in clauses)
